/** Random mentors, calendars and questions, with a liking for the days on which clocks change. */

import fc from "fast-check";
import type { Occupancy, SlotQuery } from "../availability.ts";
import { localDate } from "../dates.ts";
import type { AvailabilityWindow, Schedule, Wait, ZonePeriod } from "../schedule.ts";
import { addMs, asMinutes, type EpochMs, epochMs, type LocalDate, type Minutes } from "../units.ts";

export interface Scenario {
  readonly schedule: Schedule;
  readonly taken: readonly Occupancy[];
  readonly query: SlotQuery;
  /** More starts to ask about, mostly off every grid. */
  readonly otherStarts: readonly EpochMs[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Before 1973 one zone (Africa/Monrovia) had seconds in its offset, which the brute force does not do. */
export const FIRST = Date.UTC(1973, 0, 1);
export const LAST = Date.UTC(2038, 0, 1);

/** Every clock change of a zone between 1973 and 2038, epoch ms, as Temporal tells it. */
function clockChanges(timezone: string): number[] {
  const changes: number[] = [];
  let next = Temporal.Instant.fromEpochMilliseconds(FIRST)
    .toZonedDateTimeISO(timezone)
    .getTimeZoneTransition("next");
  while (next !== null && next.epochMilliseconds < LAST) {
    changes.push(next.epochMilliseconds);
    next = next.getTimeZoneTransition("next");
  }
  return changes;
}

/** A scenario in a zone; half of them around one of its clock changes, if it has any. */
export function scenarioIn(timezone: string): fc.Arbitrary<Scenario> {
  return anchorIn(timezone).chain((anchor) => scenarioAround(timezone, anchor));
}

/** A minute, epoch ms, half the time that of a clock change of the zone, if it has any. */
export function anchorIn(timezone: string): fc.Arbitrary<number> {
  const changes = clockChanges(timezone);
  const anyMinute = fc.integer({ min: FIRST / MINUTE, max: LAST / MINUTE }).map((minute) => minute * MINUTE);
  const anchor = changes.length === 0 ? anyMinute : fc.oneof(anyMinute, fc.constantFrom(...changes));
  return anchor.map((instant) => Math.floor(instant / MINUTE) * MINUTE);
}

function scenarioAround(timezone: string, anchor: number): fc.Arbitrary<Scenario> {
  const near = fc.integer({ min: -30 * 60, max: 30 * 60 }).map((minutes) => anchor + minutes * MINUTE);
  return fc.record({
    schedule: scheduleAround(timezone, anchor),
    query: queryAround(anchor),
    taken: fc.array(fc.oneof(sessionAround(anchor), groupAround(anchor), elsewhereAround(anchor)), {
      maxLength: 8,
    }),
    otherStarts: fc.array(
      fc
        .oneof(
          near,
          near.map((start) => start + 1),
        )
        .map(epochMs),
      { maxLength: 4 },
    ),
  });
}

const minuteOfDay = fc.oneof(
  fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15),
  fc.constantFrom(0, 60, 120, 150, 180, 540, 720, 1380, 1410, 1425),
  fc.integer({ min: 0, max: 1439 }),
);
const time = minuteOfDay.map(
  (minutes) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`,
);
const endTime = fc.oneof({ weight: 4, arbitrary: time }, fc.constantFrom("24:00", "00:00"));

export function dateAround(timezone: string, anchor: number): fc.Arbitrary<LocalDate> {
  const day = Temporal.Instant.fromEpochMilliseconds(anchor).toZonedDateTimeISO(timezone).toPlainDate();
  return fc.integer({ min: -2, max: 2 }).map((days) => localDate(day.add({ days }).toString()));
}

export function windowsAround(timezone: string, anchor: number): fc.Arbitrary<AvailabilityWindow[]> {
  const recurring = fc.record({
    day_of_week: fc.integer({ min: 0, max: 6 }),
    specific_date: fc.constant(null),
    start_time: time,
    end_time: endTime,
  });
  const dated = fc.record({
    day_of_week: fc.constant(null),
    specific_date: dateAround(timezone, anchor),
    start_time: time,
    end_time: endTime,
    replaces_weekly: fc.boolean(),
  });
  // The second window begins where the first ends; '24:00' is the next day's '00:00'.
  const touching = fc.tuple(recurring, time).map(([first, end_time]) => [
    first,
    {
      ...first,
      day_of_week: first.end_time === "24:00" ? (first.day_of_week + 1) % 7 : first.day_of_week,
      start_time: first.end_time === "24:00" ? "00:00" : first.end_time,
      end_time,
    },
  ]);
  const everyDay = fc.tuple(time, endTime).map(([start_time, end_time]) =>
    [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({
      day_of_week,
      specific_date: null,
      start_time,
      end_time,
    })),
  );
  const one: fc.Arbitrary<AvailabilityWindow[]> = fc.oneof(
    recurring.map((row) => [row]),
    dated.map((row) => [row]),
    touching,
    everyDay,
  );
  return fc.array(one, { maxLength: 5 }).map((rows) => rows.flat());
}

/** Half-way round the world and back, over the date line, and next door. */
const elsewhere = fc.constantFrom(
  "Pacific/Kiritimati",
  "Etc/GMT+12",
  "Pacific/Apia",
  "Europe/London",
  "America/New_York",
  "Asia/Kolkata",
);

/** No, one or two journeys; the second may follow the first without a day at home. */
export function journeysAround(timezone: string, anchor: number): fc.Arbitrary<ZonePeriod[]> {
  const day = Temporal.Instant.fromEpochMilliseconds(anchor).toZonedDateTimeISO(timezone).toPlainDate();
  const journeys = fc
    .tuple(
      fc.integer({ min: -4, max: 2 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 }), elsewhere), {
        minLength: 1,
        maxLength: 2,
      }),
    )
    .map(([first, legs]) => {
      let next = day.add({ days: first });
      return legs.map(([days, home, zone]) => {
        const starts_on = next;
        const ends_on = next.add({ days });
        next = ends_on.add({ days: home + 1 });
        return {
          starts_on: localDate(starts_on.toString()),
          ends_on: localDate(ends_on.toString()),
          timezone: zone,
        };
      });
    });
  return fc.oneof({ weight: 2, arbitrary: fc.constant<ZonePeriod[]>([]) }, journeys);
}

const buffer = inMinutes(
  fc.oneof(fc.constant(0), fc.constantFrom(5, 10, 15, 30, 60), fc.integer({ min: 0, max: 200 })),
);
const limit = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.integer({ min: 0, max: 4 }));

function scheduleAround(timezone: string, anchor: number): fc.Arbitrary<Schedule> {
  return fc.record({
    timezone: fc.constant(timezone),
    zone_periods: journeysAround(timezone, anchor),
    windows: windowsAround(timezone, anchor),
    blocked_dates: fc.oneof(fc.constant([]), fc.array(dateAround(timezone, anchor), { maxLength: 3 })),
    slot_interval: inMinutes(fc.oneof(fc.constantFrom(15, 30, 60), fc.integer({ min: 5, max: 120 }))),
    buffer_before: buffer,
    buffer_after: buffer,
    minimum_notice: inMinutes(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 * 1440 }))),
    opening_notice: inMinutes(
      fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 3 * 1440 })),
    ),
    booking_window_days: fc.oneof(fc.constant(60), fc.integer({ min: 0, max: 4 })),
    max_per_day: limit,
    max_per_week: limit,
    waits: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      fc.array(waitAround(anchor), { minLength: 1, maxLength: 3 }),
    ),
  });
}

/** For one start, or for all of some hours or days. */
function waitAround(anchor: number): fc.Arbitrary<Wait> {
  return fc
    .record({
      serviceId: fc.constantFrom("yoga", "chess"),
      duration: durationMinutes,
      start: fc.oneof(
        fc.integer({ min: -36 * 4, max: 36 * 4 }).map((quarter) => quarter * 15),
        fc.integer({ min: -36 * 60, max: 36 * 60 }),
      ),
      length: fc.constantFrom(1, 30 * MINUTE, 6 * HOUR, DAY, 3 * DAY),
      passed: fc.array(fc.integer({ min: -12 * 4, max: 12 * 4 }), { maxLength: 2 }),
      opensByBooking: fc.boolean(),
      openingNotice: inMinutes(fc.constantFrom(0, 0, 60, 1440)),
    })
    .map(({ serviceId, duration, start, length, passed, opensByBooking, openingNotice }) => {
      const from = epochMs(anchor + start * MINUTE);
      return {
        serviceId,
        duration,
        from,
        until: addMs(from, length),
        passed: passed.map((quarter) => epochMs(anchor + quarter * 15 * MINUTE)),
        opensByBooking,
        openingNotice,
      };
    });
}

const durationMinutes = inMinutes(
  fc.oneof(fc.constantFrom(15, 30, 45, 60, 90), fc.integer({ min: 1, max: 300 })),
);

export function inMinutes(values: fc.Arbitrary<number>): fc.Arbitrary<Minutes> {
  return values.map(asMinutes);
}

function queryAround(anchor: number): fc.Arbitrary<SlotQuery> {
  return fc
    .record({
      back: fc.integer({ min: 0, max: 30 * HOUR }),
      length: fc.oneof(fc.integer({ min: 0, max: 36 * HOUR }), fc.constant(DAY), fc.constant(2 * DAY)),
      duration: durationMinutes,
      ago: fc.oneof(fc.constant(0), fc.integer({ min: -DAY, max: 3 * DAY })),
      serviceId: fc.constantFrom("yoga", null, undefined),
    })
    .map(({ back, length, duration, ago, serviceId }) => {
      const from = epochMs(anchor - back);
      return {
        from,
        until: addMs(from, length),
        duration,
        now: addMs(from, -ago),
        ...(serviceId === undefined ? {} : { serviceId }),
      };
    });
}

export function sessionAround(anchor: number): fc.Arbitrary<Occupancy> {
  return fc
    .record({
      start: fc.oneof(
        fc.integer({ min: -36 * 60, max: 36 * 60 }),
        fc.integer({ min: -8 * 1440, max: 8 * 1440 }),
      ),
      length: fc.constantFrom(15, 30, 60, 90),
      before: fc.constantFrom(0, 10, 30),
      after: fc.constantFrom(0, 10, 30),
    })
    .map(({ start, length, before, after }) => {
      const startsAt = epochMs(anchor + start * MINUTE);
      const endsAt = addMs(startsAt, length * MINUTE);
      return {
        startsAt,
        endsAt,
        busyFrom: addMs(startsAt, -before * MINUTE),
        busyUntil: addMs(endsAt, after * MINUTE),
        serviceId: null,
        capacity: 1,
        seatsTaken: 1,
      };
    });
}

/** Time that is busy in a connected calendar: of any length, and over anything. */
export function elsewhereAround(anchor: number): fc.Arbitrary<Occupancy> {
  return fc
    .record({
      start: fc.integer({ min: -36 * 60, max: 36 * 60 }),
      length: fc.oneof(fc.constantFrom(15, 30, 60, 1440), fc.integer({ min: 1, max: 3 * 1440 })),
    })
    .map(({ start, length }) => {
      const startsAt = epochMs(anchor + start * MINUTE);
      const endsAt = addMs(startsAt, length * MINUTE);
      return {
        startsAt,
        endsAt,
        busyFrom: startsAt,
        busyUntil: endsAt,
        serviceId: null,
        capacity: 1,
        seatsTaken: 1,
        isElsewhere: true,
      };
    });
}

export function groupAround(anchor: number): fc.Arbitrary<Occupancy> {
  return fc
    .tuple(
      sessionAround(anchor),
      fc.constantFrom("yoga", "chess"),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 4 }),
      fc.constantFrom(null, null, 0, 30),
    )
    .map(([session, serviceId, capacity, seats, lateMinutes]) => ({
      ...session,
      serviceId,
      capacity,
      seatsTaken: Math.min(lateMinutes === null ? Math.max(1, seats) : seats, capacity),
      ...(lateMinutes !== null && { joinUntil: addMs(session.startsAt, lateMinutes * MINUTE) }),
    }));
}
