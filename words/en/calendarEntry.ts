/** A session in the calendar of its student or its mentor (an iCalendar file). */
import type { Minutes } from "#scheduling/units.ts";
import { duration } from "./durations.ts";

/** @param other the other person's name; undefined for a student without one */
export const entryTitle = (service: string, other: string | undefined) =>
  `${service} with ${other ?? "a student"}`;

/** Lines of the description. */
export const entryLines = {
  mentor: (name: string) => `Mentor: ${name}`,
  student: (name: string) => `Student: ${name}`,
  length: (minutes: Minutes) => `Length: ${duration(minutes)}`,
  message: (text: string) => `Message: ${text}`,
  join: (url: string) => `Join: ${url}`,
  phone: (who: string) => `Phone: ${who}`,
  /** @param number null if it is not known */
  youCall: (other: string, number: string | null) =>
    number ? `you call ${other} on ${number}` : `you call ${other}`,
  theyCall: (other: string, number: string | null) =>
    number ? `${other} calls you on ${number}` : `${other} calls you`,
  place: (address: string) => `Place: ${address}`,
  map: (url: string) => `Map: ${url}`,
  note: (note: string) => `How to join: ${note}`,
  details: (url: string) => `Details: ${url}`,
};
