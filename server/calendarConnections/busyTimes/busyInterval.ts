import { calendarLimits } from "#rules/limits.ts";
import type { EpochMs } from "#scheduling/units.ts";

/** [startsAt, endsAt) */
export interface BusyInterval {
  startsAt: EpochMs;
  endsAt: EpochMs;
  isAllDay: boolean;
  title: string | null;
}

/** An occurrence of an event during which its owner is busy. */
export interface BusyTime extends BusyInterval {
  uid: string | null;
}

export type FaultReason =
  /** A line, or a value in it. */
  | "unreadable"
  | "no_start"
  | "ends_before_start"
  /** Its first occurrence is busy; which others there are is unknown. */
  | "bad_rule"
  /** Read on the calendar's own clock. */
  | "unknown_zone"
  /** Too many occurrences, or too many steps to find them: all of the time from where they end is busy. */
  | "too_many_occurrences";

/** What could not be read of one event. The others are read. */
export interface BusyFault {
  uid: string | null;
  reason: FaultReason;
  /** The value, or what the parser says of it. */
  detail: string;
}

/** Which time is asked for, and how its events are read. */
export interface BusyQuery {
  /** [from, until) */
  from: EpochMs;
  until: EpochMs;
  /** IANA zone on whose clock all-day events begin; null if neither provider nor file tells. */
  calendarZone: string | null;
  /** IANA zone on whose clock floating times are read. */
  personZone: string;
  /** E-mail addresses of the calendar's owner: an invitation that they declined is free. */
  ownAddresses?: readonly string[];
}

export interface BusyReading {
  busy: BusyTime[];
  faults: BusyFault[];
}

/** A title as the database takes it: on one line, and not too long. Null if nothing is left of it. */
export function readTitle(text: string | null | undefined): string | null {
  const line = (text ?? "")
    .normalize("NFC")
    .replace(/\p{Cc}+/gu, " ")
    .trim();
  return line.slice(0, calendarLimits.title).toWellFormed().trim() || null;
}
