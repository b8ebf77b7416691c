import { z } from "zod";
import { countLimits } from "#rules/limits.ts";
import { allMutes, type Muted, reminderLeads, topics } from "#rules/topics.ts";
import type { Minutes } from "#scheduling/units.ts";
import { fieldErrors } from "#words/fields.ts";
import { localTime, responseMinutes } from "./primitives.ts";

const mute = z.enum(allMutes as [Muted, ...Muted[]]);

/** What a person wants to be notified of, and how. */
export const notificationSettings = z
  .object({
    muted: z.array(mute).describe("Topics that do not reach a channel: `<channel>:<topic>`."),
    reminder_leads: z.array(responseMinutes).describe("How long before a session to remind, minutes."),
    quiet_hours: z
      .object({ from: z.string(), until: z.string() })
      .nullable()
      .describe("HH:MM in the person's own zone: what is not urgent is mailed after them."),
    is_address_reachable: z.boolean().describe("False if the mail server of the address rejects mail."),
  })
  .meta({ id: "NotificationSettings" });
export type NotificationSettings = z.infer<typeof notificationSettings>;

const lead = z
  .int()
  .refine((minutes) => reminderLeads.some((each) => each === minutes), fieldErrors.invalid)
  .transform((minutes) => minutes as Minutes);

export const updateNotificationSettings = z
  .strictObject({
    muted: z.array(mute).max(allMutes.length),
    reminder_leads: z.array(lead).max(countLimits.reminders),
    quiet_hours: z
      .strictObject({ from: localTime, until: localTime })
      .refine(({ from, until }) => from !== until, { error: fieldErrors.invalid, path: ["until"] })
      .nullable(),
  })
  .partial();
export type UpdateNotificationSettings = z.input<typeof updateNotificationSettings>;

/** What a link in a mail ended. */
export const unsubscribed = z.object({ topic: z.enum(topics) }).meta({ id: "Unsubscribed" });
