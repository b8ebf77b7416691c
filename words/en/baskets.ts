/** Several sessions that are booked at once: the basket, and what books them. Days and times come formatted. */
import type { Approval } from "#rules/approval.ts";
import type { Verdict } from "#scheduling/slots.ts";
import { count } from "./language.ts";
import { startRefusals } from "./slots.ts";

const sessions = (many: number) => count(many, { one: "session", other: "sessions" });

/** At the foot of the times. */
export const basket = {
  title: "Your times",
  add: "Add another time",
  added: (when: string) => `${when} is on your list. Pick another time.`,
  remove: (when: string) => `Remove ${when}`,
  removed: (when: string) => `${when} is off your list.`,
  full: (most: number) => `You can book up to ${most} times at once.`,
  /** A time of another service or length than the one that is being chosen. */
  other: ({ when, what }: { when: string; what: string }) => `${when} · ${what}`,
  overlaps: (when: string) =>
    `This overlaps with ${when} on your list. Pick another time, or take that one off.`,
  listed: "This time is on your list.",
};

export const bookTogether = {
  title: "Almost there",
  /** @param zone such as "Kathmandu, GMT+5:45" */
  zone: (zone: string) => `Your time (${zone})`,
  /** The same start on the mentor's clock. @param mentor first name */
  forMentor: ({ time, mentor }: { time: string; mentor: string }) => `${time} for ${mentor}`,
  allOrNone: "All of them are booked, or none.",
  order: (many: number) => sessions(many),
  /** A line of the price. @param length such as "60 min" */
  line: ({ times, service, length }: { times: number; service: string; length: string }) =>
    `${times} × ${service}, ${length}`,
  coupon: (code: string) => `Coupon ${code}`,
  recordings: (times: number) => `${times} × recording`,
  /** A session among others. */
  what: ({ service, length }: { service: string; length: string }) => `${service}, ${length}`,
  /** Instead of what is to be paid. */
  byPackage: "Paid with your package",
  credits: (used: number) => `${used} × paid with your package`,
  addRecordings: (price: string | null) =>
    price === null ? "Add free recordings" : `Add recordings for ${price} each`,
  /** Several services, which cost different amounts. */
  addRecordingsWherePossible: "Add a recording to each session that offers it",
  total: "Total",
  now: "To pay now",
  /** The button that books. */
  submit: {
    instant: (many: number) => `Book ${sessions(many)}`,
    approve_first: (many: number) => `Book ${sessions(many)}`,
    approve: (many: number) => `Request ${sessions(many)}`,
  } satisfies Record<Approval, (many: number) => string>,
  brief: (total: string, many: number) => `${total} · ${sessions(many)}`,
};

/** Why one of several times cannot be booked. */
export const dateRefusals = {
  ...startRefusals,
  taken: "This time is taken.",
  buffer: "This time is too close to another session.",
  past: "This time has passed.",
} satisfies Record<Exclude<Verdict, "free"> | "off_grid", string>;

/** Some of the sessions could not be booked, so none was. */
export const notBooked = {
  title: (many: number) =>
    many === 1
      ? "One of these times is no longer available."
      : `${many} of these times are no longer available.`,
  text: "Nothing has been booked, and nothing you have typed is lost.",
  without: (when: string) => `Leave out ${when}`,
  leaveOut: "Leave it out",
};

export const sentTogether = {
  booked: (many: number) => `${sessions(many)} booked`,
  requested: (many: number) => `${sessions(many)} requested`,
};
