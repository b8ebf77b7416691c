import { type Freq, RRuleTemporal } from "rrule-temporal";
import { calendarLimits } from "#rules/limits.ts";
import { DAY_MS } from "#scheduling/units.ts";
import { readWall } from "./moments.ts";

/**
 * RRULE. It is expanded on a clock without changes, and the series then looks up its zone's: zones have one source in this
 * app, and occurrences in a skipped hour are neither lost nor made up for at the end.
 */
export interface RecurrenceRule {
  parts: RuleParts;
  /** Included; as it is written. */
  until: { wall: number; isDate: boolean; isUtc: boolean } | null;
}

interface RuleParts {
  freq: Freq;
  interval: number;
  count?: number;
  wkst?: string;
  bySecond?: number[];
  byMinute?: number[];
  byHour?: number[];
  byDay?: string[];
  byMonthDay?: number[];
  byYearDay?: number[];
  byWeekNo?: number[];
  byMonth?: number[];
  bySetPos?: number[];
}

export interface Expansion {
  /** Ascending wall clock ms. */
  walls: number[];
  /** Whether they are all there are. */
  isComplete: boolean;
}

const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

/** @param recur as ical.js reads an RRULE. @throws RangeError if its end is no time */
export function readRule(recur: Readonly<Record<string, unknown>>): RecurrenceRule {
  const numbers = (name: string) =>
    recur[name] === undefined ? undefined : [recur[name]].flat().map(Number);
  const parts: RuleParts = { freq: recur.freq as Freq, interval: Number(recur.interval ?? 1) };
  // COUNT=0 is not allowed. That the series does not end is the reading which hides no occurrence.
  if (recur.count) parts.count = Number(recur.count);
  if (recur.wkst !== undefined) parts.wkst = weekdays[Number(recur.wkst) - 1]!;
  const by = {
    bySecond: numbers("bysecond"),
    byMinute: numbers("byminute"),
    byHour: numbers("byhour"),
    byDay: recur.byday === undefined ? undefined : [recur.byday].flat().map(String),
    byMonthDay: numbers("bymonthday"),
    byYearDay: numbers("byyearday"),
    byWeekNo: numbers("byweekno"),
    byMonth: numbers("bymonth"),
    bySetPos: numbers("bysetpos"),
  };
  for (const [name, value] of Object.entries(by))
    if (value !== undefined) Object.assign(parts, { [name]: value });
  if (recur.until === undefined) return { parts, until: null };
  const until = readWall(recur.until);
  if (until === null) throw new RangeError(`UNTIL=${String(recur.until)}`);
  return { parts, until };
}

/**
 * The starts of a rule in [from, until], wall clock ms. UNTIL is left to the caller, who knows the zone.
 * @throws for a rule that contradicts itself
 */
export function expandRule({ parts }: RecurrenceRule, start: number, from: number, until: number): Expansion {
  if (until < start || until < from) return { walls: [], isComplete: true };
  const certain = withoutDoubt(parts, start);
  if (mostInADay(parts) > calendarLimits.occurrencesInADay) return { walls: [], isComplete: false };
  try {
    return { walls: startsBetween(certain, start, from, until), isComplete: true };
  } catch (error) {
    if (!isOutOfSteps(error)) throw error;
  }
  // Where a series ends by COUNT is found by walking it from its start. One too long for that counts as endless.
  const { count, ...endless } = certain;
  if (count !== undefined) return expandRule({ parts: endless, until: null }, start, from, until);
  return { walls: [], isComplete: false };
}

function startsBetween(parts: RuleParts, start: number, from: number, until: number): number[] {
  const rule = new RRuleTemporal({
    ...parts,
    dtstart: new Temporal.ZonedDateTime(BigInt(start) * 1_000_000n, "UTC"),
    maxIterations: calendarLimits.ruleSteps,
    cache: false,
  });
  return rule
    .between(new Date(from), new Date(until), true)
    .map(({ epochMilliseconds }) => epochMilliseconds);
}

