/** Alerts about times that open up. */
import type { Minutes } from "#scheduling/units.ts";
import { sessionLength } from "./durations.ts";

/** The form, in place of the available times. */
export const newAlert = {
  signIn: "Sign in to get notified",
  title: "Get notified when a time opens up",
  lead: ({ mentor, minutes, zone }: { mentor: string; minutes: Minutes; zone: string }) =>
    `We’ll notify you once if a ${minutes}-minute slot with ${mentor} opens up on these dates (${zone}).`,
  from: "From",
  to: "To",
  noDate: "Choose a date.",
  submit: "Notify me",
  created: "We’ll notify you",
  next: (mentor: string) => `You’ll get a notification when ${mentor} has a time on these dates.`,
};

export const ownAlerts = {
  title: "Availability alerts",
  facts: (service: string, minutes: Minutes, zone: string) =>
    `${service}, ${sessionLength(minutes)} · dates in ${zone}`,
  /** @param mentor full name */
  remove: (mentor: string, days: string) => `Stop watching ${mentor}, ${days}`,
};
