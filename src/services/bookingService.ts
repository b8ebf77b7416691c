/**
 * The guide's seven functions as a thin client of the API, which decides on prices, slots and permissions. Expected failures are
 * returned, not thrown: `error` is the guide's sentence, `message` the cause, and `problem` has the code, field errors
 * and next available times.
 *
 * Of the seven, the app itself calls only `createBooking`. It reads times by `getAvailableDays`, of which
 * `getAvailableTimeSlots` is the special case of one day. The others are for code written against the guide: the pages read
 * bookings page by page (src/features/bookings/) and cancel with `cancelSession` of src/features/bookings/page/api.ts, which
 * also takes the access of a private link.
 */

import type { Booking, BookingPage, CreateBooking } from "#contract/bookings.ts";
import type { Availability, AvailabilitySlot, BlockedDate } from "#contract/hours.ts";
import type { SessionType } from "#contract/services.ts";
import type { BookedSlot, Slot, SlotAnswer } from "#contract/slots.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { serviceFailures } from "#words/bookingService.ts";
import { ApiProblem, api } from "@/lib/api.ts";
import { newIdempotencyKey } from "@/lib/idempotencyKey.ts";

export type CreateBookingData = Omit<CreateBooking, "session_type"> & {
  session_type: SessionType | (string & {});
};
export type TimeSlot = Slot;
export type { AvailabilitySlot, BlockedDate, BookedSlot, Booking };
export type MentorAvailability = Pick<Availability, "recurringSlots" | "specificSlots" | "blockedDates"> & {
  timezone?: string;
};

/** `data` of a failure is empty (`null` or `[]`), never undefined. */
export type ServiceResult<T, Empty = T> =
  | { success: true; data: T; error?: undefined; message?: string }
  | { success: false; data: Empty; error: string; message: string; problem: ApiProblem };

/** `from` and `to` are dates 'YYYY-MM-DD' in `timezone`, by default the mentor's. The API checks them. */
export type SlotSearch = {
  mentorId: string;
  from: string;
  to: string;
  duration: number;
  timezone?: string;
  serviceId?: string;
  /** `all`: includes unavailable times, with the reason. */
  include?: "all";
};

/** Guards against an endless list: 2,000 bookings at most. */
const MAX_PAGES = 20;

/** Retries of the same data must use the same `idempotencyKey`, so that they cannot book twice. */
export function createBooking(
  data: CreateBookingData,
  { idempotencyKey = newIdempotencyKey() }: { idempotencyKey?: string } = {},
): Promise<ServiceResult<Booking, null>> {
  const headers = { "idempotency-key": idempotencyKey };
  const sentence = (problem: ApiProblem) =>
    problem.status === 401 ? serviceFailures.notSignedIn : serviceFailures.createBooking;
  return attempt(sentence, null, () => api.post<Booking>("/api/v1/bookings", data, { headers }));
}

/** A mentor's hours and blocked dates in the mentor's zone, for dates `YYYY-MM-DD`. */
export function getMentorAvailability(
  mentorId: string,
  startDate: string,
  endDate: string,
): Promise<ServiceResult<MentorAvailability>> {
  const nothing: MentorAvailability = { recurringSlots: [], specificSlots: [], blockedDates: [] };
  return attempt(serviceFailures.availability, nothing, () =>
    api.get<Availability>(mentorPath(mentorId, "availability"), {
      query: { start_date: startDate, end_date: endDate },
    }),
  );
}

/** The available times of a range of at most 62 dates, in one request. */
export function getAvailableDays(
  { mentorId, from, to, duration, timezone, serviceId, include }: SlotSearch,
  signal?: AbortSignal,
): Promise<ServiceResult<SlotAnswer, null>> {
  const query = { from, to, duration, timezone, service_id: serviceId, include };
  return attempt(serviceFailures.availability, null, () =>
    api.get<SlotAnswer>(mentorPath(mentorId, "slots"), { query, ...(signal && { signal }) }),
  );
}

/** The available times of one date: `[{ time: "14:00", available: true, … }]`. */
export async function getAvailableTimeSlots(
  mentorId: string,
  date: string,
  duration: number,
  options: { timezone?: string; serviceId?: string } = {},
): Promise<ServiceResult<TimeSlot[]>> {
  const result = await getAvailableDays({ mentorId, from: date, to: date, duration, ...options });
  if (!result.success) return { ...result, data: [] };
  return { success: true, data: result.data.days.find((day) => day.date === date)?.slots ?? [] };
}

/** The taken times of a date in the mentor's zone, without identities. */
export function getBookedSlots(mentorId: string, date: string): Promise<ServiceResult<BookedSlot[]>> {
  return attempt(serviceFailures.availability, [], () =>
    api.get<BookedSlot[]>(mentorPath(mentorId, "booked-slots"), { query: { date } }),
  );
}

/** The bookings that the signed-in person has made. */
export function getUserBookings(): Promise<ServiceResult<Booking[]>> {
  return attempt(serviceFailures.bookings, [], () => allBookings("student"));
}

/** The bookings that the signed-in mentor has received. */
export function getMentorBookings(): Promise<ServiceResult<Booking[]>> {
  return attempt(serviceFailures.bookings, [], () => allBookings("mentor"));
}

/** Student and mentor can both cancel. The reason goes to the other person. */
export function cancelBooking(bookingId: string, reason?: string): Promise<ServiceResult<Booking, null>> {
  const path = `/api/v1/bookings/${encodeURIComponent(bookingId)}/cancel`;
  return attempt(serviceFailures.cancelBooking, null, () =>
    api.post<Booking>(path, reason ? { reason } : {}),
  );
}

async function allBookings(as: BookingRole): Promise<Booking[]> {
  const bookings: Booking[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer: BookingPage = await api.get("/api/v1/bookings", { query: { as, limit: 100, cursor } });
    bookings.push(...answer.data);
    if (answer.next_cursor === null) break;
    cursor = answer.next_cursor;
  }
  return bookings;
}

function mentorPath(mentorId: string, part: string): string {
  return `/api/v1/mentors/${encodeURIComponent(mentorId)}/${part}`;
}

/** Returns an `ApiProblem` as a failure; other errors are rethrown. */
async function attempt<T, Empty>(
  sentence: string | ((problem: ApiProblem) => string),
  empty: Empty,
  call: () => Promise<T>,
): Promise<ServiceResult<T, Empty>> {
  try {
    return { success: true, data: await call() };
  } catch (problem) {
    if (!(problem instanceof ApiProblem)) throw problem;
    const error = typeof sentence === "string" ? sentence : sentence(problem);
    return { success: false, data: empty, error, message: problem.detail, problem };
  }
}
