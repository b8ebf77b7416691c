/**
 * Wall clock <-> instant, in any zone of the tz database. Instants are epoch milliseconds, dates 'YYYY-MM-DD', times
 * 'HH:MM'. A wall time that a clock change skips or repeats is resolved as Temporal's `compatible` does (design,
 * "Time").
 */

import { dayOf, epochDay, formatDate, formatTime } from "./dates.ts";
import { ZONE_SLACK_MS } from "./margins.ts";
import {
  asMinutes,
  DAY_MS,
  type EpochDay,
  type EpochMs,
  epochMs,
  type LocalDate,
  MINUTE_MS,
  type Minutes,
} from "./units.ts";
import { changesUpTo, instantIn, offsetIn, type ZoneTable, zoneTable } from "./zoneTable.ts";

export {
  addDays,
  formatDate,
  formatTime,
  parseDate,
  parseEndTime,
  parseTime,
} from "./dates.ts";
export { isTimeZone } from "./zoneTable.ts";

/**
 * The instant at which the clock of `timeZone` shows a time, epoch ms. A repeated time gives its first instant, a
 * skipped one is moved on by the length of the gap.
 * @param minuteOfDay 1440 and more run into the following days
 * @throws RangeError for an unknown zone, and as `dayOf`
 */
export function instantOf(timeZone: string, day: EpochDay | LocalDate, minuteOfDay: Minutes): EpochMs {
  const wall = dayNumber(day) * DAY_MS + minuteOfDay * MINUTE_MS;
  return epochMs(instantIn(zoneTable(timeZone, wall - ZONE_SLACK_MS, wall + ZONE_SLACK_MS), wall));
}

/** What the clock of `timeZone` shows at an instant; seconds are cut off. @throws RangeError for an unknown zone */
export function wallClockOf(timeZone: string, instant: EpochMs): { date: LocalDate; time: string } {
  const wall = instant + offsetMsAt(timeZone, instant);
  const day = Math.floor(wall / DAY_MS);
  return {
    date: formatDate(epochDay(day)),
    time: formatTime(asMinutes(Math.floor((wall - day * DAY_MS) / MINUTE_MS))),
  };
}

/**
 * `wallClockOf` for many instants of one zone: offset and date are worked out once for all that follow each other on
 * one day.
 * @throws RangeError for an unknown zone
 */
export function wallClockReader(timeZone: string): (instant: number) => { date: LocalDate; time: string } {
  let from = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  let midnight = 0;
  let date: LocalDate;
  return (instant) => {
    if (!(instant >= from && instant < until)) {
      const { changes, offsets } = zoneTable(timeZone, instant - 1, instant + 1);
      const change = changesUpTo(changes, instant);
      const offset = offsets[change]!;
      const day = Math.floor((instant + offset) / DAY_MS);
      midnight = day * DAY_MS - offset;
      date = formatDate(epochDay(day));
      from = Math.max(midnight, changes[change - 1] ?? Number.NEGATIVE_INFINITY);
      until = Math.min(midnight + DAY_MS, changes[change]!);
    }
    return { date, time: formatTime(asMinutes(Math.floor((instant - midnight) / MINUTE_MS))) };
  };
}

/** The offset of `timeZone` at an instant, ms east of UTC. @throws RangeError for an unknown zone */
export function offsetMsAt(timeZone: string, instant: number): number {
  return offsetIn(zoneTable(timeZone, instant - 1, instant + 1), instant);
}

/** The date that the clock of `timeZone` shows. @throws RangeError for an unknown zone */
export function localDayAt(timeZone: string, instant: number): EpochDay {
  return epochDay(Math.floor((instant + offsetMsAt(timeZone, instant)) / DAY_MS));
}

/**
 * The first instant of a local date, epoch ms: 00:00, or the end of the gap when a clock change skips it (the same
 * as `Temporal.PlainDate.toZonedDateTime`). A date the zone skips altogether begins where the next one does.
 * @throws RangeError for an unknown zone, and as `dayOf`
 */
export function startOfDay(timeZone: string, day: EpochDay | LocalDate): EpochMs {
  const midnight = dayNumber(day) * DAY_MS;
  const table = zoneTable(timeZone, midnight - ZONE_SLACK_MS, midnight + ZONE_SLACK_MS);
  return epochMs(startOfDayIn(table, midnight));
}

/** As `startOfDay`, from a table that covers the day; `midnight` is its 00:00 as wall clock ms. */
export function startOfDayIn(table: ZoneTable, midnight: number): number {
  const instant = instantIn(table, midnight);
  const shown = instant + offsetIn(table, instant);
  if (shown === midnight) return instant;
  // Midnight is skipped. `compatible` moved it on by the whole gap, but the day begins where the gap ends, which is
  // the change itself: the last one at or before that instant.
  return table.changes[changesUpTo(table.changes, instant) - 1]!;
}

function dayNumber(day: EpochDay | LocalDate): EpochDay {
  return typeof day === "number" ? day : dayOf(day);
}
