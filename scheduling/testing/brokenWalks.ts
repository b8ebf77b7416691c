/**
 * Plain walks that are wrong, and tests that call too many schedules plain. Each must be seen, or a comparison of the walk
 * with the judge proves nothing.
 */

import type { Occupancy, SlotQuery } from "../availability.ts";
import { type PlainSchedule, plainStarts, readPlain, walk } from "../plainWalk.ts";
import type { Schedule } from "../schedule.ts";
import { judgeSlots } from "../slots.ts";
import { earliestStart } from "../startJudge.ts";
import { addMs, asMinutes, DAY_MS, MINUTE_MS } from "../units.ts";
import { offsetMsAt } from "../zonedTime.ts";
import { zoneTable } from "../zoneTable.ts";
import type { Engine } from "./comparison.ts";

type PlainStarts = typeof plainStarts;

/** The starts that the judge finds free. */
export function judgedFree(schedule: Schedule, taken: readonly Occupancy[], query: SlotQuery): number[] {
  return judgeSlots(schedule, taken, query)
    .filter(({ verdict }) => verdict === "free")
    .map(({ startsAt }) => startsAt);
}

/** `findSlots` with another plain walk. */
function enginesWith(plain: PlainStarts): Engine {
  return (schedule, taken, query) => {
    const from = Math.max(query.from, earliestStart(schedule, query.now));
    if (!(from < query.until)) return [];
    return plain(schedule, taken, query, from) ?? judgedFree(schedule, taken, query);
  };
}

const walks: Record<string, PlainStarts> = {
  "ignores the buffers": (schedule, taken, query, from) =>
    plainStarts({ ...schedule, buffer_before: asMinutes(0), buffer_after: asMinutes(0) }, taken, query, from),
  "ignores days off": (schedule, taken, query, from) =>
    plainStarts({ ...schedule, blocked_dates: [] }, taken, query, from),
  "loses the last start": (schedule, taken, query, from) =>
    plainStarts(schedule, taken, query, from)?.slice(0, -1) ?? null,
  "frees a session's last minute": (schedule, taken, query, from) => {
    const shorter = taken.map((row) => ({ ...row, busyUntil: addMs(row.busyUntil, -MINUTE_MS) }));
    return plainStarts(schedule, shorter, query, from);
  },
  "uses one offset for all days": (schedule, taken, query, from) => {
    const plain = readPlain(schedule, taken, query, from);
    const endless = Number.POSITIVE_INFINITY;
    const offsets = [offsetMsAt(schedule.timezone, from)];
    const table = { from: -endless, until: endless, changes: [endless], wallChanges: [endless], offsets };
    return plain && walk({ ...plain, table }, schedule, taken, query, from);
  },
};

const tests: Record<string, PlainStarts> = {
  limits: (schedule, taken, query, from) =>
    plainStarts({ ...schedule, max_per_day: null, max_per_week: null }, taken, query, from),
  travel: (schedule, taken, query, from) =>
    plainStarts({ ...schedule, zone_periods: [] }, taken, query, from),
  "the end of the booking window": (schedule, taken, query, from) =>
    plainStarts({ ...schedule, booking_window_days: 100 }, taken, query, from),
  "group sessions with seats left": (schedule, taken, query, from) =>
    plainStarts(schedule, taken, { ...query, serviceId: null }, from),
  "hours that replace the week's": (schedule, taken, query, from) => {
    const windows = schedule.windows.map((row) => ({ ...row, replaces_weekly: false }));
    return plainStarts({ ...schedule, windows }, taken, query, from);
  },
  "hours that touch, overlap or reach midnight": (schedule, taken, query) => {
    const starts = schedule.windows.flatMap((row) =>
      judgedFree({ ...schedule, windows: [row] }, taken, query),
    );
    return [...new Set(starts)].sort((a, b) => a - b);
  },
  // A cursor that never goes back has passed what begins before the row it is at.
  "taken time out of order": (schedule, taken, query, from) => {
    let latest = Number.NEGATIVE_INFINITY;
    const seen = taken.filter(({ busyFrom }) => {
      if (busyFrom < latest) return false;
      latest = busyFrom;
      return true;
    });
    return plainStarts(schedule, seen, query, from);
  },
  "clocks that change over midnight": (schedule, taken, query, from) => {
    const plain = readPlain({ ...schedule, timezone: "UTC" }, taken, query, from);
    return plain && walk(inZone(plain, schedule.timezone, query, from), schedule, taken, query, from);
  },
};

/** As `readPlain`, whatever changes the zone's clock makes. */
function inZone(plain: PlainSchedule, timezone: string, query: SlotQuery, from: number): PlainSchedule {
  const dayAt = (instant: number) => Math.floor((instant + offsetMsAt(timezone, instant)) / DAY_MS);
  return {
    ...plain,
    table: zoneTable(timezone, from - 5 * DAY_MS, query.until + 5 * DAY_MS),
    firstDay: dayAt(from),
    lastDay: dayAt(query.until - 1),
  };
}

export const brokenWalks: Record<string, Engine> = {
  ...named("a plain walk that", walks),
  ...named("a test that overlooks", tests),
};

function named(prefix: string, plain: Record<string, PlainStarts>): Record<string, Engine> {
  return Object.fromEntries(
    Object.entries(plain).map(([name, starts]) => [`${prefix} ${name}`, enginesWith(starts)]),
  );
}
