import { z } from "zod";
import { bookingRoles } from "#rules/bookingState.ts";
import { numberLimits, textLimits } from "#rules/limits.ts";
import { numberErrors } from "#words/fields.ts";
import { togetherCoupon, togetherFields } from "./baskets.ts";
import { booking, bookingMentor } from "./bookings.ts";
import {
  durationMinutes,
  instant,
  responseDate,
  responseMinutes,
  text,
  timeZone,
  uuid,
} from "./primitives.ts";
import { sessionType } from "./services.ts";
import { judgedSession } from "./slots.ts";

const foundPatterns = ["weekly", "two_weeks", "chosen"] as const;
export const seriesPatterns = [...foundPatterns, "programme"] as const;
export const seriesPayments = ["at_once", "per_session", "credits"] as const;

const { seriesSessions } = numberLimits;

const whichService = {
  session_type: sessionType,
  service_id: uuid.optional().describe("When a mentor has several services of one type."),
  duration: durationMinutes,
  add_recording: z.boolean().default(false),
};

const sessionCount = z
  .number()
  .int(numberErrors.whole)
  .min(seriesSessions.min, numberErrors.atLeastTimes(seriesSessions.min))
  .max(seriesSessions.max, numberErrors.atMostTimes(seriesSessions.max));

const chosenStarts = z
  .array(instant)
  .min(seriesSessions.min, numberErrors.atLeastTimes(seriesSessions.min))
  .max(seriesSessions.max, numberErrors.atMostTimes(seriesSessions.max))
  .refine((starts) => new Set(starts.map(Date.parse)).size === starts.length, numberErrors.sameTimeTwice);

const regular = z.strictObject({
  ...whichService,
  starts_at: instant.describe("The first session; the others are at the same time of the mentor's clock."),
  sessions: sessionCount,
  timezone: timeZone.optional().describe("The student's; the mentor's when left out."),
});

/** The dates of a series, before anything is promised about them. */
export const checkSeries = z.discriminatedUnion("pattern", [
  regular.extend({ pattern: z.literal("weekly") }),
  regular.extend({ pattern: z.literal("two_weeks") }),
  z.strictObject({
    ...whichService,
    pattern: z.literal("chosen"),
    starts: chosenStarts,
    timezone: timeZone.optional(),
  }),
]);
export type CheckSeries = z.input<typeof checkSeries>;

export const checkedSession = z
  .object({
    ...judgedSession,
    scheduled_date: responseDate.describe("In the zone that the mentor is in on this date, as the time is."),
    scheduled_time: z.string(),
    mentor_timezone: z.string(),
    date: responseDate.describe("In the student's zone, as the time is."),
    time: z.string(),
    moves_for_student: z
      .boolean()
      .describe("Whether it is at another time of the student's clock than the first session."),
    moves_for_mentor: z
      .boolean()
      .describe("The same for the mentor's clock, on chosen dates or while travelling."),
  })
  .meta({ id: "CheckedSession" });
export type CheckedSession = z.infer<typeof checkedSession>;

export const seriesCheck = z
  .object({
    service_id: uuid,
    duration: responseMinutes,
    timezone: z.string().describe("The student's."),
    mentor_timezone: z.string(),
    sessions: z.array(checkedSession),
    free: z.int().describe("How many can be booked."),
    session_amount: z.number().describe("The price of one session, with its recording if it has one."),
    total_amount: z.number().describe("Of those that are free."),
    currency: z.string(),
    payments: z
      .array(z.enum(seriesPayments))
      .describe("How the free ones can be paid for; empty: nothing is paid through the app."),
  })
  .meta({ id: "SeriesCheck" });
export type SeriesCheck = z.infer<typeof seriesCheck>;

const createFound = z.strictObject({
  expert_id: uuid,
  ...whichService,
  pattern: z.enum(foundPatterns).describe("As the dates were found; some of them may have been replaced."),
  starts: chosenStarts,
  payment: z
    .enum(seriesPayments)
    .default("at_once")
    .describe(
      "per_session: the first one now, each other one until a day before it begins. credits: with a package's sessions.",
    ),
  package_purchase_id: uuid.optional().describe("With credits: the package."),
  coupon_code: togetherCoupon,
  ...togetherFields,
});
export type CreateSeries = z.input<typeof createFound>;

const joinProgramme = z.strictObject({
  expert_id: uuid,
  pattern: z.literal("programme"),
  programme_id: uuid.describe("A seat in each of its sessions, at its price."),
  coupon_code: togetherCoupon,
  ...togetherFields,
});
export type JoinProgramme = z.input<typeof joinProgramme>;

/** All of these sessions are booked, or none. */
export const createSeries = z.discriminatedUnion("pattern", [createFound, joinProgramme]);

export const seriesSession = booking.extend({
  place: z.int(),
  pay_by: z
    .string()
    .nullable()
    .describe("Until when it must be paid, or it lapses; null: it is paid, or free."),
  can_cancel: z.boolean().describe("By the caller, now."),
  can_move: z.boolean(),
  refund: z.number().describe("What would go back if the caller cancelled it now."),
  returns_credit: z.boolean().describe("Whether the session of the package would come back."),
});

export const series = z
  .object({
    id: uuid,
    expert_id: uuid,
    user_id: uuid,
    service_id: uuid,
    service_title: z.string(),
    duration: responseMinutes,
    pattern: z.enum(seriesPatterns),
    payment: z.enum(seriesPayments),
    programme_id: uuid.nullable(),
    mentor_timezone: z.string(),
    basket_id: uuid
      .nullable()
      .describe("With at_once, what is paid: the payment of any session is that of all."),
    mentor: bookingMentor,
    student_name: z.string(),
    sessions: z.array(seriesSession).describe("In the order of their places, cancelled ones too."),
    created_at: z.string(),
  })
  .meta({ id: "Series" });
export type Series = z.infer<typeof series>;

export const seriesList = z.object({ data: z.array(series) });

export const seriesQuery = z.object({ as: z.enum(bookingRoles).default("student") });

export const seriesParams = z.object({ series_id: uuid });

const fromPlace = z
  .int()
  .min(1)
  .max(seriesSessions.max)
  .default(1)
  .describe("This session and all later ones; 1: all that are still to come.");

/** Cancels what is still to come and can be cancelled: each session by its own terms. */
export const cancelSeries = z.strictObject({
  from_place: fromPlace,
  refund: z.number().optional().describe("The sum of refunds as it was shown; another one is refused."),
  reason: text(textLimits.reason).optional(),
});
export type CancelSeries = z.input<typeof cancelSeries>;

/** Moves this session and all later ones: the first of them to this start, the others by as much of the mentor's clock. */
export const rescheduleSeries = z.strictObject({
  from_place: fromPlace,
  starts_at: instant,
  timezone: timeZone.optional().describe("The student's."),
  reason: text(textLimits.reason).optional(),
});
export type RescheduleSeries = z.input<typeof rescheduleSeries>;

/** What a change of several sessions has done. */
export const seriesChanged = z.object({
  changed: z.int().describe("How many sessions were changed."),
  left: z
    .array(z.object({ place: z.int(), starts_at: z.string() }))
    .describe("Those that stay as they are, because it is too late to change them."),
  refund: z.number().describe("What goes back, of all together."),
  currency: z.string(),
  series,
});
export type SeriesChanged = z.infer<typeof seriesChanged>;
