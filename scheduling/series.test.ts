import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { localDate } from "./dates.ts";
import type { Schedule } from "./schedule.ts";
import { judgeSeries, type Recurrence, seriesStarts } from "./series.ts";
import { bruteSeries } from "./testing/bruteSeries.ts";
import { PROVE_RUNS, PROVE_SEED, ZONES } from "./testing/comparison.ts";
import { type SeriesCase, type SeriesEngine, seriesAgree, seriesCaseIn } from "./testing/seriesComparison.ts";
import { addMs, asMinutes, epochMs, HOUR_MS } from "./units.ts";
import { wallClockOf } from "./zonedTime.ts";

const schedule: Schedule = {
  timezone: "Europe/Berlin",
  windows: [
    {
      day_of_week: 2,
      specific_date: null,
      start_time: "18:00",
      end_time: "21:00",
    },
  ],
  blocked_dates: [],
  slot_interval: asMinutes(30),
  buffer_before: asMinutes(0),
  buffer_after: asMinutes(0),
  minimum_notice: asMinutes(0),
  booking_window_days: 365,
  max_per_day: null,
  max_per_week: null,
};
const tuesdays: Recurrence = {
  date: localDate("2026-03-17"),
  minuteOfDay: asMinutes(19 * 60),
  everyWeeks: 1,
  sessions: 4,
};
const terms = {
  duration: asMinutes(60),
  now: epochMs(Date.UTC(2026, 2, 1)),
  serviceId: "coaching",
  capacity: 1,
};
const walls = (starts: readonly number[], zone: string) =>
  starts.map((start) => {
    const { date, time } = wallClockOf(zone, epochMs(start));
    return `${date} ${time}`;
  });

describe("the starts of a series", () => {
  it("keep the mentor's hour over a clock change, and so another one elsewhere", () => {
    const starts = seriesStarts(schedule, tuesdays);
    expect(walls(starts, "Europe/Berlin")).toEqual([
      "2026-03-17 19:00",
      "2026-03-24 19:00",
      "2026-03-31 19:00",
      "2026-04-07 19:00",
    ]);
    expect(walls(starts, "Asia/Kolkata")).toEqual([
      "2026-03-17 23:30",
      "2026-03-24 23:30",
      "2026-03-31 22:30",
      "2026-04-07 22:30",
    ]);
  });

  it("are in the zone of a journey on its dates", () => {
    const journey = {
      starts_on: localDate("2026-03-20"),
      ends_on: localDate("2026-03-28"),
      timezone: "Asia/Tokyo",
    };
    const starts = seriesStarts({ ...schedule, zone_periods: [journey] }, tuesdays);
    expect(walls(starts, "Europe/Berlin").slice(0, 3)).toEqual([
      "2026-03-17 19:00",
      "2026-03-24 11:00",
      "2026-03-31 19:00",
    ]);
  });
});

describe("a series is judged", () => {
  it("with the closest free starts for a time that is taken", () => {
    const starts = seriesStarts(schedule, tuesdays);
    const second = starts[1]!;
    const session = {
      startsAt: second,
      endsAt: addMs(second, HOUR_MS),
      busyFrom: second,
      busyUntil: addMs(second, HOUR_MS),
      serviceId: null,
      capacity: 1,
      seatsTaken: 1,
    };
    const judged = judgeSeries(schedule, [session], starts, terms);
    expect(judged.map(({ verdict }) => verdict)).toEqual(["free", "taken", "free", "free"]);
    expect(walls(judged[1]!.substitutes, "Europe/Berlin")).toEqual(["2026-03-24 18:00", "2026-03-24 20:00"]);
    expect(judged[0]!.substitutes).toEqual([]);
  });

  it("with its own sessions: what they take is not free for the next", () => {
    const [first] = seriesStarts(schedule, tuesdays);
    const limited = { ...schedule, max_per_day: 1 };
    const starts = [first!, addMs(first!, HOUR_MS)];
    expect(judgeSeries(schedule, [], starts, terms).map(({ verdict }) => verdict)).toEqual(["free", "free"]);
    expect(judgeSeries(limited, [], starts, terms).map(({ verdict }) => verdict)).toEqual([
      "free",
      "day_limit",
    ]);
  });

  it("beyond the days that can be booked as not free yet", () => {
    const short = { ...schedule, booking_window_days: 25 };
    const judged = judgeSeries(short, [], seriesStarts(short, tuesdays), terms);
    expect(judged.map(({ verdict }) => verdict)).toEqual(["free", "free", "window", "window"]);
  });
});

/** Each session is compared with six days of minutes: a short run takes each twelfth zone. */
const FEW = 12;

describe("by a second implementation", () => {
  it(
    "a series has the same starts, verdicts and substitutes in every zone",
    () => {
      const zones = PROVE_RUNS < 10_000 ? ZONES.filter((_, index) => index % FEW === 0) : ZONES;
      for (const [index, zone] of zones.entries()) {
        const numRuns = Math.ceil(PROVE_RUNS / ZONES.length);
        fc.assert(
          fc.property(seriesCaseIn(zone), (one) => seriesAgree(one)),
          { numRuns, seed: PROVE_SEED + index },
        );
      }
    },
    120_000 + PROVE_RUNS * 50,
  );

  it("twin: a series that counts its days in hours, or does not take its own sessions, differs", () => {
    const query = { from: epochMs(Date.UTC(2026, 2, 24)), until: terms.now, duration: asMinutes(60) };
    const scenario = {
      schedule: { ...schedule, max_per_week: 1 },
      taken: [],
      query: { ...query, now: terms.now },
      otherStarts: [],
    };
    const one: SeriesCase = { scenario, recurrence: { time: "19:00", everyWeeks: 1, sessions: 2 } };
    expect(seriesAgree(one)).toBe(true);
    const byHours: typeof seriesStarts = (clock, recurrence) => {
      const [first] = seriesStarts(clock, { ...recurrence, sessions: 1 });
      return [first!, addMs(first!, recurrence.everyWeeks * 7 * 24 * HOUR_MS)];
    };
    expect(seriesAgree(one, judgeSeries, byHours)).toBe(false);
    const twice: typeof seriesStarts = (clock, recurrence) => {
      const [first] = seriesStarts(clock, recurrence);
      return [first!, addMs(first!, HOUR_MS)];
    };
    const alone: SeriesEngine = (mentor, taken, starts, its) =>
      starts.flatMap((start) => judgeSeries(mentor, taken, [start], its));
    const starts = twice(scenario.schedule, tuesdays);
    expect(judgeSeries(scenario.schedule, [], starts, terms)).toEqual(
      bruteSeries(scenario.schedule, [], starts, terms),
    );
    expect(alone(scenario.schedule, [], starts, terms)).not.toEqual(
      bruteSeries(scenario.schedule, [], starts, terms),
    );
  });
});
