/** Sessions that repeat. Days, times and amounts come formatted; names are first names. */
import { count } from "./language.ts";

const dates = (many: number) => count(many, { one: "date", other: "dates" });

/** In the booking dialog, from the dates to the payment. */
export const repeat = {
  open: "Repeat",
  title: "Repeat this session",
  every: "How often",
  weekly: "Every week",
  two_weeks: "Every 2 weeks",
  howMany: "Sessions",
  /** @param days how far ahead the mentor can be booked */
  reach: (mentor: string, days: number) =>
    `${mentor} takes bookings up to ${count(days, { one: "day", other: "days" })} ahead.`,
  list: "Dates",
  calendar: "Calendar of the dates",
  loading: "Checking all dates…",
  failed: "Couldn’t check the dates.",
  chosen: ({ chosen, all }: { chosen: number; all: number }) => `${chosen} of ${dates(all)}`,
  notChosen: (many: number) =>
    `${dates(many)} not available. Pick another time for ${many === 1 ? "it" : "them"}, or go on without.`,
  tooFew: (least: number) => `Choose at least ${dates(least)} to continue.`,
  /** The same start on the mentor's clock. */
  forMentor: ({ time, mentor }: { time: string; mentor: string }) => `${time} for ${mentor}`,
  insteadOf: (when: string) => `Instead of ${when}`,
  substitutes: "Instead:",
  noSubstitutes: "No free time within three days of it.",
  leftOut: "Left out",
  /** From this date on, until another one says so. */
  clocksForStudent: (time: string) => `The clocks change: ${time} for you from here on.`,
  clocksForMentor: ({ time, mentor }: { time: string; mentor: string }) =>
    `The clocks change: ${time} for ${mentor} from here on.`,
  travels: ({ mentor, city, time }: { mentor: string; city: string; time: string }) =>
    `${mentor} is on ${city} time from here on: ${time} there.`,
  seeDates: "See all dates",
  takenMeanwhile: (when: string) => `Taken meanwhile: ${when}.`,
  /** The cell of a day. */
  day: { chosen: "session", open: "not available", omitted: "left out" },
};

/** How to pay for a series. */
export const seriesPayment = {
  title: "How to pay",
  at_once: { label: "All at once", detail: (total: string) => `${total} when you book.` },
  per_session: {
    label: "Session by session",
    detail: (each: string) =>
      `${each} when you book. Each other session is due before it takes place: we’ll remind you three days ahead, and it’s released a day ahead if it isn’t paid.`,
  },
  credits: {
    label: "With your package",
    detail: ({ used, left }: { used: number; left: number }) =>
      `Uses ${used} of your ${count(left, { one: "session", other: "sessions" })}.`,
    tooFew: ({ left, dates }: { left: number; dates: number }) =>
      `Your package has ${count(left, { one: "session", other: "sessions" })} left, too few for these ${dates} dates.${left > 1 ? ` To use it, go back and choose ${left}.` : ""}`,
  },
};
