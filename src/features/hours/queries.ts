import { queryOptions } from "@tanstack/react-query";
import type { AvailabilitySlot } from "#contract/availability.ts";
import type { OwnHours } from "#contract/hours.ts";
import { api } from "@/lib/api.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { readList } from "@/lib/readList.ts";

/** Weekly and dated windows. */
export const ownHoursQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.hours(userId),
    queryFn: ({ signal }) => readList<AvailabilitySlot>("/api/v1/availability-slots", signal),
  });

/** Hours, days off and travels of one revision, and the sessions that lie outside of them. */
export const allHoursQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.allHours(userId),
    queryFn: ({ signal }) => api.get<OwnHours>("/api/v1/mentors/me/hours", { signal }),
  });
