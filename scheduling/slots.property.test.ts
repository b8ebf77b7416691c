import { describe, expect, it } from "vitest";
import { addDays } from "./calendar.ts";
import { findSlots, judgeSlots, judgeStart, occupancyRange, seatsLeft } from "./slots.ts";
import { bruteForce } from "./testing/bruteForce.ts";
import { type Engine, findCounterexample, PROVE_RUNS, proveInEveryZone } from "./testing/comparison.ts";
import type { Scenario } from "./testing/scenarios.ts";
import { MINUTE_MS } from "./zonedTime.ts";

/** Generous: the machines that run this are shared, and PROVE_RUNS may be large. */
const TIMEOUT = 120_000 + PROVE_RUNS * 50;

function agreeWithBruteForce({ schedule, taken, query, otherStarts }: Scenario): void {
  const expected = bruteForce(schedule, taken, query);
  const free = expected.filter((slot) => slot.verdict === "free").map((slot) => slot.starts_at);
  expect(findSlots(schedule, taken, query)).toEqual(free);
  expect(judgeSlots(schedule, taken, query)).toEqual(expected);

  const { duration, now, service_id: serviceId = null } = query;
  const single = (startsAt: number) => judgeStart(schedule, taken, { startsAt, duration, now, serviceId });
  expect(expected.map((slot) => single(slot.starts_at))).toEqual(expected.map((slot) => slot.verdict));
  for (const startsAt of otherStarts) {
    const alone = { ...query, from: startsAt, until: startsAt + 1 };
    const verdict = bruteForce(schedule, taken, alone)[0]?.verdict ?? "off_grid";
    expect(single(startsAt)).toBe(verdict);
    if (startsAt >= query.from && startsAt < query.until) {
      expect(free.includes(startsAt)).toBe(verdict === "free");
    }
  }
}

describe("slot engine against the brute force", () => {
  it(
    "agrees in every zone of the tz database, verdicts and single starts included",
    () => {
      expect.hasAssertions();
      proveInEveryZone(PROVE_RUNS, agreeWithBruteForce);
    },
    TIMEOUT,
  );

  it(
    "needs no more occupancies than occupancyRange names",
    () => {
      expect.hasAssertions();
      proveInEveryZone(PROVE_RUNS / 4, ({ schedule, taken, query }) => {
        const all = judgeSlots(schedule, taken, query);
        for (const range of [occupancyRange(query), occupancyRange(query, schedule)]) {
          const loaded = taken.filter((row) => row.busy_from < range.until && row.busy_until > range.from);
          expect(judgeSlots(schedule, loaded, query)).toEqual(all);
        }
      });
    },
    TIMEOUT,
  );

  it(
    "judges alike at all instants of a minute, its end included",
    () => {
      expect.hasAssertions();
      proveInEveryZone(PROVE_RUNS / 4, ({ schedule, taken, query }) => {
        const minute = Math.floor(query.now / MINUTE_MS) * MINUTE_MS;
        const judgedAt = (now: number) => judgeSlots(schedule, taken, { ...query, now });
        // But for the window, which grows with the date: at the very end of a minute it may be a day longer.
        const withoutWindow = (slots: ReturnType<typeof judgedAt>) =>
          slots.map(({ verdict }) => (["past", "notice"].includes(verdict) ? verdict : "later"));
        expect(judgedAt(minute + 1)).toEqual(judgedAt(minute + MINUTE_MS - 1));
        expect(withoutWindow(judgedAt(minute + 1))).toEqual(withoutWindow(judgedAt(minute + MINUTE_MS)));
      });
    },
    TIMEOUT,
  );

  it(
    "offers no start with a full group session at it",
    () => {
      proveInEveryZone(PROVE_RUNS / 4, ({ schedule, taken, query }) => {
        for (const start of findSlots(schedule, taken, query)) {
          expect(seatsLeft(taken, query.service_id ?? null, start, query.duration)).not.toBe(0);
        }
      });
    },
    TIMEOUT,
  );
});

