import { queryOptions } from "@tanstack/react-query";
import type { OwnHours } from "#contract/hours.ts";
import { api } from "@/lib/api.ts";
import { ownKeys } from "@/lib/queryKeys.ts";

/** Hours, days off and travels of one revision, and the sessions that lie outside of them. */
export const allHoursQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.allHours(userId),
    queryFn: ({ signal }) => api.get<OwnHours>("/api/v1/mentors/me/hours", { signal }),
  });
