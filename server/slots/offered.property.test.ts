import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import { type Slot, slotAnswer } from "#contract/slots.ts";
import { parseInstant } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { askSlots, bookingOf, dateIn } from "../testing/booking.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

const runs = Number(process.env.OFFERED_RUNS ?? 12);
const zones = [
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "America/Los_Angeles",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "Pacific/Kiritimati",
  "Pacific/Pago_Pago",
  "Etc/GMT+12",
];
const durations = [30, 60, 90];

let test: TestApp;
let student: Person;
let others: Person[];
beforeAll(async () => {
  test = await openTestApp();
  [student, ...others] = (await test.signUpCrowd(8)) as [Person, ...Person[]];
});
afterAll(() => test.close());

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom("00", "15", "30", "45"))
  .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${minute}`);

const scenario = fc.record({
  timezone: fc.constantFrom(...zones),
  viewer: fc.constantFrom(...zones),
  windows: fc.uniqueArray(
    fc.record({ day_of_week: fc.integer({ min: 0, max: 6 }), start_time: time, end_time: time }),
    {
      minLength: 1,
      maxLength: 6,
      selector: ({ day_of_week, start_time, end_time }) => `${day_of_week}${start_time}${end_time}`,
    },
  ),
  settings: fc.record({
    slot_interval: fc.constantFrom(15, 30, 45, 60),
    buffer_before: fc.constantFrom(0, 0, 10, 30),
    buffer_after: fc.constantFrom(0, 0, 15, 60),
    minimum_notice: fc.constantFrom(0, 120, 1440),
    booking_window_days: fc.constantFrom(3, 10, 60),
    max_per_day: fc.constantFrom(null, null, 2),
    max_per_week: fc.constantFrom(null, null, 5),
  }),
  capacity: fc.constantFrom(1, 1, 2, 3),
  /** Between the third and the fourth booking the mentor removes all hours but these, so sessions are outside of them. */
  shortened: fc.option(fc.record({ start_time: time, end_time: time }), { nil: null }),
  /** As the guide has it: date and time without the instant. */
  byWallClock: fc.boolean(),
  blockedIn: fc.option(fc.integer({ min: 0, max: 6 })),
  picks: fc.array(fc.record({ pick: fc.nat(), duration: fc.constantFrom(...durations) }), {
    minLength: 8,
    maxLength: 8,
  }),
});

function isSameWall(zone: string, one: Pick<Slot, "starts_at">, other: Pick<Slot, "starts_at">): boolean {
  const [a, b] = [one, other].map(({ starts_at }) => wallClockOf(zone, parseInstant(starts_at)));
  return a?.date === b?.date && a?.time === b?.time;
}

/** All judged starts of the coming week, and a few that are off the mentor's grid. */
async function listStarts(mentor: Mentor, viewer: string, duration: number) {
  const service_id = mentor.services[0]?.id ?? "";
  const question = {
    from: dateIn(mentor, -1),
    to: dateIn(mentor, 8),
    duration,
    timezone: viewer,
    service_id,
  };
  const answer = await askSlots(student.call, mentor, { ...question, include: "all" });
  const all = answer.read(slotAnswer).days.flatMap(({ slots }) => slots);
  const offered = (await askSlots(student.call, mentor, question))
    .read(slotAnswer)
    .days.flatMap(({ slots }) => slots);
  expect(offered).toEqual(all.filter(({ available }) => available));
  return all;
}

it(
  "what is offered can be booked, what is not cannot, until nothing is left",
  async () => {
    const seen = { booked: 0, joined: 0, refused: 0, offGrid: 0 };
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        const { timezone, viewer, windows, settings, blockedIn, picks, capacity, shortened, byWallClock } =
          drawn;
        const services = capacity > 1 ? [{ session_type: "groupSession", capacity } as const] : [{}];
        const mentor = await test.makeMentor({ timezone, windows, settings, services });
        if (blockedIn !== null) {
          (await mentor.call("POST", "/blocked-dates", { date: dateIn(mentor, blockedIn) })).expect(201);
        }
        for (const [turn, { pick, duration }] of picks.entries()) {
          if (turn === 3 && shortened) {
            (
              await mentor.call("PUT", "/availability-slots", {
                recurringSlots: [{ ...shortened, day_of_week: 1 }],
              })
            ).expect(200);
          }
          const all = await listStarts(mentor, viewer, duration);
          const joinable = all.filter((each) => each.available && (each.seats_left ?? capacity) < capacity);
          const pool = turn % 2 === 1 && joinable.length > 0 ? joinable : all;
          const slot = pool[pick % Math.max(1, pool.length)];
          if (!slot) continue;
          // Of an hour that comes twice, date and time mean the first.
          const isSecond = all.some(
            (other) => other.starts_at < slot.starts_at && isSameWall(viewer, other, slot),
          );
          const body = (at: string) => ({
            ...bookingOf(mentor, at, { duration, timezone: viewer }),
            ...(byWallClock && !isSecond ? {} : { starts_at: at }),
          });
          const bookers = [student, ...others];
          const booker = bookers[turn % bookers.length] ?? student;
          const answer = await booker.call("POST", "/bookings", body(slot.starts_at));
          if (slot.available) {
            if (joinable.includes(slot)) seen.joined += 1;
            const made = answer.expect(201).read(booking);
            const local = wallClockOf(timezone, parseInstant(slot.starts_at));
            expect([made.starts_at, made.scheduled_date, made.scheduled_time]).toEqual([
              slot.starts_at,
              local.date,
              local.time,
            ]);
            seen.booked += 1;
          } else {
            expect(answer.status).not.toBe(201);
            expect(["slot_taken", "slot_unavailable"]).toContain(answer.problem().code);
            seen.refused += 1;
          }
          const beside = new Date(Date.parse(slot.starts_at) + 7 * 60_000).toISOString();
          const refused = await student.call("POST", "/bookings", { ...body(beside), starts_at: beside });
          refused.problem("slot_unavailable");
          seen.offGrid += 1;
        }
        await expectLedgerIsSound(mentor);
      }),
      { numRuns: runs },
    );
    expect(seen.booked).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(0);
    expect(seen.joined).toBeGreaterThan(0);
  },
  60_000 + runs * 5_000,
);

/** Nothing in the ledger overlaps, and each booking has its place there. */
async function expectLedgerIsSound(mentor: Mentor): Promise<void> {
  const { rows } = await test.db.owner.query<{ overlaps: number; homeless: number }>(
    `select
       (select count(*) from occupancies a join occupancies b
          on a.expert_id = b.expert_id and a.id < b.id and a.during && b.during where a.expert_id = $1) as overlaps,
       (select count(*) from bookings b left join occupancies o on o.id = b.occupancy_id
          where b.expert_id = $1 and b.status <> 'cancelled'
            and (o.starts_at, o.ends_at) is distinct from (b.starts_at, b.ends_at)) as homeless`,
    [mentor.id],
  );
  expect(rows[0]).toEqual({ overlaps: 0, homeless: 0 });
}
