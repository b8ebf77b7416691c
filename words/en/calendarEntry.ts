/** A session in the calendar of its student or its mentor (an iCalendar file). */
import type { Minutes } from "#scheduling/units.ts";
import { duration } from "./durations.ts";
import { count } from "./language.ts";

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

/** A group session in its mentor's calendar: one entry for all seats. */
export const groupEntryTitle = (service: string, attendees: number, capacity: number) =>
  `${service}: ${groupEntryLines.seats(attendees, capacity)}`;

export const groupEntryLines = {
  seats: (attendees: number, capacity: number) =>
    `${attendees} of ${count(capacity, { one: "seat", other: "seats" })}`,
  /** @param others how many more there are */
  attendees: (names: readonly string[], others: number) =>
    `Booked: ${names.join(", ")}${others > 0 ? ` and ${others} more` : ""}`,
  /** In place of a name that is not known. */
  nameless: "a student",
  requests: (requests: number) =>
    `Waiting for your answer: ${count(requests, { one: "request", other: "requests" })}`,
};
