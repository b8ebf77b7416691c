/** Random scenarios at the border between plain schedules and those that only the judge decides. */

import fc from "fast-check";
import type { Occupancy, SlotQuery } from "../availability.ts";
import { formatTime } from "../dates.ts";
import type { AvailabilityWindow, Schedule, ZonePeriod } from "../schedule.ts";
import { addMs, asMinutes, DAY_MS, type EpochMs, epochMs, MINUTE_MS } from "../units.ts";
import { zoneTable } from "../zoneTable.ts";
import {
  anchorIn,
  dateAround,
  elsewhereAround,
  FIRST,
  groupAround,
  inMinutes,
  journeysAround,
  LAST,
  type Scenario,
  sessionAround,
  windowsAround,
} from "./scenarios.ts";

/** Mostly the usual value: several features at once would hide what each of them does. */
function seldom<T>(unusual: fc.Arbitrary<T>, usual: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: unusual });
}

/** A plain schedule with, now and then, one of the features that make it another. */
export function nearlyPlainScenarioIn(timezone: string): fc.Arbitrary<Scenario> {
  const midnights = changesOverMidnight(timezone);
  const usual = anchorIn(timezone);
  const anchors =
    midnights.length === 0
      ? usual
      : fc.oneof({ weight: 2, arbitrary: usual }, { weight: 1, arbitrary: fc.constantFrom(...midnights) });
  return anchors.chain((anchor) =>
    fc.record({
      schedule: scheduleAround(timezone, anchor),
      taken: takenAround(anchor),
      query: queryAround(anchor),
      otherStarts: fc.constant([]),
    }),
  );
}

/** The minutes, epoch ms, of clock changes that skip or repeat the time around a midnight. */
function changesOverMidnight(timezone: string): number[] {
  const { changes, offsets, wallChanges } = zoneTable(timezone, FIRST, LAST);
  return changes.filter((change, index) => {
    const shift = Math.abs(offsets[index + 1]! - offsets[index]!);
    const dayOf = (wall: number) => Math.floor(wall / DAY_MS);
    const isWithin = dayOf(wallChanges[index]! - shift) === dayOf(wallChanges[index]! + shift - 1);
    return change >= FIRST && change < LAST && !isWithin;
  });
}

const minutes = fc.constantFrom(0, 0, 5, 15, 30, 60);
const limit = seldom(fc.integer({ min: 0, max: 2 }), fc.constant(null));

function scheduleAround(timezone: string, anchor: number): fc.Arbitrary<Schedule> {
  return fc.record({
    timezone: fc.constant(timezone),
    zone_periods: seldom(journeysAround(timezone, anchor), fc.constant<ZonePeriod[]>([])),
    windows: fc
      .tuple(
        weeklyHours,
        datedHours(timezone, anchor),
        seldom(windowsAround(timezone, anchor), fc.constant<AvailabilityWindow[]>([])),
      )
      .map((rows) => rows.flat()),
    blocked_dates: fc.array(dateAround(timezone, anchor), { maxLength: 2 }),
    slot_interval: inMinutes(fc.oneof(fc.constantFrom(15, 30, 60), fc.integer({ min: 5, max: 120 }))),
    buffer_before: inMinutes(minutes),
    buffer_after: inMinutes(minutes),
    minimum_notice: inMinutes(fc.constantFrom(0, 0, 60, 1440)),
    booking_window_days: seldom(fc.integer({ min: 0, max: 9 }), fc.constant(60)),
    max_per_day: limit,
    max_per_week: limit,
  });
}

/** Minutes of a day on which hours begin and end, ascending: mostly apart, sometimes touching or at midnight. */
const edges = fc
  .oneof(
    fc
      .uniqueArray(fc.integer({ min: 0, max: 95 }), { minLength: 2, maxLength: 6 })
      .map((quarters) => quarters.map((quarter) => quarter * 15)),
    fc.uniqueArray(fc.integer({ min: 0, max: 1439 }), { minLength: 2, maxLength: 4 }),
    fc.constantFrom([0, 1440], [0, 1439], [1380, 1439], [1380, 1440], [0, 60, 60, 120], [60, 180]),
  )
  .map((list) => list.toSorted((a, b) => a - b));

