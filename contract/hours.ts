import { z } from "zod";
import { countLimits, numberLimits, ownedCaps, textLimits } from "#rules/limits.ts";
import { parseDate } from "#scheduling/dates.ts";
import { dateErrors } from "#words/fields.ts";
import { localDate, localEndTime, localTime, responseDate, text, timeZone, uuid } from "./primitives.ts";

const { dayOfWeek: day } = numberLimits;

/** A row of `availability_slots`: a weekly or a dated window in the mentor's wall clock. */
export const availabilitySlot = z
  .object({
    id: uuid,
    expert_id: uuid,
    day_of_week: z
      .int()
      .min(day.min)
      .max(day.max)
      .nullable()
      .describe("0 Sunday to 6 Saturday; null for a dated window."),
    start_time: z.string(),
    end_time: z.string(),
    is_recurring: z.boolean(),
    specific_date: responseDate.nullable(),
    replaces_weekly: z
      .boolean()
      .describe("On a dated window: the weekly hours that begin on its date do not hold."),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: "AvailabilitySlot" });
export type AvailabilitySlot = z.infer<typeof availabilitySlot>;

export const blockedDate = z
  .object({
    id: uuid,
    expert_id: uuid,
    date: responseDate,
    reason: z.string().nullable().describe("Only its mentor sees the reason; for everyone else it is null."),
    created_at: z.string(),
  })
  .meta({ id: "BlockedDate" });
export type BlockedDate = z.infer<typeof blockedDate>;

export const timezonePeriod = z
  .object({
    id: uuid,
    expert_id: uuid,
    starts_on: responseDate,
    ends_on: responseDate.describe("Included."),
    timezone: z.string().describe("In force on these dates instead of the mentor's usual zone."),
    created_at: z.string(),
  })
  .meta({ id: "TimezonePeriod" });
export type TimezonePeriod = z.infer<typeof timezonePeriod>;

export const availability = z
  .object({
    timezone: z.string().describe("The mentor's zone, in which all these times are meant."),
    recurringSlots: z.array(availabilitySlot),
    specificSlots: z.array(availabilitySlot),
    blockedDates: z.array(blockedDate),
    timezonePeriods: z.array(timezonePeriod).describe("Dates on which another zone is in force."),
  })
  .meta({ id: "Availability" });
export type Availability = z.infer<typeof availability>;

export const availabilityQuery = z
  .object({ start_date: localDate, end_date: localDate })
  .refine((range) => range.start_date <= range.end_date, {
    message: dateErrors.endBeforeStart,
    path: ["end_date"],
  });

const dayOfWeek = z.number().int().min(day.min, dateErrors.weekday).max(day.max, dateErrors.weekday);

export const createAvailabilitySlot = z
  .strictObject({
    day_of_week: dayOfWeek.nullish(),
    specific_date: localDate.nullish(),
    start_time: localTime,
    end_time: localEndTime,
    replaces_weekly: z.boolean().optional(),
  })
  .refine((slot) => (slot.day_of_week == null) !== (slot.specific_date == null), {
    message: dateErrors.weekdayOrDate,
    path: ["day_of_week"],
  })
  .refine((slot) => !slot.replaces_weekly || slot.specific_date != null, {
    message: dateErrors.replacesOnADate,
    path: ["replaces_weekly"],
  });
export type CreateAvailabilitySlot = z.input<typeof createAvailabilitySlot>;

export const updateAvailabilitySlot = z
  .strictObject({
    day_of_week: dayOfWeek,
    specific_date: localDate,
    start_time: localTime,
    end_time: localEndTime,
    replaces_weekly: z.boolean(),
  })
  .partial();
export type UpdateAvailabilitySlot = z.input<typeof updateAvailabilitySlot>;

export const weeklyWindow = z.strictObject({
  day_of_week: dayOfWeek,
  start_time: localTime,
  end_time: localEndTime,
});

/** The whole week: replaces every recurring window. */
export const replaceWeek = z.strictObject({
  recurringSlots: z.array(weeklyWindow).max(ownedCaps.weekly_windows),
});
export type ReplaceWeek = z.input<typeof replaceWeek>;

