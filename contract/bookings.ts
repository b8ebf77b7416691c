import { z } from "zod";
import { bookingActors, bookingRoles, bookingStatuses } from "#rules/bookingState.ts";
import { countLimits, textLimits } from "#rules/limits.ts";
import { windowDays } from "#rules/windows.ts";
import { DAY_MS } from "#scheduling/units.ts";
import { dateErrors } from "#words/fields.ts";
import { bookingMeeting } from "./meetings.ts";
import { noShow } from "./noShow.ts";
import { typedCoupon } from "./offers.ts";
import { paymentStatus } from "./payments.ts";
import { priceLine } from "./priceLine.ts";
import {
  cursorQuery,
  decimalAmount,
  durationMinutes,
  email,
  instant,
  localDate,
  localTime,
  phone,
  requiredLine,
  responseDate,
  responseMinutes,
  text,
  timeZone,
  uuid,
} from "./primitives.ts";
import { sessionType } from "./services.ts";
import { slotDayQuery, viewerDays } from "./slots.ts";

export const bookingStatus = z.enum(bookingStatuses);

export const bookingMentor = z.object({
  id: uuid,
  username: z.string(),
  full_name: z.string(),
  headline: z.string(),
});

/** A booking as its student or its mentor sees it. */
export const booking = z
  .object({
    id: uuid,
    user_id: uuid,
    expert_id: uuid,
    service_id: uuid,
    session_type: sessionType,
    service_title: z.string(),
    scheduled_date: responseDate.describe("Date in the mentor's zone."),
    scheduled_time: z.string().describe("HH:MM in the mentor's zone."),
    starts_at: z.string().describe("The instant, UTC: the truth."),
    ends_at: z.string(),
    duration: responseMinutes,
    status: bookingStatus,
    message: z.string().nullable(),
    total_amount: z.number(),
    currency: z.string(),
    price_lines: z
      .array(priceLine)
      .nullable()
      .describe("What the price is made of: the lines add up to total_amount. null: the session alone."),
    add_recording: z.boolean(),
    user_name: z.string(),
    user_email: z.string(),
    user_phone: z.string().nullable(),
    student_timezone: z.string(),
    mentor_timezone: z.string(),
    expires_at: z.string().nullable().describe("When an unanswered request, or an unpaid booking, expires."),
    cancel_cutoff: responseMinutes.describe(
      "Minutes before the start until which the student may cancel, as it was when booked.",
    ),
    reschedule_cutoff: responseMinutes.describe(
      "Minutes before the start until which the student may move it, as it was when booked.",
    ),
    payment_status: paymentStatus,
    awaits_payment: z
      .boolean()
      .describe("Not booked yet: its time is held until expires_at, or was until it lapsed."),
    refund_full_cutoff: responseMinutes.describe(
      "Minutes before the start until which a student who cancels gets everything back.",
    ),
    refund_partial_cutoff: responseMinutes.describe(
      "Minutes before the start until which a student who cancels gets refund_partial_percent back.",
    ),
    refund_partial_percent: z.int(),
    ...bookingMeeting,
    no_show: noShow.nullable().describe("The latest word of one side that the other did not come."),
    review: z
      .object({ id: uuid, rating: z.int() })
      .nullable()
      .describe("The student's review; null if there is none, and for people other than its two parties."),
    series_id: uuid.nullable().describe("The series that it is a session of."),
    series_place: z.int().nullable().describe("Which session of its series it is."),
    programme_id: uuid
      .nullable()
      .describe(
        "The programme that it is a session of: its mentor moves it for everyone, and no person theirs alone.",
      ),
    basket_id: uuid.nullable().describe("What it was booked with, by one payment."),
    created_at: z.string(),
    updated_at: z.string(),
    mentor: bookingMentor,
  })
  .meta({ id: "Booking" });
export type Booking = z.infer<typeof booking>;

/** Agreed to with the booking, or later with the seat's own call. */
export const showsName = z
  .boolean()
  .optional()
  .describe("Of seats in group sessions: the other attendees may see the student’s name.");

