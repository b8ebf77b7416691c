import type { CreateTimeRequest, ProposeInstead, TimeRequest } from "#contract/timeRequests.ts";
import { type EpochMs, formatInstant } from "#scheduling/units.ts";
import { api } from "@/lib/api.ts";

export function createTimeRequest(request: CreateTimeRequest): Promise<TimeRequest> {
  return api.post("/api/v1/time-requests", request);
}

export function acceptTime(requestId: string, proposalId: string): Promise<TimeRequest> {
  return api.post(`${addressOf(requestId)}/accept`, { proposal_id: proposalId });
}

export function suggestTimes(requestId: string, starts: readonly EpochMs[]): Promise<TimeRequest> {
  return api.post(`${addressOf(requestId)}/propose`, { starts_at: starts.map(formatInstant) });
}

/** Answers a booking request with other times, which closes it. The message goes to the student. */
export function suggestInstead(bookingId: string, answer: ProposeInstead): Promise<TimeRequest> {
  return api.post(`/api/v1/bookings/${encodeURIComponent(bookingId)}/propose`, answer);
}

/** The reason goes to the student. */
export function declineRequest(requestId: string, reason: string): Promise<TimeRequest> {
  return api.post(`${addressOf(requestId)}/decline`, reason ? { reason } : {});
}

export function withdrawRequest(requestId: string): Promise<TimeRequest> {
  return api.post(`${addressOf(requestId)}/withdraw`);
}

function addressOf(requestId: string): string {
  return `/api/v1/time-requests/${encodeURIComponent(requestId)}`;
}
