/** Booking the same session again. */
import type { Minutes } from "#scheduling/units.ts";
import { sessionLength } from "./durations.ts";

export const rebook = {
  again: "Book again",
  /** The full name of the button "Book again". */
  againWith: (mentor: string) => `Book again with ${mentor}`,
  /** @param mentor first name */
  dialog: (mentor: string) => `Book ${mentor} again`,
  title: "The same again?",
  failed: "Couldn’t load the available times",
  session: ({ service, minutes, mentor }: { service: string; minutes: Minutes; mentor: string }) =>
    `${service}, ${sessionLength(minutes)}, with ${mentor}`,
  sameTime: "Same day and time as last time",
  otherTimes: "Or pick another time",
  noOther: "No other times are available in the coming weeks.",
  none: "No times are available in the coming weeks.",
  yourTime: (zone: string) => `Your time (${zone})`,
  moreTimes: "More times",
  instant: "Confirmed instantly.",
  /** @param price null when it is free */
  book: (price: string | null) => (price === null ? "Book for free" : `Book for ${price}`),
  request: (price: string | null) => (price === null ? "Send request" : `Send request for ${price}`),
};

/** The session cannot be booked again. `mentor` is a first name. */
export const notOffered = {
  title: "No longer available",
  service: (mentor: string, service: string) => `${mentor} no longer offers “${service}”.`,
  length: (mentor: string, service: string, minutes: Minutes) =>
    `${mentor} no longer offers “${service}” in ${sessionLength(minutes)}.`,
  mentor: (mentor: string) => `${mentor} has left MatePeak.`,
  otherSessions: (mentor: string) => `You can find other sessions on ${mentor}’s page.`,
  otherMentors: "Another mentor may be able to help.",
  seePage: (mentor: string) => `See what ${mentor} offers`,
};
