/** Booking a new session: the dialog and its second step, the times. */
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
  otherOptions: ({ request, wait }: { request: string; wait: string }) =>
    `Nothing works? ${request} or ${wait}`,
  request: "Request another time",
  wait: "join the waitlist",
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
  wait: "Join the waitlist",
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
