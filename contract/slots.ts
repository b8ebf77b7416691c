import { z } from "zod";
import { parseDate } from "../scheduling/zonedTime.ts";
import { durationQuery, localDate, timeZone, uuid } from "./primitives.ts";

/** The longest range of viewer-local dates one question may span. */
export const maxSlotDays = 62;

export const slot = z
  .object({
    time: z.string().describe("HH:MM in the viewer's zone."),
    starts_at: z.string().describe("The instant, UTC."),
    available: z.boolean(),
    seats_left: z.int().optional().describe("Group sessions only."),
  })
  .meta({ id: "Slot" });
export type Slot = z.infer<typeof slot>;

export const slotDay = z.object({ date: z.string().describe("Viewer-local date."), slots: z.array(slot) });

export const slotAnswer = z
  .object({
    timezone: z.string().describe("The viewer's zone."),
    mentor_timezone: z.string(),
    duration: z.int(),
    days: z.array(slotDay).describe("Every date of the range, those without slots included."),
  })
  .meta({ id: "Slots" });
export type SlotAnswer = z.infer<typeof slotAnswer>;

export const slotQuery = z
  .object({
    from: localDate,
    to: localDate,
    duration: durationQuery,
    timezone: timeZone.optional().describe("The viewer's zone; the mentor's when left out."),
    service_id: uuid.optional(),
    include: z.enum(["all", "available"]).default("available"),
  })
  .refine((query) => query.from <= query.to, { message: "The end lies before the start.", path: ["to"] })
  .refine((query) => (parseDate(query.to) ?? 0) - (parseDate(query.from) ?? 0) < maxSlotDays, {
    message: `Ask for at most ${maxSlotDays} days at once.`,
    path: ["to"],
  });

export const bookedSlot = z
  .object({ scheduled_time: z.string(), duration: z.int(), starts_at: z.string() })
  .meta({ id: "BookedSlot" });
export type BookedSlot = z.infer<typeof bookedSlot>;
export const bookedSlots = z.array(bookedSlot);
export const bookedSlotQuery = z.object({ date: localDate.describe("A date in the mentor's zone.") });