/** Sent with a change: refused with 412, such as `hours_changed`, when there is no longer what was seen. */
export const ifMatchHeaders = z.object({
  "if-match": z
    .string()
    .max(textLimits.ifMatch)
    .regex(
      /^\s*(\*|(W\/)?"[\x21\x23-\x7E]*"(\s*,\s*(W\/)?"[\x21\x23-\x7E]*")*)\s*$/,
      'Send the revision that was seen in quotes, such as "7".',
    )
    .optional()
    .describe(
      'The revision that was seen, in quotes: "7". As RFC 9110 has it, also a list of them, or * for any; a weak tag ' +
        "is read and never matches.",
    ),
});

/** A session that is booked although the hours no longer contain it. It is neither moved nor cancelled. */
export const outsideSession = z
  .object({
    booking_id: uuid,
    starts_at: z.string(),
    ends_at: z.string(),
    status: z.enum(["pending", "confirmed"]),
    student_name: z.string(),
    service_title: z.string(),
    series_id: uuid.nullable().describe("The series that it is a session of."),
  })
  .meta({ id: "OutsideSession" });
export type OutsideSession = z.infer<typeof outsideSession>;

const hoursRevision = z.int().describe("Grows with every change of the hours; the ETag says the same.");

/** Part of the response to every change of the hours. */
export const hoursChange = z.object({
  hours_revision: hoursRevision,
  outside_sessions: z.array(outsideSession).describe("Sessions ahead that lie outside of the hours now."),
});
export type HoursChange = z.infer<typeof hoursChange>;

export const availabilitySlotList = z.object({
  data: z.array(availabilitySlot),
  hours_revision: hoursRevision,
});
export const savedWeek = availabilitySlotList.extend(hoursChange.shape);
export const savedAvailabilitySlot = availabilitySlot.extend(hoursChange.shape);
export const availabilitySlotParams = z.object({ availability_slot_id: uuid });

export const createBlockedDate = z
  .strictObject({
    date: localDate,
    end_date: localDate
      .optional()
      .describe("The last day of a range, included. Days that are blocked already stay as they are."),
    reason: text(textLimits.reason).nullish(),
  })
  .refine(({ date, end_date }) => end_date === undefined || date <= end_date, {
    message: dateErrors.lastBeforeFirst,
    path: ["end_date"],
  })
  .refine(
    ({ date, end_date }) =>
      (parseDate(end_date ?? date) ?? 0) - (parseDate(date) ?? 0) < countLimits.blockedDaysAtOnce,
    { message: dateErrors.tooManyDaysOff(countLimits.blockedDaysAtOnce), path: ["end_date"] },
  );
export type CreateBlockedDate = z.input<typeof createBlockedDate>;

export const blockedDateList = z.object({ data: z.array(blockedDate), hours_revision: hoursRevision });
export const savedBlockedDate = blockedDate.extend(hoursChange.shape);
export const savedBlockedDates = blockedDateList.extend(hoursChange.shape);
export const blockedDateParams = z.object({ blocked_date_id: uuid });

export const unblockQuery = z
  .object({ from: localDate, to: localDate })
  .refine(({ from, to }) => from <= to, { message: dateErrors.lastBeforeFirst, path: ["to"] });

const period = z.strictObject({
  starts_on: localDate,
  ends_on: localDate.describe("Included."),
  timezone: timeZone,
});
export const createTimezonePeriod = period.refine(({ starts_on, ends_on }) => starts_on <= ends_on, {
  message: dateErrors.lastBeforeFirst,
  path: ["ends_on"],
});
export type CreateTimezonePeriod = z.input<typeof createTimezonePeriod>;

export const timezonePeriodList = z.object({ data: z.array(timezonePeriod), hours_revision: hoursRevision });
export const savedTimezonePeriod = timezonePeriod.extend(hoursChange.shape);
export const timezonePeriodParams = z.object({ timezone_period_id: uuid });
