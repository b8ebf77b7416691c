import { z } from "zod";
import { countLimits } from "#rules/limits.ts";
import { parseDate } from "#scheduling/dates.ts";
import { DAY_REASONS } from "#scheduling/explain.ts";
import { VERDICTS } from "#scheduling/startJudge.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { dateErrors } from "#words/fields.ts";
import { durationQuery, localDate, responseDate, responseMinutes, timeZone, uuid } from "./primitives.ts";

/** The judge's verdict on one start. */
export const startVerdict = z.enum(VERDICTS);

export const slot = z
  .object({
    time: z.string().describe("HH:MM in the viewer's zone."),
    starts_at: z.string().describe("The instant, UTC."),
    available: z.boolean(),
    verdict: startVerdict
      .exclude(["free"])
      .optional()
      .describe("With include=all, of a start that is not available: why."),
    seats_left: z.int().optional().describe("Group sessions only."),
    mentor_timezone: z
      .string()
      .optional()
      .describe("The zone the mentor is in then, when it is not the usual one: travel."),
  })
  .meta({ id: "Slot" });
export type Slot = z.infer<typeof slot>;

/** Why a start cannot be booked: also one that the mentor does not offer at all. */
const refusedVerdict = z.enum([...VERDICTS, "off_grid"]).exclude(["free"]);

/** A free start near one that cannot be booked. */
const substitute = z
  .object({
    starts_at: z.string(),
    date: responseDate.describe("In the student's zone, as the time is."),
    time: z.string(),
  })
  .meta({ id: "Substitute" });

/** How one of several starts is judged, with the earlier ones taken. */
export const judgedSession = {
  place: z.int().describe("Of the start among those asked for; 1 is the first."),
  starts_at: z.string(),
  verdict: refusedVerdict.nullable().describe("Why it cannot be booked; null: it is free."),
  substitutes: z.array(substitute).describe("Free starts close to one that is not, the closest first."),
};
export const refusedSession = z.object(judgedSession).meta({ id: "RefusedSession" });
export type RefusedSession = z.infer<typeof refusedSession>;

/** Why a day offers nothing, see scheduling/explain.ts. */
export const emptyDayReason = z.enum(DAY_REASONS);
export type EmptyDayReason = z.infer<typeof emptyDayReason>;

export const slotDay = z.object({
  date: responseDate.describe("Viewer-local date."),
  slots: z.array(slot),
  reason: emptyDayReason.optional().describe("On days without a free time: why there is none."),
});

export const slotAnswer = z
  .object({
    timezone: z.string().describe("The viewer's zone."),
    mentor_timezone: z.string(),
    duration: responseMinutes,
    days: z.array(slotDay).describe("Every date of the range, those without slots included."),
  })
  .meta({ id: "Slots" });
export type SlotAnswer = z.infer<typeof slotAnswer>;

/** Which days of the viewer. */
export const slotDayQuery = z.object({
  from: localDate,
  to: localDate,
  timezone: timeZone.optional().describe("The viewer's zone; the mentor's when left out."),
});

/** Days in order, and not too many of them. This is also asked about texts that `localDate` has refused. */
export function viewerDays<Query extends z.ZodType<{ from: LocalDate; to: LocalDate }>>(query: Query): Query {
  return query
    .refine(({ from, to }) => from <= to, { message: dateErrors.endBeforeStart, path: ["to"] })
    .refine(({ from, to }) => (parseDate(to) ?? 0) - (parseDate(from) ?? 0) < countLimits.slotDays, {
      message: dateErrors.tooManyDays(countLimits.slotDays),
      path: ["to"],
    });
}

export const slotQuery = viewerDays(
  slotDayQuery.extend({
    duration: durationQuery,
    service_id: uuid.optional(),
    include: z.enum(["all", "available"]).default("available"),
  }),
);

export const bookedSlot = z
  .object({ scheduled_time: z.string(), duration: responseMinutes, starts_at: z.string() })
  .meta({ id: "BookedSlot" });
export type BookedSlot = z.infer<typeof bookedSlot>;
export const bookedSlots = z.array(bookedSlot);
export const bookedSlotQuery = z.object({ date: localDate.describe("A date in the mentor's zone.") });