function hoursOf(list: readonly number[], day: Pick<AvailabilityWindow, "day_of_week" | "specific_date">) {
  const rows: AvailabilityWindow[] = [];
  for (let i = 0; i + 1 < list.length; i += 2) {
    rows.push({
      ...day,
      start_time: formatTime(asMinutes(list[i]!)),
      end_time: formatTime(asMinutes(list[i + 1]!)),
    });
  }
  return rows;
}

const weeklyHours = fc
  .tuple(edges, edges, fc.constantFrom(7, 7, 5, 1), seldom(fc.constant(true), fc.constant(false)))
  .map(([usual, other, days, reversed]) => {
    const rows = [0, 1, 2, 3, 4, 5, 6]
      .slice(0, days)
      .flatMap((day_of_week) =>
        hoursOf(day_of_week % 3 === 0 ? other : usual, { day_of_week, specific_date: null }),
      );
    return reversed ? rows.toReversed() : rows;
  });

function datedHours(timezone: string, anchor: number): fc.Arbitrary<AvailabilityWindow[]> {
  const dated = fc
    .tuple(
      fc.array(dateAround(timezone, anchor), { minLength: 1, maxLength: 2 }),
      edges,
      fc.constantFrom(true, false, false),
    )
    .map(([dates, list, replaces_weekly]) =>
      dates
        .toSorted()
        .flatMap((specific_date) =>
          hoursOf(list, { day_of_week: null, specific_date }).map((row) =>
            replaces_weekly ? { ...row, replaces_weekly } : row,
          ),
        ),
    );
  return fc.oneof({ weight: 2, arbitrary: fc.constant<AvailabilityWindow[]>([]) }, dated);
}

/** How many of a group's three seats are taken; 0 for a session that is none of a group. */
const seats = fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 1, 3);

/** Sessions of one mentor as the database returns them, sometimes in another order, overlapping or of a group. */
function takenAround(anchor: number): fc.Arbitrary<Occupancy[]> {
  const sessions = fc
    .array(
      fc.tuple(fc.integer({ min: 0, max: 90 }), fc.constantFrom(15, 30, 60, 90), minutes, minutes, seats),
      {
        maxLength: 10,
      },
    )
    .map((list) => {
      let free = anchor - DAY_MS;
      return list.map(([gap, length, before, after, seatsOfGroup]): Occupancy => {
        const startsAt = epochMs(free + (gap * 5 + before) * MINUTE_MS);
        const endsAt = addMs(startsAt, length * MINUTE_MS);
        const busyUntil = addMs(endsAt, after * MINUTE_MS);
        free = busyUntil;
        return {
          startsAt,
          endsAt,
          busyFrom: addMs(startsAt, -before * MINUTE_MS),
          busyUntil,
          serviceId: seatsOfGroup > 0 ? "yoga" : null,
          capacity: seatsOfGroup > 0 ? 3 : 1,
          seatsTaken: Math.max(1, seatsOfGroup),
        };
      });
    });
  const others = fc.array(fc.oneof(sessionAround(anchor), groupAround(anchor), elsewhereAround(anchor)), {
    maxLength: 3,
  });
  return fc
    .tuple(
      sessions,
      seldom(others, fc.constant<Occupancy[]>([])),
      seldom(fc.constant(true), fc.constant(false)),
    )
    .map(([own, more, reversed]) => (reversed ? [...own, ...more].toReversed() : [...own, ...more]));
}

function queryAround(anchor: number): fc.Arbitrary<SlotQuery> {
  return fc
    .record({
      back: fc.integer({ min: 0, max: 60 * 60 }),
      length: fc.oneof(
        fc.constantFrom(1, 2, 4).map((days) => days * 1440),
        fc.integer({ min: 0, max: 3 * 1440 }),
      ),
      duration: inMinutes(fc.oneof(fc.constantFrom(15, 30, 60, 90), fc.integer({ min: 1, max: 300 }))),
      ago: fc.oneof(fc.constant(0), fc.integer({ min: -1440, max: 3 * 1440 })),
      odd: fc.constantFrom(0, 0, 0, 1, 30_001),
      serviceId: fc.constantFrom("yoga", null, undefined),
    })
    .map(({ back, length, duration, ago, odd, serviceId }) => {
      const from: EpochMs = epochMs(anchor - back * MINUTE_MS + odd);
      return {
        from,
        until: addMs(from, length * MINUTE_MS),
        duration,
        now: addMs(from, -ago * MINUTE_MS),
        ...(serviceId === undefined ? {} : { serviceId }),
      };
    });
}
