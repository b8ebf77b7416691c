import { z } from "zod";
import { booking } from "./bookings.ts";
import { localDate } from "./primitives.ts";
import { slotDayQuery, viewerDays } from "./slots.ts";

const stretch = z.object({ starts_at: z.string(), ends_at: z.string() });

/** One date on the mentor's clock, which hangs in another zone while the mentor travels. */
export const calendarDay = z
  .object({
    date: localDate,
    timezone: z.string().describe("The zone the mentor is in on that date."),
    starts_at: z.string().describe("When the date begins."),
    ends_at: z.string().describe("When the next one begins: 23 or 25 hours later where the clocks change."),
    open: z.array(stretch).describe("Open hours, as far as they lie in this date."),
    is_off: z.boolean().describe("A blocked date."),
  })
  .meta({ id: "CalendarDay" });
export type CalendarDay = z.infer<typeof calendarDay>;

/** A booking with the size of the session that it sits in. */
export const calendarBooking = booking
  .extend({ capacity: z.int().describe("Seats of its session; 1 if no one else can join.") })
  .meta({ id: "CalendarBooking" });
export type CalendarBooking = z.infer<typeof calendarBooking>;

export const calendar = z
  .object({
    timezone: z.string().describe("The usual zone."),
    days: z.array(calendarDay),
    sessions: z
      .array(calendarBooking)
      .describe("All that touch these days and were not called off, in order."),
  })
  .meta({ id: "Calendar" });
export type Calendar = z.infer<typeof calendar>;

export const calendarQuery = viewerDays(slotDayQuery.omit({ timezone: true }));
