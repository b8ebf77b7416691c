import { z } from "zod";
import { countLimits, numberLimits, textLimits } from "#rules/limits.ts";
import { numberErrors } from "#words/fields.ts";
import { bookingMentor, bookingStatus } from "./bookings.ts";
import { attendanceStates, groupSessionStates, seatCount } from "./groupSessions.ts";
import {
  decimalAmount,
  durationMinutes,
  localDate,
  localTime,
  requiredLine,
  responseMinutes,
  text,
  uuid,
} from "./primitives.ts";
import { groupTerms } from "./services.ts";

const sessionOfProgramme = z.object({
  group_session_id: uuid,
  place: z.int(),
  starts_at: z.string(),
  ends_at: z.string(),
  state: z.enum(groupSessionStates),
  seats_left: z.int(),
});

/** Group sessions that are booked as one, as everyone may see them. */
export const programme = z
  .object({
    id: uuid,
    expert_id: uuid,
    service_id: uuid,
    title: z.string(),
    description: z.string(),
    duration: responseMinutes,
    mentor_timezone: z.string(),
    state: z
      .enum(groupSessionStates)
      .describe("open: it is decided at decide_at whether it takes place; on: it does."),
    cancelled_because: z.enum(["mentor", "minimum"]).nullable(),
    capacity: z.int(),
    seats_left: z.int().describe("In every session that is to come."),
    min_attendees: z.int(),
    attendees: z.int().describe("How many people have a seat."),
    decide_at: z.string(),
    book_until: z.string().nullable().describe("The start of its first session; null: it cannot be booked."),
    price: z.number().describe("Of all sessions that are not cancelled, together."),
    currency: z.string(),
    sessions: z.array(sessionOfProgramme).describe("In the order of their places, cancelled ones too."),
    mentor: bookingMentor,
  })
  .meta({ id: "Programme" });
export type Programme = z.infer<typeof programme>;

export const programmeList = z.object({ data: z.array(programme) });

const { seriesSessions } = numberLimits;
const { min_attendees, decide_minutes } = groupTerms;

const words = {
  title: requiredLine(textLimits.serviceTitle),
  description: text(textLimits.serviceDescription),
};

/** Weekly sessions at one time of the mentor's clock, with one price for all of them. */
export const createProgramme = z.strictObject({
  service_id: uuid,
  title: words.title,
  description: words.description.default(""),
  duration: durationMinutes,
  scheduled_date: localDate.describe("Of the first session, in the mentor's zone, as the time is."),
  scheduled_time: localTime,
  weeks: z
    .number()
    .int(numberErrors.whole)
    .min(seriesSessions.min, numberErrors.atLeastTimes(seriesSessions.min))
    .max(seriesSessions.max, numberErrors.atMostTimes(seriesSessions.max)),
  skipped_dates: z
    .array(localDate)
    .max(countLimits.groupSessionsAtOnce)
    .default([])
    .describe("Dates of the weekly sequence that are left out."),
  price: decimalAmount.describe("Of all sessions together."),
  capacity: seatCount.optional().describe("Seats in each session; the service's when left out."),
  min_attendees: min_attendees.default(1),
  decide_minutes: decide_minutes
    .optional()
    .describe("Minutes before the first session at which it is decided."),
});
export type CreateProgramme = z.input<typeof createProgramme>;

export const updateProgramme = z.strictObject({ ...words, capacity: seatCount }).partial();
export type UpdateProgramme = z.input<typeof updateProgramme>;

export const cancelProgramme = z.strictObject({ reason: text(textLimits.reason).optional() });

const programmeSeat = z.object({
  place: z.int().describe("Of the session in the programme."),
  booking_id: uuid,
  status: bookingStatus,
  awaits_payment: z.boolean(),
  attendance: z.enum(attendanceStates).nullable(),
});

/** Who attends which of the sessions, for the mentor. */
export const programmeRoster = z
  .object({
    programme,
    revenue: z.number().describe("What is paid for its seats, without what was cancelled."),
    people: z.array(
      z.object({
        user_id: uuid,
        user_name: z.string(),
        series_id: uuid,
        seats: z.array(programmeSeat).describe("Without the sessions that the person has left."),
      }),
    ),
  })
  .meta({ id: "ProgrammeRoster" });
export type ProgrammeRoster = z.infer<typeof programmeRoster>;

export const programmeParams = z.object({ programme_id: uuid });
