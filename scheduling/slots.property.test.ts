import { describe, expect, it } from "vitest";
import { neededRange, occupancyRange } from "./neededRange.ts";
import { findSlots, judgeSlots, seatsLeft } from "./slots.ts";
import { PROVE_RUNS, proveInEveryZone } from "./testing/comparison.ts";
import { epochMs, MINUTE_MS } from "./units.ts";
import { addDays } from "./zonedTime.ts";

/** Generous: the machines that run this are shared, and PROVE_RUNS may be large. */
const TIMEOUT = 120_000 + PROVE_RUNS * 50;

describe("the slot engine, in every zone", () => {
  it(
    "needs no more occupancies than occupancyRange names",
    () => {
      expect.hasAssertions();
      proveInEveryZone(PROVE_RUNS / 4, ({ schedule, taken, query }) => {
        const all = judgeSlots(schedule, taken, query);
        for (const range of [occupancyRange(query), occupancyRange(query, schedule)]) {
          const loaded = taken.filter((row) => row.busyFrom < range.until && row.busyUntil > range.from);
          expect(judgeSlots(schedule, loaded, query)).toEqual(all);
        }
      });
    },
    TIMEOUT,
  );

  it(
    "needs no other dates and journeys than neededRange names",
    () => {
      expect.hasAssertions();
      proveInEveryZone(PROVE_RUNS / 4, ({ schedule, taken, query }) => {
        const { firstDate, lastDate, firstJourney } = neededRange(query, query.duration);
        const matters = (date: string) => firstDate <= date && date <= lastDate;
        const today = new Date(query.now - 2 * 86_400_000).toISOString().slice(0, 10);
        const { windows, blocked_dates, zone_periods = [] } = schedule;
        const loaded = {
          ...schedule,
          windows: windows.filter(({ specific_date }) => specific_date === null || matters(specific_date)),
          blocked_dates: blocked_dates.filter(matters),
          zone_periods: zone_periods.filter(({ ends_on }) => ends_on >= firstJourney || ends_on >= today),
        };
        expect(judgeSlots(loaded, taken, query)).toEqual(judgeSlots(schedule, taken, query));
      });
    },
    TIMEOUT,
  );

  it(
    "would need more than half of what neededRange names",
    () => {
      const missed = { dates: 0, journeys: 0, occupancies: 0 };
      proveInEveryZone(PROVE_RUNS / 4, ({ schedule, taken, query }) => {
        const all = JSON.stringify(judgeSlots(schedule, taken, query));
        const { firstDate, lastDate } = neededRange(query, query.duration);
        const windows = schedule.windows.filter(
          ({ specific_date }) =>
            specific_date === null ||
            (addDays(firstDate, 2) <= specific_date && specific_date < addDays(lastDate, -1)),
        );
        const close = taken.filter((row) => row.startsAt >= query.from && row.startsAt < query.until);
        missed.dates += Number(JSON.stringify(judgeSlots({ ...schedule, windows }, taken, query)) !== all);
        missed.occupancies += Number(JSON.stringify(judgeSlots(schedule, close, query)) !== all);
        const still = (schedule.zone_periods ?? []).filter(({ ends_on }) => ends_on > lastDate);
        missed.journeys += Number(
          JSON.stringify(judgeSlots({ ...schedule, zone_periods: still }, taken, query)) !== all,
        );
      });
      expect(Object.values(missed).every((times) => times > 0)).toBe(true);
    },
    TIMEOUT,
  );

  it(
    "judges alike at all instants of a minute, its end included",
    () => {
      expect.hasAssertions();
      proveInEveryZone(PROVE_RUNS / 4, ({ schedule, taken, query }) => {
        const minute = Math.floor(query.now / MINUTE_MS) * MINUTE_MS;
        const judgedAt = (now: number) => judgeSlots(schedule, taken, { ...query, now: epochMs(now) });
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
          expect(seatsLeft(taken, query.serviceId ?? null, start, query.duration)).not.toBe(0);
        }
      });
    },
    TIMEOUT,
  );
});