/** The mistakes of other booking products. Each must be seen, or the comparison above proves nothing. */
const BROKEN: Record<string, Engine> = {
  "ignores the buffers": (schedule, taken, query) =>
    findSlots({ ...schedule, buffer_before: 0, buffer_after: 0 }, taken, query),
  "swaps the buffers": (schedule, taken, query) =>
    findSlots(
      { ...schedule, buffer_before: schedule.buffer_after, buffer_after: schedule.buffer_before },
      taken,
      query,
    ),
  "uses one offset for the whole range": (schedule, taken, query) => {
    const offset =
      Temporal.Instant.fromEpochMilliseconds(query.from).toZonedDateTimeISO(schedule.timezone)
        .offsetNanoseconds / 1e6;
    const shifted = taken.map((row) => ({
      ...row,
      starts_at: row.starts_at + offset,
      ends_at: row.ends_at + offset,
      busy_from: row.busy_from + offset,
      busy_until: row.busy_until + offset,
    }));
    const { from, until, now } = query;
    const local = { ...query, from: from + offset, until: until + offset, now: now + offset };
    return findSlots({ ...schedule, timezone: "UTC" }, shifted, local).map((start) => start - offset);
  },
  "ignores the notice": (schedule, taken, query) =>
    findSlots({ ...schedule, minimum_notice: 0 }, taken, query),
  "offers a day too far ahead": (schedule, taken, query) =>
    findSlots({ ...schedule, booking_window_days: schedule.booking_window_days + 1 }, taken, query),
  "ignores blocked dates": (schedule, taken, query) =>
    findSlots({ ...schedule, blocked_dates: [] }, taken, query),
  "forgets the evening before a blocked date": (schedule, taken, query) =>
    findSlots({ ...schedule, blocked_dates: [] }, taken, query).filter((start) => {
      const shown = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(schedule.timezone);
      return !schedule.blocked_dates.includes(shown.toPlainDate().toString());
    }),
  "never joins a group session": (schedule, taken, query) =>
    findSlots(schedule, taken, { ...query, service_id: null }),
  "joins full group sessions": (schedule, taken, query) =>
    findSlots(
      schedule,
      taken.map((row) => ({ ...row, capacity: row.capacity + 1 })),
      query,
    ),
  "is one too generous with the daily limit": (schedule, taken, query) =>
    findSlots(
      { ...schedule, max_per_day: schedule.max_per_day === null ? null : schedule.max_per_day + 1 },
      taken,
      query,
    ),
  "ignores the weekly limit": (schedule, taken, query) =>
    findSlots({ ...schedule, max_per_week: null }, taken, query),
  "forgets windows that run over midnight": (schedule, taken, query) => {
    const windows = schedule.windows.filter((row) => row.end_time > row.start_time);
    return findSlots({ ...schedule, windows }, taken, query);
  },
  "adds dated hours that replace the week's": (schedule, taken, query) => {
    const windows = schedule.windows.map((row) => ({ ...row, replaces_weekly: false }));
    return findSlots({ ...schedule, windows }, taken, query);
  },
  "never travels": (schedule, taken, query) => findSlots({ ...schedule, zone_periods: [] }, taken, query),
  "comes home a day early": (schedule, taken, query) => {
    const zone_periods = (schedule.zone_periods ?? [])
      .filter((period) => period.starts_on < period.ends_on)
      .map((period) => ({ ...period, ends_on: addDays(period.ends_on, -1) }));
    return findSlots({ ...schedule, zone_periods }, taken, query);
  },
  "moves the grid behind each booking": (schedule, taken, query) => {
    const ends = taken.map((row) => row.busy_until).filter((end) => end >= query.from && end < query.until);
    return [...new Set([...findSlots(schedule, taken, query), ...ends])].sort((a, b) => a - b);
  },
};

describe("the comparison sees an engine that", () => {
  it.each(Object.entries(BROKEN))(
    "%s",
    (_mistake, engine) => {
      expect(findCounterexample(engine, 8000)).not.toBeNull();
    },
    TIMEOUT,
  );
});
