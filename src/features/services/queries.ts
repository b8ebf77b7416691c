import { queryOptions } from "@tanstack/react-query";
import type { Service } from "#contract/services.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { readList } from "@/lib/readList.ts";

export const ownServicesQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.services(userId),
    queryFn: ({ signal }) => readList<Service>("/api/v1/mentors/me/services", signal),
  });
