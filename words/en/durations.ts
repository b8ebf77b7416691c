/** Lengths of time. Sessions have a short form, everything else is written out. */
import { asMinutes, type Minutes } from "#scheduling/units.ts";
import { count } from "./language.ts";

const HOUR = 60;
const DAY = 24 * HOUR;
/** Keeps a number and its unit on one line. */
const NBSP = "\u00a0";

/** The length of a session: 60 -> "60 min", 90 -> "90 min", 240 -> "4 h". */
export function sessionLength(minutes: Minutes): string {
  return minutes >= 3 * HOUR && minutes % HOUR === 0 ? `${minutes / HOUR} h` : `${minutes} min`;
}

/** 45 -> "45 minutes", 90 -> "1 hour 30 minutes", 1440 -> "24 hours", 2880 -> "2 days". */
export function duration(minutes: Minutes): string {
  if (minutes > DAY && minutes % DAY === 0) return count(minutes / DAY, { one: "day", other: "days" });
  const hours = Math.floor(minutes / HOUR);
  const rest = minutes % HOUR;
  const parts = [
    hours > 0 && count(hours, { one: "hour", other: "hours" }),
    (rest > 0 || hours === 0) && count(rest, { one: "minute", other: "minutes" }),
  ];
  return parts.filter(Boolean).join(" ");
}

/** How long to wait before trying again: 1 -> "1 second", 90 -> "2 minutes", 7200 -> "2 hours". */
export function wait(seconds: number): string {
  if (seconds < 60) return count(seconds, { one: "second", other: "seconds" });
  return duration(asMinutes(Math.ceil(seconds / 60)));
}

/** The parts of a countdown; the largest two are shown. */
export const countdown = {
  now: "now",
  withinAMinute: "in less than a minute",
  days: (days: number, hours: number) =>
    `in ${days}${NBSP}${days === 1 ? "day" : "days"}${hours > 0 ? ` ${hours}${NBSP}h` : ""}`,
  hours: (hours: number, minutes: number) =>
    `in ${hours}${NBSP}h${minutes > 0 ? ` ${minutes}${NBSP}min` : ""}`,
  minutes: (minutes: number, seconds: number) =>
    `in ${minutes}${NBSP}min${seconds > 0 ? ` ${seconds}${NBSP}s` : ""}`,
  seconds: (seconds: number) => `in ${seconds}${NBSP}s`,
};
