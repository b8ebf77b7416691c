/** What people can switch on and off, by channel. */
import { asMinutes, type Minutes } from "#scheduling/units.ts";

export const topics = [
  "bookings",
  "reminders",
  "time_requests",
  "alerts",
  "reviews",
  "payments",
  "calendars",
] as const;
export type Topic = (typeof topics)[number];

const channels = ["inbox", "email"] as const;
export type ChannelName = (typeof channels)[number];

/** A topic that does not reach a channel. */
export type Muted = `${ChannelName}:${Topic}`;

export const allMutes: readonly Muted[] = channels.flatMap((channel) =>
  topics.map((topic) => `${channel}:${topic}` as const),
);

/** How long before a session people can be reminded. */
export const reminderLeads: readonly Minutes[] = [15, 30, 60, 120, 240, 720, 1440, 2880, 10_080].map(
  asMinutes,
);
export const usualReminderLeads: readonly Minutes[] = [1440, 60].map(asMinutes);
