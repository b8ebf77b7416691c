import { queryOptions } from "@tanstack/react-query";
import type { OwnHours } from "#contract/ownHours.ts";
import { api } from "@/lib/api.ts";
import { ownKeys } from "@/lib/queryKeys.ts";

/** Hours, days off and travel of one revision, and the booked sessions outside them. */
export const allHoursQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.allHours(userId),
    queryFn: ({ signal }) => api.get<OwnHours>("/api/v1/mentors/me/hours", { signal }),
  });
