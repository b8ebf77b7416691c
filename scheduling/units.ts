/**
 * Instants, days and minutes as branded values, and lengths of time in milliseconds. In code `startsAt` is an instant; `starts_at`
 * is its text in ISO 8601, as the API has it. Inner loops of the engine use plain numbers and brand what they return.
 */

declare const unit: unique symbol;

/** Milliseconds since 1970-01-01T00:00Z. */
export type EpochMs = number & { readonly [unit]: "EpochMs" };

/** A day of the calendar as 'YYYY-MM-DD' that exists, which compares like its text. dates.ts parses and formats it. */
export type LocalDate = string & { readonly [unit]: "LocalDate" };

/** The same day as a number: days since 1970-01-01. */
export type EpochDay = number & { readonly [unit]: "EpochDay" };

/** A length of time, or a time of day since 00:00. */
export type Minutes = number & { readonly [unit]: "Minutes" };

/** A number that is none of these: a count, or a length in the unit that the parameter's name says. */
export type Unitless = number & { readonly [unit]?: never };

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** 24 hours. Calendar days are dates, see dates.ts. */
export const DAY_MS = 24 * HOUR_MS;

/** The instants that ECMAScript can name lie within this many milliseconds of 1970. */
const FURTHEST = 8.64e15;

/** @throws RangeError for a number that is no instant */
export function epochMs(value: number): EpochMs {
  if (!(Math.abs(value) <= FURTHEST)) throw new RangeError(`Not an instant: ${value}`);
  return value as EpochMs;
}

/** Of a row's `timestamptz`, or of a clock that ticks in `Date`s. @throws RangeError for an invalid date */
export function fromDate(date: Date): EpochMs {
  return epochMs(date.getTime());
}

/** ISO 8601 with an offset or Z. @throws RangeError for any other text */
export function parseInstant(text: string): EpochMs {
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw new RangeError(`Not an instant: ${text}`);
  return value as EpochMs;
}

/** ISO 8601 in UTC: '2026-11-28T09:30:00.000Z'. */
export function formatInstant(instant: EpochMs): string {
  return new Date(instant).toISOString();
}

/** @param ms may be negative */
export function addMs(instant: EpochMs, ms: Unitless): EpochMs {
  return epochMs(instant + ms);
}

/** Brands a number that is minutes: one that was typed in, or the result of a computation with minutes. */
export function asMinutes(value: Unitless): Minutes {
  return value as number as Minutes;
}

export function minutesBetween(from: EpochMs, until: EpochMs): Minutes {
  return asMinutes((until - from) / MINUTE_MS);
}

/** A list that the engine has computed. */
export function asInstants(list: readonly number[]): EpochMs[] {
  return list as EpochMs[];
}