/** The guide's CreateBookingData, with the zone of its date and time. */
export const createBooking = z.strictObject({
  expert_id: uuid,
  session_type: sessionType,
  service_id: uuid.optional().describe("When a mentor has several services of one type."),
  scheduled_date: localDate,
  scheduled_time: localTime,
  timezone: timeZone
    .optional()
    .describe("Zone of scheduled_date and scheduled_time; the mentor's when left out."),
  starts_at: instant
    .optional()
    .describe("The instant itself; tells the two halves of a repeated hour apart."),
  duration: durationMinutes,
  message: text(textLimits.bookingMessage).optional(),
  total_amount: decimalAmount,
  user_name: requiredLine(textLimits.personName).optional(),
  user_email: email.optional(),
  user_phone: phone.optional(),
  add_recording: z.boolean().optional(),
  shows_name: showsName,
  coupon_code: typedCoupon.optional().describe("total_amount is the price that it leaves."),
  package_purchase_id: uuid
    .optional()
    .describe("A package of the student’s that pays for the session. A recording still costs money."),
});
export type CreateBooking = z.input<typeof createBooking>;

export const bookingQuery = z
  .object({
    as: z.enum(bookingRoles).default("student"),
    status: bookingStatus.optional(),
    student_id: uuid.optional().describe("As a mentor: only the sessions of this student."),
    from: instant.optional().describe("Only sessions that end after this instant; goes with to."),
    to: instant.optional().describe("Only sessions that start before this instant; goes with from."),
    archived: z.stringbool().default(false).describe("Also completed sessions older than six months."),
    ...cursorQuery,
  })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), {
    message: dateErrors.bothOrNeither,
    path: ["to"],
  })
  .refine(({ from, to }) => spanOf(from, to) >= 0, {
    message: dateErrors.endBeforeStart,
    path: ["to"],
  })
  .refine(({ from, to }) => spanOf(from, to) <= countLimits.slotDays * DAY_MS, {
    message: dateErrors.tooManyDays(countLimits.slotDays),
    path: ["to"],
  });

function spanOf(from = "", to = ""): number {
  return from && to ? Date.parse(to) - Date.parse(from) : 0;
}

export const bookingPage = z.object({ data: z.array(booking), next_cursor: z.string().nullable() });
export type BookingPage = z.infer<typeof bookingPage>;

export const bookingParams = z.object({ booking_id: uuid });

/** Words that go with a decline or a cancellation. */
export const withReason = z.strictObject({ reason: text(textLimits.reason).optional() }).nullish();
export type WithReason = z.input<typeof withReason>;

/** A new time for a booking; everything else about it stays. */
export const rescheduleBooking = z.strictObject({
  scheduled_date: localDate,
  scheduled_time: localTime,
  timezone: timeZone
    .optional()
    .describe("Zone of scheduled_date and scheduled_time; the mentor's when left out."),
  starts_at: instant
    .optional()
    .describe("The instant itself; tells the two halves of a repeated hour apart."),
  reason: text(textLimits.reason).optional(),
});
export type RescheduleBooking = z.input<typeof rescheduleBooking>;

/** The free times around a booking: its own length and service, its own time counted as free. */
export const bookingSlotQuery = viewerDays(slotDayQuery);

export const bookingEventKinds = [
  "created",
  "confirmed",
  "declined",
  "cancelled",
  "completed",
  "expired",
  "rescheduled",
  "no_show_claimed",
  "no_show_agreed",
  "no_show_disputed",
  "no_show_withdrawn",
  "no_show_unanswered",
  "held",
  "lapsed",
  "minimum_missed",
  "minimum_reached",
  "messaged",
] as const;

/** One line of a booking's history. */
export const bookingEvent = z
  .object({
    id: z.int(),
    kind: z.enum(bookingEventKinds),
    actor: z.enum(bookingActors).describe("Who did it."),
    from_status: bookingStatus.nullable(),
    to_status: bookingStatus,
    from_starts_at: z.string().nullable().describe("With rescheduled: the start before it."),
    to_starts_at: z.string().nullable().describe("With rescheduled: the start after it."),
    reason: z.string().nullable(),
    created_at: z.string(),
  })
  .meta({ id: "BookingEvent" });
export type BookingEvent = z.infer<typeof bookingEvent>;
export const bookingEvents = z.object({ data: z.array(bookingEvent) });

/** A link that opens one booking as its student or its mentor, without a login. */
export const bookingLink = z.object({
  url: z.string().describe("The token is in the fragment, which browsers never send."),
  expires_at: z
    .string()
    .describe(`${windowDays("bookingLink")} days after the session's end; moves with it.`),
});
export type BookingLink = z.infer<typeof bookingLink>;

/** Instead of a session: the part after the # of a booking's link. */
export const bookingLinkHeaders = z.object({
  "booking-link": z.string().optional().describe("The token of this booking's link."),
});

export const idempotencyHeaders = z.object({
  "idempotency-key": z.string().min(1).max(textLimits.idempotencyKey).optional(),
});
