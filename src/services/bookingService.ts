/**
 * The guide's seven functions (and `getAvailableDays`, of which one day is a special case) as a thin client: prices, slots
 * and permissions are the server's. Nothing here throws for an expected failure; `error` is the guide's sentence,
 * `message` says what happened and `problem` carries code, field errors and next free times.
 */

import type { Availability, AvailabilitySlot, BlockedDate } from "#contract/availability.ts";
import type { Booking, BookingPage, CreateBooking } from "#contract/bookings.ts";
import type { SessionType } from "#contract/services.ts";
import type { BookedSlot, Slot, SlotAnswer } from "#contract/slots.ts";
import type { BookingRole } from "#rules/bookingState.ts";
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

/** `data` of a failure is empty (`null`, `[]`), never undefined. */
export type ServiceResult<T, Empty = T> =
  | { success: true; data: T; error?: undefined; message?: string }
  | { success: false; data: Empty; error: string; message: string; problem: ApiProblem };

/** `from` and `to` are dates in `timezone`, the viewer's; the mentor's zone when left out. */
export type SlotSearch = {
  mentorId: string;
  from: string;
  to: string;
  duration: number;
  timezone?: string;
  serviceId?: string;
  /** `all`: also what is not available, with the reason. */
  include?: "all";
};

const NO_AVAILABILITY = "Failed to fetch availability";
const NO_BOOKINGS = "Failed to fetch bookings";
/** A runaway guard: 20 pages of 100 are more than anybody reads. */
const MAX_PAGES = 20;

/** A repeated try of the same data must carry the same `idempotencyKey`, so that it can never book twice. */
export function createBooking(
  data: CreateBookingData,
  { idempotencyKey = newIdempotencyKey() }: { idempotencyKey?: string } = {},
): Promise<ServiceResult<Booking, null>> {
  const headers = { "idempotency-key": idempotencyKey };
  const sentence = (problem: ApiProblem) =>
    problem.status === 401 ? "You must be logged in to book a session" : "Failed to create booking";
  return attempt(sentence, null, () => api.post<Booking>("/api/v1/bookings", data, { headers }));
}

/** The mentor's hours and blocked dates in his own zone, for dates `YYYY-MM-DD`. */
export function getMentorAvailability(
  mentorId: string,
  startDate: string,
  endDate: string,
): Promise<ServiceResult<MentorAvailability>> {
  const nothing: MentorAvailability = { recurringSlots: [], specificSlots: [], blockedDates: [] };
  return attempt(NO_AVAILABILITY, nothing, () =>
    api.get<Availability>(mentorPath(mentorId, "availability"), {
      query: { start_date: startDate, end_date: endDate },
    }),
  );
}

/** The free times of a range of dates, at most 62, in one call. */
export function getAvailableDays(
  { mentorId, from, to, duration, timezone, serviceId, include }: SlotSearch,
  signal?: AbortSignal,
): Promise<ServiceResult<SlotAnswer, null>> {
  const query = { from, to, duration, timezone, service_id: serviceId, include };
  return attempt(NO_AVAILABILITY, null, () =>
    api.get<SlotAnswer>(mentorPath(mentorId, "slots"), { query, ...(signal && { signal }) }),
  );
}

/** The free times of one date: `[{ time: "14:00", available: true, … }]`. */
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

/** What is taken on a date of the mentor's zone: times only, no identities. */
export function getBookedSlots(mentorId: string, date: string): Promise<ServiceResult<BookedSlot[]>> {
  return attempt(NO_AVAILABILITY, [], () =>
    api.get<BookedSlot[]>(mentorPath(mentorId, "booked-slots"), { query: { date } }),
  );
}

/** The bookings this person has made. */
export function getUserBookings(): Promise<ServiceResult<Booking[]>> {
  return attempt(NO_BOOKINGS, [], () => allBookings("student"));
}

/** The bookings this mentor has received. */
export function getMentorBookings(): Promise<ServiceResult<Booking[]>> {
  return attempt(NO_BOOKINGS, [], () => allBookings("mentor"));
}

/** Either of its two people may cancel; the reason goes to the other one. */
export function cancelBooking(bookingId: string, reason?: string): Promise<ServiceResult<Booking, null>> {
  const path = `/api/v1/bookings/${encodeURIComponent(bookingId)}/cancel`;
  return attempt("Failed to cancel booking", null, () => api.post<Booking>(path, reason ? { reason } : {}));
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

/** A failed call as a value; anything else that goes wrong still throws. */
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
