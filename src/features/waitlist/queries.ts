import { queryOptions } from "@tanstack/react-query";
import type { MentorQueue, WaitlistEntry } from "#contract/waitlist.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { readList } from "@/lib/readList.ts";

/** Below the bookings, with which they change, and are reported. */
export const allWaitlists = [...queryKeys.bookings, "waitlist"] as const;

export const waitlistQuery = (userId: string) =>
  queryOptions({
    queryKey: [...allWaitlists, userId],
    queryFn: ({ signal }) => readList<WaitlistEntry>("/api/v1/waitlist", signal),
  });

/** Who waits for the mentor's time. */
export const queuesQuery = (userId: string) =>
  queryOptions({
    queryKey: [...queryKeys.bookings, "queues", userId],
    queryFn: ({ signal }) => readList<MentorQueue>("/api/v1/mentors/me/waitlist", signal),
  });
