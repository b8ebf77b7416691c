/**
 * RFC 5545's table of recurrence rules (3.3.10) as a search: each second, minute, hour or day is asked whether the rule names it.
 * Slow, and short enough to be compared with the text of the standard.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#scheduling/units.ts";
import type { RandomRule } from "./randomRules.ts";

const SECOND_MS = 1000;
const steps = { HOURLY: HOUR_MS, MINUTELY: MINUTE_MS, SECONDLY: SECOND_MS } as const;

/** Days. */
const margins: Partial<Record<RandomRule["freq"], number>> = { YEARLY: 366, MONTHLY: 31, WEEKLY: 7 };

/** Wall clock ms of all starts up to `last`, ascending; COUNT is heeded, UNTIL is not. */
export function bruteStarts(rule: RandomRule, last: number): number[] {
  const periods = new Map<number, number[]>();
  for (const wall of namedTimes(rule, last)) {
    const period = periodOf(rule, wall);
    if (period < 0 || period % rule.interval !== 0) continue;
    const walls = periods.get(period);
    if (walls === undefined) periods.set(period, [wall]);
    else walls.push(wall);
  }
  const found: number[] = [];
  for (const [, walls] of [...periods].sort(([one], [other]) => one - other)) {
    for (const wall of positions(walls, rule.by.BYSETPOS)) {
      if (wall < rule.start || wall > last) continue;
      if (rule.count !== null && found.length >= rule.count) return found;
      found.push(wall);
    }
  }
  return found;
}

function positions(walls: number[], at: number[] | undefined): number[] {
  if (at === undefined) return walls;
  const chosen = at.map((position) => walls.at(position > 0 ? position - 1 : position));
  // `at(-5)` of four is none, and so is `at(4)`.
  const found = chosen.filter((wall, index) => wall !== undefined && Math.abs(at[index]!) <= walls.length);
  return [...new Set(found as number[])].sort((one, other) => one - other);
}

/** Which YEARLY, MONTHLY … interval a wall clock is in, counted from that of the start. */
function periodOf({ freq, start, weekStart }: RandomRule, wall: number): number {
  const [date, first] = [new Date(wall), new Date(start)];
  const years = date.getUTCFullYear() - first.getUTCFullYear();
  if (freq === "YEARLY") return years;
  if (freq === "MONTHLY") return years * 12 + date.getUTCMonth() - first.getUTCMonth();
  if (freq === "WEEKLY") return weekOf(wall, weekStart) - weekOf(start, weekStart);
  const step = freq === "DAILY" ? DAY_MS : steps[freq];
  return Math.floor(wall / step) - Math.floor(start / step);
}

/** 1970-01-01 was a Thursday. */
function weekOf(wall: number, weekStart: number): number {
  return Math.floor((Math.floor(wall / DAY_MS) + 4 - weekStart) / 7);
}

function isDayNamed(rule: RandomRule, day: number): boolean {
  const { freq, by, byDay } = rule;
  const date = new Date(day * DAY_MS);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  const first = new Date(rule.start);
  const ofMonth = place(day, Date.UTC(year, month - 1, 1), Date.UTC(year, month, 1));
  const ofYear = place(day, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1));
  const names = (part: number[] | undefined, places: number[]) =>
    part === undefined || places.some((value) => part.includes(value));
  if (!names(by.BYMONTH, [month]) || !names(by.BYMONTHDAY, ofMonth) || !names(by.BYYEARDAY, ofYear))
    return false;
  if (!names(by.BYWEEKNO, weekNumbers(day, rule.weekStart))) return false;
  const weekday = date.getUTCDay();
  if (byDay !== null) {
    const inMonth = freq === "MONTHLY" || by.BYMONTH !== undefined;
    const nth = inMonth ? ofMonth : ofYear;
    return byDay.some(
      (one) => one.weekday === weekday && (one.nth === 0 || nthOf(nth, one.nth > 0) === one.nth),
    );
  }
  // What no part says comes from the start.
  const hasDay = by.BYMONTHDAY !== undefined || by.BYYEARDAY !== undefined;
  if (freq === "WEEKLY" || (freq === "YEARLY" && by.BYWEEKNO !== undefined && !hasDay))
    return weekday === first.getUTCDay();
  if ((freq === "MONTHLY" || freq === "YEARLY") && !hasDay) {
    if (date.getUTCDate() !== first.getUTCDate()) return false;
    return freq === "MONTHLY" || by.BYMONTH !== undefined || month === first.getUTCMonth() + 1;
  }
  return true;
}

/** A day's number in a month or year, from its beginning and from its end. */
function place(day: number, from: number, until: number): number[] {
  return [day - from / DAY_MS + 1, day - until / DAY_MS];
}

function nthOf([ahead, back]: number[], isAhead: boolean): number {
  return isAhead ? Math.ceil(ahead! / 7) : -Math.ceil(-back! / 7);
}

/** The first week has at least four days in its year. A day's week may belong to the year before or after. */
function weekNumbers(day: number, weekStart: number): number[] {
  const week = weekOf(day * DAY_MS, weekStart);
  const middle = new Date((week * 7 - 4 + weekStart + 3) * DAY_MS);
  const year = middle.getUTCFullYear();
  const firstWeek = (of: number) => weekOf(Date.UTC(of, 0, 4), weekStart);
  return [week - firstWeek(year) + 1, week - firstWeek(year + 1)];
}

/** All that the BY parts name, in the periods of the rule or in more. */
function* namedTimes(rule: RandomRule, last: number): Iterable<number> {
  const { freq, interval, start } = rule;
  if (freq === "HOURLY" || freq === "MINUTELY" || freq === "SECONDLY") {
    const step = steps[freq];
    for (let wall = Math.floor(start / step) * step; wall <= last; wall += step * interval) {
      if (isDayNamed(rule, Math.floor(wall / DAY_MS))) yield* timesWithin(rule, wall);
    }
    return;
  }
  // BYSETPOS counts from a period's beginning to its end, which may lie before the start and after the last instant.
  const around = margins[freq] ?? 0;
  const [first, end] = [Math.floor(start / DAY_MS) - around, Math.floor(last / DAY_MS) + around];
  for (let day = first; day <= end; day++) if (isDayNamed(rule, day)) yield* timesWithin(rule, day * DAY_MS);
}

/** Of the day, hour, minute or second that begins at a wall clock. */
function* timesWithin({ freq, by, start }: RandomRule, period: number): Iterable<number> {
  const [first, at] = [new Date(start), new Date(period)];
  const [isHourly, isMinutely, isSecondly] = [freq === "HOURLY", freq === "MINUTELY", freq === "SECONDLY"];
  // A part limits periods of its unit or less, and expands longer ones.
  const unit = (named: number[] | undefined, isLimit: boolean, now: number, initial: number) =>
    isLimit ? [now].filter((value) => named?.includes(value) ?? true) : sorted(named ?? [initial]);
  const hours = unit(by.BYHOUR, isHourly || isMinutely || isSecondly, at.getUTCHours(), first.getUTCHours());
  const minutes = unit(by.BYMINUTE, isMinutely || isSecondly, at.getUTCMinutes(), first.getUTCMinutes());
  const seconds = unit(by.BYSECOND, isSecondly, at.getUTCSeconds(), first.getUTCSeconds());
  const midnight = Math.floor(period / DAY_MS) * DAY_MS;
  for (const hour of hours) {
    for (const minute of minutes) {
      for (const second of seconds) yield midnight + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
    }
  }
}

function sorted(values: readonly number[]): number[] {
  return values.toSorted((one, other) => one - other);
}
