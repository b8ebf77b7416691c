import { queryOptions } from "@tanstack/react-query";
import type { OwnServiceList } from "#contract/services.ts";
import { api } from "@/lib/api.ts";
import { ownKeys } from "@/lib/queryKeys.ts";

/** The services with the platform's fee from what they cost. */
export const ownServicesAndFeeQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.services(userId),
    queryFn: ({ signal }) => api.get<OwnServiceList>("/api/v1/mentors/me/services", { signal }),
  });

export const ownServicesQuery = (userId: string) =>
  queryOptions({ ...ownServicesAndFeeQuery(userId), select: ({ data }) => data });
