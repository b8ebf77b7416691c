/** A mentor's own view of the hours: all of them, the effect of a change, and the explanation of a day. */

import { z } from "zod";
import { countLimits } from "#rules/limits.ts";
import {
  availabilitySlot,
  blockedDate,
  createAvailabilitySlot,
  createTimezonePeriod,
  hoursChange,
  outsideSession,
  timezonePeriod,
} from "./hours.ts";
import { schedulingSettings } from "./mentors.ts";
import {
  durationMinutes,
  durationQuery,
  localDate,
  responseDate,
  responseMinutes,
  timeZone,
  uuid,
} from "./primitives.ts";
import { emptyDayReason, slotAnswer, startVerdict, viewerDays } from "./slots.ts";

/** Everything in one response, so that it belongs to one revision. */
export const ownHours = hoursChange
  .extend({
    timezone: z.string().describe("The usual zone."),
    settings: schedulingSettings,
    slots: z.array(availabilitySlot).describe("Weekly ones, then dated ones."),
    blocked_dates: z.array(blockedDate),
    timezone_periods: z.array(timezonePeriod),
  })
  .meta({ id: "OwnHours" });
export type OwnHours = z.infer<typeof ownHours>;

/** Hours as they would be; what is left out stays as it is. Nothing is written. */
export const previewHours = viewerDays(
  z.strictObject({
    from: localDate,
    to: localDate,
    duration: durationMinutes,
    timezone: timeZone.optional().describe("The viewer's zone; the mentor's when left out."),
    service_id: uuid.optional(),
    windows: z
      .array(createAvailabilitySlot)
      .max(countLimits.previewedWindows)
      .optional()
      .describe("All of them, weekly and dated."),
    blocked_dates: z.array(localDate).max(countLimits.previewedBlockedDates).optional(),
    timezone_periods: z.array(createTimezonePeriod).max(countLimits.previewedTimezonePeriods).optional(),
    settings: schedulingSettings
      .omit({ instant_confirm: true, require_confirmed_address: true, approve_first_timers: true })
      .extend({ timezone: timeZone })
      .partial()
      .optional(),
  }),
);
export type PreviewHours = z.input<typeof previewHours>;

export const hoursPreview = slotAnswer
  .extend({ outside_sessions: z.array(outsideSession) })
  .meta({ id: "HoursPreview" });
export type HoursPreview = z.infer<typeof hoursPreview>;

export const explanationQuery = z.object({
  date: localDate.describe("A date on the mentor's clock."),
  duration: durationQuery,
  service_id: uuid.optional(),
});

const blockingSession = z.object({
  booking_id: uuid,
  student_name: z.string(),
  status: z.enum(["pending", "confirmed", "completed"]),
  starts_at: z.string(),
  ends_at: z.string(),
});

const blockingEvent = z.object({
  calendar: z.string().describe("The connected calendar's name."),
  title: z.string().nullable().describe("Null unless the connection shows titles."),
  is_all_day: z.boolean(),
  starts_at: z.string(),
  ends_at: z.string(),
});

/** Every start of a day with the engine's verdict on it. */
export const dayExplanation = z
  .object({
    date: responseDate,
    timezone: z.string().describe("The zone the mentor is in on this date."),
    duration: responseMinutes,
    free: z.int().describe("How many starts students are offered."),
    reason: emptyDayReason.nullable().describe("Why there is none; null when there are some."),
    summary: z.string().describe("The day in one sentence."),
    starts: z.array(
      z.object({
        time: z.string().describe("HH:MM on the mentor's clock."),
        starts_at: z.string(),
        verdict: startVerdict,
        sessions: z.array(blockingSession).describe("With taken and buffer: which sessions are in the way."),
        events: z.array(blockingEvent).describe("The same of my connected calendars."),
      }),
    ),
  })
  .meta({ id: "DayExplanation" });
export type DayExplanation = z.infer<typeof dayExplanation>;