/**
 * A rule as rrule-temporal 2.2.8 expands it rightly. Of yearly rules it forgets days without a number beside days with one ("the
 * first Monday of the year, and every Friday"): these are numbered. And where days are named in two ways it takes them for
 * more, not for fewer ("the second Friday of the year, if it is a 13th"): then one of them counts, without what depends on
 * how many there are, so that rather too much is busy.
 */
function withoutDoubt(parts: RuleParts, start: number): RuleParts {
  const { byMonth, byMonthDay, byYearDay, byWeekNo, byDay } = parts;
  if (parts.freq !== "YEARLY") return parts;
  const numbered = byMonth === undefined && byDay?.some(isNumbered) ? byDay : undefined;
  const ways = [byMonthDay, byYearDay, byWeekNo, byYearDay ? byDay : numbered].filter(
    (named) => named !== undefined,
  );
  if (ways.length > 1) return oneWay(parts);
  // RFC 5545 leaves open to which year of an interval the days of a week across New Year belong.
  if (
    byWeekNo &&
    parts.interval > 1 &&
    byWeekNo.some((week) => Math.abs(week) === 1 || Math.abs(week) > 51)
  ) {
    const { count: _count, bySetPos: _bySetPos, ...rest } = parts;
    return withoutDoubt({ ...rest, interval: 1 }, start);
  }
  // Of a week without a day it should take the weekday of the start, and sometimes takes another.
  if (byWeekNo && !byDay) return { ...parts, byDay: [weekdays[new Date(start).getUTCDay()]!] };
  if (numbered === undefined) return parts;
  return {
    ...parts,
    byDay: numbered.flatMap((day) => (isNumbered(day) ? [day] : everyWeek.map((nth) => nth + day))),
  };
}

function oneWay({
  count: _count,
  bySetPos: _bySetPos,
  byMonthDay,
  byYearDay,
  byWeekNo,
  byDay,
  ...parts
}: RuleParts): RuleParts {
  if (byYearDay) return { ...parts, byYearDay };
  const weekdaysOnly = byDay && { byDay: [...new Set(byDay.map((day) => day.slice(-2)))] };
  return byMonthDay
    ? { ...parts, ...weekdaysOnly, byMonthDay }
    : { ...parts, ...weekdaysOnly, byWeekNo: byWeekNo! };
}

/** The last, since a year without a 53rd has days of the next year for it. */
const everyWeek = [...Array.from({ length: 52 }, (_, week) => String(week + 1)), "-1"];

function isNumbered(day: string): boolean {
  return day.length > 2;
}

function isOutOfSteps(error: unknown): boolean {
  return error instanceof Error && /^Maximum .* exceeded/.test(error.message);
}

/** An upper bound, except for rules whose parts exclude one another. */
function mostInADay({ freq, interval, byHour, byMinute, bySecond }: RuleParts): number {
  const [everyHour, everyMinute, everySecond] = [
    /^(HOURLY|MINUTELY|SECONDLY)$/.test(freq),
    /^(MINUTELY|SECONDLY)$/.test(freq),
    freq === "SECONDLY",
  ];
  const hours = byHour?.length ?? (everyHour ? 24 : 1);
  const minutes = byMinute?.length ?? (everyMinute ? 60 : 1);
  const seconds = bySecond?.length ?? (everySecond ? 60 : 1);
  return (hours * minutes * seconds) / (everyHour ? interval : 1);
}

/** The last wall clock of a rule's UNTIL in its series' zone, in doubt the later; Infinity without UNTIL. */
export function lastWall(rule: RecurrenceRule, isDate: boolean, toWall: (instant: number) => number): number {
  const { until } = rule;
  if (until === null) return Number.POSITIVE_INFINITY;
  // A date includes all of its day.
  if (until.isDate) return until.wall + DAY_MS - 1;
  if (!until.isUtc) return until.wall;
  const local = toWall(until.wall);
  return isDate ? Math.max(local, until.wall) : local;
}
