import { describe, expect, it } from "vitest";
import { findSlots, judgeSlots, occupancyRange, seatsLeft } from "./slots.ts";
import { PROVE_RUNS, proveInEveryZone } from "./testing/comparison.ts";
import { MINUTE_MS } from "./zonedTime.ts";

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
