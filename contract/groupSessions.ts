import { z } from "zod";
import { countLimits, numberLimits, textLimits } from "#rules/limits.ts";
import { numberErrors } from "#words/fields.ts";
import { bookingMentor, bookingStatus } from "./bookings.ts";
import { paymentStatus } from "./payments.ts";
import {
  durationMinutes,
  durationQuery,
  localDate,
  localTime,
  requiredText,
  responseDate,
  responseMinutes,
  text,
  uuid,
} from "./primitives.ts";
import { groupTerms } from "./services.ts";
import { startVerdict } from "./slots.ts";

export const groupSessionStates = ["open", "on", "cancelled"] as const;

/** A session with several seats, as everyone may see it: who comes is not part of it. */
export const groupSession = z
  .object({
    id: uuid,
    expert_id: uuid,
    service_id: uuid,
    service_title: z.string(),
    description: z.string(),
    starts_at: z.string(),
    ends_at: z.string(),
    duration: responseMinutes,
    mentor_timezone: z.string(),
    is_scheduled: z.boolean().describe("By its mentor; if not, its first booking opened it."),
    state: z
      .enum(groupSessionStates)
      .describe("open: it is decided at decide_at whether it takes place; on: it does."),
    cancelled_because: z.enum(["mentor", "minimum"]).nullable(),
    capacity: z.int(),
    seats_taken: z.int(),
    seats_left: z.int(),
    min_attendees: z.int(),
    decide_at: z.string(),
    join_until: z.string().describe("Until when a seat can be booked."),
    price: z.number().nullable().describe("Of a seat; null: the mentor no longer offers this length."),
    programme: z
      .object({ id: uuid, title: z.string(), place: z.int(), sessions: z.int() })
      .nullable()
      .describe(
        "What it belongs to and is booked with; its price is then a part of that; null: it is booked by itself.",
      ),
    currency: z.string(),
    mentor: bookingMentor,
  })
  .meta({ id: "GroupSession" });
export type GroupSession = z.infer<typeof groupSession>;

export const groupSessionList = z.object({ data: z.array(groupSession) });

/** The same for its mentor. */
export const ownGroupSession = groupSession
  .extend({ revenue: z.number().describe("What is paid for its seats, without what was cancelled.") })
  .meta({ id: "OwnGroupSession" });
export type OwnGroupSession = z.infer<typeof ownGroupSession>;

export const ownGroupSessionList = z.object({ data: z.array(ownGroupSession) });

export const seatCount = z
  .number()
  .int(numberErrors.whole)
  .min(2, numberErrors.atLeastSeats(2))
  .max(numberLimits.seats.max, numberErrors.atMostSeats(numberLimits.seats.max));

const { min_attendees, decide_minutes, late_join_minutes } = groupTerms;

/** One date, or the same time on the same weekday of several weeks. What is left out is as the service says. */
export const scheduleGroupSessions = z.strictObject({
  service_id: uuid,
  duration: durationMinutes,
  scheduled_date: localDate.describe("In the mentor's zone, as the time is."),
  scheduled_time: localTime,
  weeks: z
    .number()
    .int(numberErrors.whole)
    .min(1)
    .max(countLimits.groupSessionsAtOnce)
    .default(1)
    .describe("How many sessions, a week apart."),
  skipped_dates: z
    .array(localDate)
    .max(countLimits.groupSessionsAtOnce)
    .default([])
    .describe("Dates of the weekly sequence that are left out."),
  capacity: seatCount.optional(),
  min_attendees: min_attendees.optional(),
  decide_minutes: decide_minutes.optional(),
  late_join_minutes: late_join_minutes.optional(),
});
export type ScheduleGroupSessions = z.input<typeof scheduleGroupSessions>;

/** Starts that a mentor thinks of. */
export const checkGroupSessions = z.object({
  duration: durationQuery,
  scheduled_date: localDate.describe("In the mentor's zone, as the time is."),
  scheduled_time: localTime,
  weeks: z.coerce.number().int().min(1).max(countLimits.groupSessionsAtOnce).default(1),
  moved: uuid.optional().describe("A session of mine that would be moved there: it is not in its own way."),
});
export type CheckGroupSessions = z.input<typeof checkGroupSessions>;

export const checkedStarts = z.object({
  data: z.array(
    z.object({
      scheduled_date: responseDate,
      starts_at: z.string(),
      verdict: startVerdict.describe("free, or what the session would meet there."),
      is_refused: z.boolean().describe("It cannot be scheduled; if not, the verdict is a warning."),
    }),
  ),
});
export type CheckedStart = z.infer<typeof checkedStarts>["data"][number];

export const updateGroupSession = z
  .strictObject({ capacity: seatCount, min_attendees, decide_minutes, late_join_minutes })
  .partial();
export type UpdateGroupSession = z.input<typeof updateGroupSession>;

export const cancelGroupSession = z.strictObject({ reason: text(textLimits.reason).optional() });

export const moveGroupSession = z.strictObject({
  scheduled_date: localDate.describe("In the mentor's zone, as the time is."),
  scheduled_time: localTime,
  reason: text(textLimits.reason).optional(),
});

export type MoveGroupSession = z.input<typeof moveGroupSession>;

export const messageGroup = z.strictObject({ message: requiredText(textLimits.reason) });

export const attendanceStates = ["present", "absent"] as const;

/** A seat, as the mentor sees it. */
export const rosterSeat = z
  .object({
    booking_id: uuid,
    user_id: uuid,
    user_name: z.string(),
    status: bookingStatus,
    payment_status: paymentStatus,
    awaits_payment: z.boolean(),
    total_amount: z.number(),
    currency: z.string(),
    shows_name: z.boolean().describe("Whether the other attendees see the name."),
    attendance: z.enum(attendanceStates).nullable(),
  })
  .meta({ id: "RosterSeat" });
export type RosterSeat = z.infer<typeof rosterSeat>;

export const roster = z.object({ session: ownGroupSession, seats: z.array(rosterSeat) });
export type Roster = z.infer<typeof roster>;

export const seatsChanged = z.object({ seats: z.int().describe("How many people were told.") });

export const markAttendance = z.strictObject({ attendance: z.enum(attendanceStates).nullable() });

/** What an attendee may know of the others. */
export const attendees = z.object({
  session: groupSession,
  shows_name: z.boolean().describe("Whether the others see my name."),
  names: z.array(z.string()).describe("Of the others who agreed to it."),
});
export type Attendees = z.infer<typeof attendees>;

export const showName = z.strictObject({ shows_name: z.boolean() });

export const groupSessionParams = z.object({ group_session_id: uuid });
