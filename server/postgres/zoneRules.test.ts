import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import { asMinutes, epochMs } from "#scheduling/units.ts";
import { instantOf, startOfDay, wallClockOf } from "#scheduling/zonedTime.ts";
import { adoptZoneTable } from "#scheduling/zoneTable.ts";
import { book, bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { daily, type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import { adoptZoneRules, ownVersion, writeZoneRules } from "./zoneRules.ts";

let test: TestApp;
let student: Person;
beforeAll(async () => {
  test = await openTestApp();
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(async () => {
  // Other test files share this module's tables.
  const { rows } = await test.db.owner.query<{ timezone: string }>("select timezone from private.zone_rules");
  for (const { timezone } of rows) adoptZoneTable(timezone, null);
  await test.close();
});

/** As a client of the database that sends only date and time. */
async function insertDirectly(mentor: Mentor, date: string, time: string) {
  const { rows } = await test.db.as(student.id, (client) =>
    client.query<{ starts_at: Date; scheduled_date: string; scheduled_time: string }>(
      `insert into bookings (user_id, expert_id, session_type, scheduled_date, scheduled_time, duration, user_name, user_email)
       values ($1, $2, 'oneOnOneSession', $3, $4, 60, 'A', 'a@example.com') returning *`,
      [student.id, mentor.id, date, time],
    ),
  );
  return rows[0];
}

// Zones whose rules have changed lately: PostgreSQL's own files are often older than ours, or newer.
it.each(["Africa/Casablanca", "Africa/El_Aaiun", "America/Edmonton", "Asia/Kolkata"])(
  "offered times in %s are stored unchanged by every client",
  async (timezone) => {
    const mentor = await makeMentor(timezone);
    const from = dateIn(mentor, 60);
    const [first] = await readSlots(test.visitor, mentor, { from });
    expect(await book(student, mentor, first?.starts_at ?? "")).toMatchObject({
      starts_at: first?.starts_at,
      scheduled_date: from,
      scheduled_time: "09:00",
    });
    expect(await insertDirectly(mentor, from, "12:00")).toMatchObject({
      starts_at: new Date(instantOf(timezone, from, asMinutes(720))),
      scheduled_date: from,
      scheduled_time: "12:00",
    });
  },
);

/** A zone that no other test of this process uses. */
const changedZone = "Asia/Pontianak";

describe("rules that neither Node nor PostgreSQL has", () => {
  const zone = changedZone;
  const change = Date.parse("2026-01-01T00:00:00Z");

  /** From 2026 on the zone's clock is two hours ahead of what Node and PostgreSQL believe. */
  beforeAll(async () => {
    await test.db.owner.query(
      `update private.zone_rules set changes = array[to_timestamp($2)], offsets = array[25200, 32400],
         wall_changes = array[to_timestamp($2) at time zone 'UTC' + interval '9 hours'], changed_at = clock_timestamp()
       where timezone = $1`,
      [zone, change / 1000],
    );
    expect(await adoptZoneRules(test.db.owner)).toEqual([zone]);
  });
  afterAll(() => adoptZoneTable(zone, null));

  it("hold for what is offered, booked, moved, proposed and inserted directly", async () => {
    const mentor = await makeMentor(zone);
    const date = dateIn(mentor, 40);
    const slots = await readSlots(test.visitor, mentor, { from: date });
    expect(slots[0]).toMatchObject({ time: "09:00", starts_at: `${date}T00:00:00.000Z` });
    const made = await book(student, mentor, slots[0]?.starts_at ?? "");
    expect([made.starts_at, made.scheduled_time]).toEqual([slots[0]?.starts_at, "09:00"]);
    const to = bookingOf(mentor, slots[4]?.starts_at ?? "");
    const wish = { scheduled_date: to.scheduled_date, scheduled_time: to.scheduled_time };
    const moved = await student.call("POST", `/bookings/${made.id}/reschedule`, wish);
    expect(moved.expect(200).read(booking)).toMatchObject({
      starts_at: `${date}T02:00:00.000Z`,
      scheduled_time: "11:00",
    });
    expect(await insertDirectly(mentor, date, "15:00")).toMatchObject({
      starts_at: new Date(`${date}T06:00:00Z`),
      scheduled_time: "15:00",
    });
  });

  it("differ from PostgreSQL's own", async () => {
    const { rows } = await test.db.owner.query(
      `select to_char(now() at time zone $1, 'HH24:MI') = to_char(private.wall_clock(now(), $1), 'HH24:MI') as alike`,
      [zone],
    );
    expect(rows).toEqual([{ alike: false }]);
  });

  it("reach beyond the years that are written down by Node's own", () => {
    expect(wallClockOf(zone, epochMs(Date.UTC(1999, 5, 1))).time).toBe("07:00");
    expect(wallClockOf(zone, epochMs(Date.UTC(2026, 5, 1))).time).toBe("09:00");
    expect(wallClockOf(zone, epochMs(Date.UTC(2101, 5, 1))).time).toBe("07:00");
  });
});

describe("the process with the newest rules", () => {
  const zone = "Asia/Makassar";
  const release = async () =>
    (await test.db.owner.query("select version, offsets from private.zone_rules where timezone = $1", [zone]))
      .rows[0];
  const setRelease = (version: string, offset: number) =>
    test.db.owner.query(
      "update private.zone_rules set version = $2, changes = '{}', wall_changes = '{}', offsets = array[$3::integer] where timezone = $1",
      [zone, version, offset],
    );
  afterEach(() => adoptZoneTable(zone, null));

  it("writes them down for all, and the others compute with what it wrote", async () => {
    const mentor = await makeMentor(zone);
    await setRelease("2019a", 25_200);
    await adoptZoneRules(test.db.owner);
    const made = await book(student, mentor, `${dateIn(mentor, 30)}T03:00:00Z`);
    expect(made.scheduled_time).toBe("10:00");
    expect(await writeZoneRules(test.db.owner)).toEqual([zone]);
    expect(await release()).toEqual({ version: ownVersion, offsets: [28_800] });
    await adoptZoneRules(test.db.owner);
    // The session keeps its instant, its place on the mentor's clock follows.
    const after = (await student.call("GET", `/bookings/${made.id}`)).expect(200).read(booking);
    expect([after.starts_at, after.scheduled_time]).toEqual([made.starts_at, "11:00"]);
    expect(await writeZoneRules(test.db.owner)).toEqual([]);
  });

  it("is not overruled by one with older rules", async () => {
    await setRelease("2999a", 32_400);
    expect(await writeZoneRules(test.db.owner)).toEqual([]);
    expect(await adoptZoneRules(test.db.owner)).toContain(zone);
    expect(wallClockOf(zone, epochMs(Date.UTC(2027, 0, 1))).time).toBe("09:00");
    expect(await release()).toEqual({ version: "2999a", offsets: [32_400] });
    await setRelease("", 28_800);
    await writeZoneRules(test.db.owner);
  });
});

it("SQL and the engine agree on every zone around each change of the next years", async () => {
  const from = Date.UTC(2026, 0, 1);
  const until = Date.UTC(2032, 0, 1);
  let compared = 0;
  for (const zone of Intl.supportedValuesOf("timeZone").filter((each) => each !== changedZone)) {
    const instants = [
      from,
      ...changesBetween(zone, from, until).flatMap((at) => [at - 60_000, at, at + 5_400_000]),
    ];
    const days = instants.map((at) => wallClockOf(zone, epochMs(at)).date);
    const { rows } = await test.db.owner.query<{ wall: string; day: Date; back: Date }>(
      `select to_char(private.wall_clock(at, $1), 'YYYY-MM-DD HH24:MI') as wall, private.start_of_day(day, $1) as day,
         private.instant_of(private.wall_clock(at, $1)::date, to_char(private.wall_clock(at, $1), 'HH24:MI'), $1) as back
       from unnest($2::timestamptz[], $3::date[]) with ordinality t (at, day, place) order by place`,
      [zone, instants.map((at) => new Date(at)), days],
    );
    const own = instants.map((at, index) => {
      const { date, time } = wallClockOf(zone, epochMs(at));
      const [hour, minute] = time.split(":").map(Number) as [number, number];
      const back = new Date(instantOf(zone, date, asMinutes(hour * 60 + minute)));
      return { wall: `${date} ${time}`, day: new Date(startOfDay(zone, days[index]!)), back };
    });
    expect({ zone, rows }).toEqual({ zone, rows: own });
    compared += rows.length;
  }
  expect(compared).toBeGreaterThan(3_000);
});

function changesBetween(zone: string, from: number, until: number): number[] {
  const found: number[] = [];
  let next = new Temporal.ZonedDateTime(BigInt(from) * 1_000_000n, zone).getTimeZoneTransition("next");
  for (; next && next.epochMilliseconds < until; next = next.getTimeZoneTransition("next")) {
    found.push(next.epochMilliseconds);
  }
  return found;
}

function makeMentor(timezone: string): Promise<Mentor> {
  const settings = { booking_window_days: 200, instant_confirm: true };
  return test.makeMentor({ timezone, windows: daily("09:00", "17:00"), settings });
}
