/** Booking a new session, up to its time: the dialog, its first two steps, and the times themselves. */
import type { Approval } from "#rules/approval.ts";
import { windowHours } from "#rules/windows.ts";
import { count } from "./language.ts";

export const bookingDialog = {
  /** @param mentor first name */
  title: (mentor: string) => `Book a session with ${mentor}`,
  steps: "Steps",
  service: "Session",
  time: "Time",
  details: "Details",
  /** In front of a step's name, for screen readers. */
  done: "Done: ",
};

export const serviceStep = {
  title: "What would you like to book?",
  /** @param mentor first name */
  gone: (mentor: string) => `${mentor} no longer offers this session`,
  chooseAnother:
    "Nothing has been booked, and nothing you have typed is lost. Please choose another session.",
  noOther: "Nothing has been booked. There are no other sessions to choose from right now.",
  recording: "Recording available",
  missing: "Choose a session and its length to continue.",
};

/** What happens once a booking that may need approval is sent. @param mentor first name */
export const requestNotes = {
  approve_first: (mentor: string) =>
    `Your first session with ${mentor} is a request: ${replyBy(mentor)} Later sessions are confirmed instantly.`,
  approve: (mentor: string) => `This is a request: ${replyBy(mentor)}`,
} satisfies Record<Exclude<Approval, "instant">, (mentor: string) => string>;

function replyBy(mentor: string): string {
  return `${mentor} replies within ${windowHours.requestAnswer} h, or before the session starts if that’s sooner. The time is held for you until then.`;
}

export const timeStep = {
  title: "Pick a time",
  missing: "Pick a time to continue.",
  /** Below the times in a browser without JavaScript. */
  needsScript: "MatePeak needs JavaScript to book a time.",
  preview: "This is a preview. You can’t book yourself.",
  /** Below the times; both parts are buttons. */
  otherOptions: ({ request, notify }: { request: string; notify: string }) =>
    `Nothing works? ${request} or ${notify}`,
  request: "Request another time",
  notify: "get notified when one opens up",
};

export const availableTimes = {
  loading: "Loading available times…",
  next: "Next available times",
  none: "No times available right now. Try another length or another mentor.",
  more: (times: number) => `Show ${times} more times`,
  pickDay: "Pick a day to see its times.",
  /** The same start on the mentor's clock. */
  forMentor: ({ time, mentor }: { time: string; mentor: string }) => `${time} for ${mentor}`,
  seatsLeft: (seats: number) => `${count(seats, { one: "seat", other: "seats" })} left`,
};

export const partsOfDay = { morning: "Morning", afternoon: "Afternoon", evening: "Evening" };

export const emptyDay = {
  none: "No available slots for this date",
  notify: "Notify me",
  looking: "Looking for the next available days…",
  noneLater: "Later days are full too.",
  nextDays: "Next available days",
  times: (times: number) => count(times, { one: "time", other: "times" }),
};

export const monthCalendar = {
  previous: "Previous month",
  next: "Next month",
  otherDate: "Choose a different date",
  /** Announced once the times of a month have loaded. */
  loaded: (month: string, days: number) =>
    `${month}: ${days === 0 ? "no available days" : count(days, { one: "available day", other: "available days" })}`,
  /** The name of a day's button. */
  day: ({ date, times, isToday, isSelected }: DayFacts) =>
    [
      date,
      typeof times === "number" ? availableOn(times) : dayStates[times],
      isToday && "today",
      isSelected && "selected",
    ]
      .filter(Boolean)
      .join(", "),
};

type DayFacts = {
  date: string;
  /** How many times are available, or why that is not known. */
  times: number | "loading" | "failed" | "outside";
  isToday: boolean;
  isSelected: boolean;
};

const dayStates = { loading: "loading times", failed: "times unknown", outside: "not bookable" };

function availableOn(times: number): string {
  return times === 0 ? "no times available" : `${count(times, { one: "time", other: "times" })} available`;
}

/** The chosen time is no longer available. What is kept, and what to do next. */
export const timeUnavailable = {
  details: {
    withNext: "Nothing you have typed is lost. These times are available next:",
    alone: "Nothing you have typed is lost. Please pick another time.",
  },
  rebook: {
    withNext: "Nothing has been booked yet. These times are available next:",
    alone: "Nothing has been booked yet. Please pick another time.",
  },
  reschedule: {
    withNext: "Your session keeps its current time. These times are available next:",
    alone: "Your session keeps its current time. Please pick another one.",
  },
};

/** Why the last attempt did not book. */
export const bookingRefusal = {
  newPrice: (price: string) => `The price is now ${price}`,
  priceChanged: "It has changed since you opened this page. Confirm again to book at the new price.",
  temporary: "Nothing you have typed is lost, and it’s safe to try again.",
  final: "Nothing has been booked yet.",
};

/** Notifications of the page once a booking is sent. */
export const bookingSent = { request: "Request sent", booking: "Booking created successfully!" };
