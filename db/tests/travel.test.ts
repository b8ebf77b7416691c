import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localDate } from "#scheduling/dates.ts";
import { mentorZoneAt } from "#scheduling/zoneCalendar.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { attempt, book, signedIn } from "./actor.ts";
import { mentor, plantWorld, someDay, student } from "./world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
});
afterAll(() => db.drop());

async function travel(periods: readonly { starts_on: string; ends_on: string; timezone: string }[]) {
  await db.owner.query("delete from public.timezone_periods");
  for (const { starts_on, ends_on, timezone } of periods) {
    await db.owner.query(
      "insert into public.timezone_periods (expert_id, starts_on, ends_on, timezone) values ($1, $2, $3, $4)",
      [mentor, starts_on, ends_on, timezone],
    );
  }
}

describe("the zone a mentor is in", () => {
  const day = Temporal.PlainDate.from("2040-06-04");
  const zones = ["Pacific/Kiritimati", "Etc/GMT+12", "Europe/London", "America/New_York", "Pacific/Apia"];

  it("is the same for the database and the slot engine", async () => {
    const legs = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }), fc.constantFrom(...zones)),
      { maxLength: 3 },
    );
    const hours = fc.array(fc.integer({ min: -48, max: 240 }), { minLength: 5, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(legs, hours, async (journey, asked) => {
        let next = day;
        const zone_periods = journey.map(([days, home, timezone]) => {
          const period = {
            starts_on: localDate(next.toString()),
            ends_on: localDate(next.add({ days }).toString()),
            timezone,
          };
          next = next.add({ days: days + home + 1 });
          return period;
        });
        await travel(zone_periods);
        const instants = asked.map((hour) => Date.parse("2040-06-04T00:00Z") + hour * 3_600_000);
        const { rows } = await db.owner.query<{ zone: string }>(
          `select private.mentor_zone_at($1, instant) as zone
           from unnest($2::timestamptz[]) with ordinality as asked (instant, place) order by place`,
          [mentor, instants.map((instant) => new Date(instant))],
        );
        expect(rows.map(({ zone }) => zone)).toEqual(
          instants.map((instant) => mentorZoneAt({ timezone: "Asia/Kolkata", zone_periods }, instant)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("is written on a booking, with the clock that hangs there", async () => {
    await travel([{ starts_on: someDay, ends_on: someDay, timezone: "Europe/London" }]);
    const { id } = await book(db.owner, { scheduled_date: someDay, scheduled_time: "15:00" });
    const read = async () => {
      const { rows } = await db.owner.query(
        "select mentor_timezone, scheduled_date, scheduled_time from public.bookings where id = $1",
        [id],
      );
      return rows[0];
    };
    const before = await read();
    expect(before).toEqual({
      mentor_timezone: "Europe/London",
      scheduled_date: someDay,
      scheduled_time: "10:30",
    });
    // What is booked is not touched when the journey is called off.
    await travel([]);
    expect(await read()).toEqual(before);
  });
});

describe("the revision of the hours", () => {
  const revision = async () => {
    const { rows } = await db.owner.query<{ hours_revision: number }>(
      "select hours_revision from public.expert_profiles where id = $1",
      [mentor],
    );
    return rows[0]?.hours_revision ?? Number.NaN;
  };
  const change = (text: string) => attempt(db.owner, signedIn(mentor), text, { keep: true });

  it.each([
    `insert into public.availability_slots (expert_id, day_of_week, start_time, end_time)
     values ('${mentor}', 1, '09:00', '17:00'), ('${mentor}', 2, '09:00', '17:00')`,
    "update public.availability_slots set end_time = '18:00'",
    "delete from public.availability_slots",
    `insert into public.blocked_dates (expert_id, date) values ('${mentor}', '2041-01-01')`,
    `delete from public.blocked_dates where expert_id = '${mentor}'`,
    `insert into public.timezone_periods (expert_id, starts_on, ends_on, timezone)
     values ('${mentor}', '2041-01-01', '2041-01-02', 'Asia/Tokyo')`,
    "delete from public.timezone_periods",
    "update public.expert_profiles set buffer_before = 30",
    "update public.expert_profiles set timezone = 'Asia/Kathmandu'",
  ])("grows by one with a statement: %s", async (text) => {
    const before = await revision();
    expect(await change(text)).toMatch(/^[12] rows?$/);
    expect(await revision()).toBe(before + 1);
  });

  it.each([
    "update public.expert_profiles set bio = 'Hello'",
    "update public.expert_profiles set buffer_before = 30",
    "delete from public.availability_slots",
  ])("stays when nothing of the hours has changed: %s", async (text) => {
    const before = await revision();
    await change(text);
    expect(await revision()).toBe(before);
  });

  it("does not grow with another mentor's hours", async () => {
    const before = await revision();
    expect(await attempt(db.owner, signedIn(student), "delete from public.availability_slots")).toBe(
      "0 rows",
    );
    expect(await revision()).toBe(before);
  });

  it("would not without its trigger", async () => {
    const before = await revision();
    await db.owner.query("alter table public.blocked_dates disable trigger blocked_dates_81_count_insert");
    await change(`insert into public.blocked_dates (expert_id, date) values ('${mentor}', '2041-02-01')`);
    expect(await revision()).toBe(before);
  });
});
