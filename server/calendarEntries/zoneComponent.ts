/**
 * A time zone in a calendar file (RFC 5545, 3.6.5), from the app's own rules (docs/decisions/0033, 0051). Outlook reads of
 * a VTIMEZONE only a start and a yearly rule per observance, and guesses the rest ([MS-STANOICAL] 2.2.47): a zone whose
 * clock changes are no yearly rule in the years around a session is not written at all, and the session is in UTC.
 */
import { dayOfWeek, epochDay, formatDate } from "#scheduling/dates.ts";
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from "#scheduling/units.ts";
import { changesUpTo, isTimeZone, offsetIn, type ZoneTable, zoneTable } from "#scheduling/zoneTable.ts";
import { component, contentLine } from "./contentLines.ts";

/** Years before and after the written ones in which a rule must also hold: programs use it for more than one entry. */
const yearsBefore = 1;
const yearsAfter = 3;

/** A wall clock repeats less than this before or after a change, and programs disagree which of the two it means. */
const repeatedMs = 3 * HOUR_MS;

/** Names that a calendar knows as UTC itself. */
const universal = /^(Etc\/.*|UTC|UCT|GMT|Zulu|Universal|Greenwich|GMT[+-]?0)$/;

/** How a file writes its instants. */
export interface ZoneWriter {
  /** The VTIMEZONE; no lines if the instants are in UTC. */
  readonly lines: readonly string[];
  /** A property such as DTSTART whose value is an instant. */
  instants(times: Readonly<Record<string, EpochMs>>): string[];
}

/**
 * Returns a writer for the instants from `from` until `until`.
 * @param timeZone IANA name; UTC takes the place of one that is unknown here
 */
export function zoneWriter(timeZone: string, from: EpochMs, until: EpochMs): ZoneWriter {
  if (universal.test(timeZone) || !isTimeZone(timeZone)) return universalTime;
  const firstYear = yearOf(from) - yearsBefore;
  const begin = Date.UTC(firstYear, 0, 1);
  const end = Date.UTC(yearOf(until) + yearsAfter + 1, 0, 1);
  const table = zoneTable(timeZone, begin, end);
  const observances = observancesOf(table, begin, end);
  if (observances === null) return universalTime;
  return {
    lines: component("VTIMEZONE", contentLine("TZID", timeZone), observances),
    instants: (times) => {
      if (Object.values(times).some((at) => isNearChange(table, at))) return inUtc(times);
      return Object.entries(times).map(([name, at]) =>
        contentLine(name, wallText(at + offsetIn(table, at)), { TZID: timeZone }),
      );
    },
  };
}

const universalTime: ZoneWriter = { lines: [], instants: inUtc };

/** 'YYYYMMDDTHHMMSSZ' */
export function utcText(at: number): string {
  return `${wallText(at)}Z`;
}

function isNearChange(table: ZoneTable, at: EpochMs): boolean {
  return changesUpTo(table.changes, at - repeatedMs) !== changesUpTo(table.changes, at + repeatedMs);
}

function inUtc(times: Readonly<Record<string, EpochMs>>): string[] {
  return Object.entries(times).map(([name, at]) => contentLine(name, utcText(at)));
}

function wallText(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d+Z/g, "");
}

/** Returns null if the rules of these years have no form that every calendar reads. */
function observancesOf(table: ZoneTable, begin: number, end: number): string[] | null {
  const onsets: Onset[] = [];
  for (let i = 0; i < table.changes.length - 1; i++) {
    const at = table.changes[i]!;
    if (at < begin || at >= end) continue;
    onsets.push(onsetOf(at, table.offsets[i]!, table.offsets[i + 1]!));
  }
  const offsets = [offsetIn(table, begin), ...onsets.map(({ after }) => after)];
  if (!offsets.every((offset) => offset % MINUTE_MS === 0)) return null;
  if (onsets.length === 0) {
    const offset = offsetIn(table, begin);
    return observance("STANDARD", "19700101T000000", offset, offset);
  }
  const forward = onsets.filter(({ before, after }) => after > before);
  const back = onsets.filter(({ before, after }) => after < before);
  const years = yearOf(end) - yearOf(begin);
  const rules = [yearlyRule(forward, years), yearlyRule(back, years)];
  if (rules.includes(null)) return null;
  return [forward, back].flatMap((list, i) => {
    const { wall, before, after } = list[0]!;
    return observance(i === 0 ? "DAYLIGHT" : "STANDARD", wallText(wall), before, after, rules[i]!);
  });
}

/** A change of the clock, as the clock before it shows it. */
interface Onset {
  wall: number;
  before: number;
  after: number;
  month: number;
  weekday: number;
  timeOfDay: number;
  /** Which of the month's weekdays it is, from the front. */
  nth: number;
  isLast: boolean;
}

function onsetOf(at: number, before: number, after: number): Onset {
  const wall = at + before;
  const day = epochDay(Math.floor(wall / DAY_MS));
  const month = new Date(wall).getUTCMonth() + 1;
  const dayOfMonth = new Date(wall).getUTCDate();
  return {
    ...{ wall, before, after, month },
    weekday: dayOfWeek(day),
    timeOfDay: wall - day * DAY_MS,
    nth: Math.ceil(dayOfMonth / 7),
    isLast: Number(formatDate(epochDay(day + 7)).slice(5, 7)) !== month,
  };
}

const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;

/** Returns null unless the clock changes once in each of the years, by one rule. */
function yearlyRule(onsets: readonly Onset[], years: number): string | null {
  const [first] = onsets;
  if (!first || onsets.length !== years) return null;
  const isSame = onsets.every(
    ({ before, after, month, weekday, timeOfDay }) =>
      before === first.before &&
      after === first.after &&
      month === first.month &&
      weekday === first.weekday &&
      timeOfDay === first.timeOfDay,
  );
  if (!isSame) return null;
  const weekday = weekdays[first.weekday]!;
  const byDay = onsets.every(({ isLast }) => isLast)
    ? `-1${weekday}`
    : onsets.every(({ nth }) => nth === first.nth)
      ? `${first.nth}${weekday}`
      : null;
  return byDay && `FREQ=YEARLY;BYMONTH=${first.month};BYDAY=${byDay}`;
}

function observance(
  name: "STANDARD" | "DAYLIGHT",
  start: string,
  before: number,
  after: number,
  rule?: string,
): string[] {
  return component(name, [
    contentLine("DTSTART", start),
    contentLine("TZOFFSETFROM", offsetText(before)),
    contentLine("TZOFFSETTO", offsetText(after)),
    ...(rule ? [contentLine("RRULE", rule)] : []),
  ]);
}

/** '+0545' */
function offsetText(ms: number): string {
  const minutes = Math.abs(ms) / MINUTE_MS;
  const two = (value: number) => String(value).padStart(2, "0");
  return `${ms < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}

function yearOf(at: number): number {
  return new Date(at).getUTCFullYear();
}
