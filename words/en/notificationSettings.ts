/** What a person is notified of, and how. */
import type { Topic } from "#rules/topics.ts";
import type { Minutes } from "#scheduling/units.ts";
import { duration } from "./durations.ts";
import { defaultLocale } from "./language.ts";

const list = new Intl.ListFormat(defaultLocale);

export const notificationSettings = {
  lead: "Changes are saved right away. We always e-mail you about your account itself.",
  failed: "Couldn’t load your notification settings",
  saved: "Saved",
  saveFailed: "Couldn’t save your notification settings",
};

export const topicTable = {
  caption: "What we notify you about",
  topic: "Topic",
  inbox: "Inbox",
  email: "E-mail",
  noBookings: "You won’t hear when a session is booked, moved or cancelled.",
};

export const topicTexts = {
  bookings: {
    title: "Bookings",
    text: "Requests, confirmations, changes, cancellations and no-shows.",
  },
  reminders: { title: "Reminders", text: "Before a session starts." },
  time_requests: { title: "Time requests", text: "When another time is requested or suggested." },
  alerts: { title: "Free times", text: "When a mentor you’re waiting for has a free time." },
  reviews: { title: "Reviews", text: "When you can leave one, and when you get one or a reply." },
  payments: {
    title: "Payments",
    text: "Receipts, refunds and payouts. If one fails, we always let you know.",
  },
  calendars: {
    title: "Connected calendars",
    text: "When one can’t be read, or its login is about to end.",
  },
} satisfies Record<Topic, { title: string; text: string }>;

export const reminderTimes = {
  title: "Remind me before a session",
  chosen: (leads: readonly Minutes[]) =>
    leads.length === 0
      ? "You won’t get any reminders."
      : `You’ll be reminded ${list.format(leads.map(duration))} before each session.`,
  atMost: (most: number) => `You can choose up to ${most}.`,
  muted: "Reminders are turned off above, so you won’t get any.",
  lead: (lead: Minutes) => duration(lead),
};

export const quietHours = {
  title: "Quiet hours",
  text: "E-mails that can wait arrive afterwards.",
  from: "From",
  until: "Until",
  zone: (zone: string) => `In your time zone: ${zone}.`,
  noZone: "Save your time zone in your profile to make sure they’re right.",
  urgent: "Changes to sessions in the next 24 hours still arrive right away.",
  missing: "Enter a time.",
  same: "Choose two different times.",
};

/** Where mail to the person's address was rejected. */
export const unreachable = {
  title: "Our e-mails don’t reach you",
  text: ({ email }: { email: string }) =>
    `The mail server rejected our e-mails to ${email}, so we’ve stopped sending them. Change the address, or confirm it again if it’s right.`,
  action: "Check your address",
};
