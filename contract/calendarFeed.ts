import { z } from "zod";
import { windowDays } from "#rules/windows.ts";

/** A person's calendar feed. */
export const calendarFeed = z
  .object({
    is_on: z.boolean(),
    created_at: z
      .string()
      .nullable()
      .describe("When the present address was created; null if the feed is off."),
    last_read_at: z.string().nullable().describe("When a calendar last asked, to within an hour."),
  })
  .meta({ id: "CalendarFeed" });
export type CalendarFeed = z.infer<typeof calendarFeed>;

export const newCalendarFeed = z
  .object({
    url: z
      .string()
      .describe(
        `Returns the sessions of the last ${windowDays("calendarFeed")} days and all coming ones as text/calendar, without sign-in. It cannot be shown again.`,
      ),
    created_at: z.string(),
  })
  .meta({ id: "NewCalendarFeed" });
export type NewCalendarFeed = z.infer<typeof newCalendarFeed>;
