/** The page that ends the mails of a topic. */
import type { Topic } from "#rules/topics.ts";
import { brand } from "./layout.ts";

const mailsAbout = {
  bookings: "e-mails about your bookings",
  reminders: "reminders by e-mail",
  time_requests: "e-mails about time requests",
  alerts: "e-mails about free times",
  reviews: "e-mails about reviews",
  payments: "e-mails about payments",
  calendars: "e-mails about connected calendars",
} satisfies Record<Topic, string>;

export const unsubscribe = {
  title: "Unsubscribe",
  ask: (topic: Topic) => `Stop ${mailsAbout[topic]}?`,
  consequence: `Your ${brand} inbox stays as it is, and you can turn e-mails on again at any time.`,
  confirm: "Unsubscribe",
  done: (topic: Topic) => `You won’t get ${mailsAbout[topic]} any more`,
  changedYourMind: "Changed your mind? Choose what you get in your account.",
  settings: "Notification settings",
};

export const invalidUnsubscribe = {
  title: "This link isn’t valid",
  text: "It may be incomplete. You can also choose which e-mails you get in your account.",
};
