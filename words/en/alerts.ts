/** Alerts about times that open up. */
import type { Minutes } from "#scheduling/units.ts";
import { sessionLength } from "./durations.ts";

/** The dates, and what is said once an alert is set. */
export const newAlert = {
  from: "From",
  to: "To",
  noDate: "Choose a date.",
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
