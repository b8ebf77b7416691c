import { useQuery } from "@tanstack/react-query";
import { useOwnSessions } from "@/features/bookings/useOwnSessions.ts";
import { timeRequestsQuery } from "@/features/timeRequests/queries.ts";
import { isOpen } from "@/features/timeRequests/timeRequestState.ts";
import { useNow } from "@/lib/clock/useNow.ts";

/** How many bookings, time requests and no-show reports await the mentor's reply. */
export function usePendingReplyCount(userId: string): number {
  const { groups } = useOwnSessions("mentor", userId);
  const { data: timeRequests = [] } = useQuery(timeRequestsQuery("mentor", userId));
  const now = useNow();
  const toAnswer = timeRequests.filter((request) => isOpen(request, now) && request.awaiting === "mentor");
  return groups.requests.length + groups.toAnswer.length + toAnswer.length;
}
