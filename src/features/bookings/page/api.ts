/** Calls of the API about one session, by login or with the token of a signed link. Each throws ApiProblem when refused. */

import type { Booking, BookingEvent, BookingLink, RescheduleBooking } from "#contract/bookings.ts";
import type { SlotAnswer } from "#contract/slots.ts";
import { api } from "@/lib/api.ts";
import type { DateRange } from "@/lib/months.ts";
import { accessHeaders, type SessionAccess } from "@/lib/sessionAccess.ts";

export function readSession(access: SessionAccess, signal: AbortSignal): Promise<Booking> {
  return api.get(pathOf(access), { headers: accessHeaders(access), signal });
}

/** Oldest first. */
export async function readHistory(access: SessionAccess, signal: AbortSignal): Promise<BookingEvent[]> {
  const path = `${pathOf(access)}/events`;
  const { data } = await api.get<{ data: BookingEvent[] }>(path, { headers: accessHeaders(access), signal });
  return data;
}

/** The times the session can move to; `from` and `to` are dates in `timezone`, at most 62. */
export function readSessionTimes(
  access: SessionAccess,
  query: DateRange & { timezone: string },
  signal: AbortSignal,
): Promise<SlotAnswer> {
  return api.get(`${pathOf(access)}/slots`, { query, headers: accessHeaders(access), signal });
}

/** A repeated try of the same move must carry the same key. */
export function rescheduleSession(
  access: SessionAccess,
  wanted: RescheduleBooking,
  idempotencyKey: string,
): Promise<Booking> {
  const headers = { ...accessHeaders(access), "idempotency-key": idempotencyKey };
  return api.post(`${pathOf(access)}/reschedule`, wanted, { headers });
}

/** The reason goes to the other person. */
export function cancelSession(access: SessionAccess, reason: string): Promise<Booking> {
  return api.post(`${pathOf(access)}/cancel`, reason ? { reason } : {}, { headers: accessHeaders(access) });
}

/** A link that opens this session without a login, for the side of the person who creates it. */
export function makeSessionLink({ bookingId }: SessionAccess): Promise<BookingLink> {
  return api.post(`${pathOf({ bookingId })}/link`, {});
}

/** Ends all links that this person made to the session. */
export function endSessionLinks({ bookingId }: SessionAccess): Promise<null> {
  return api.delete(`${pathOf({ bookingId })}/link`);
}

function pathOf({ bookingId }: SessionAccess): string {
  return `/api/v1/bookings/${encodeURIComponent(bookingId)}`;
}
