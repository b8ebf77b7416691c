import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { type Actor, actAs, app, attempt, denied, signedIn, visitor } from "./actor.ts";
import {
  groupService,
  insertInto,
  mentor,
  otherMentor,
  personalService,
  plantWorld,
  stranger,
  student,
  type Values,
} from "./world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
  await db.owner.query(`
    insert into public.availability_slots (expert_id, day_of_week, start_time, end_time) values
      ('${mentor}', 1, '09:00', '17:00');
    insert into public.blocked_dates (expert_id, date, reason) values ('${mentor}', '2040-12-24', 'Surgery');
    insert into public.profiles (id, full_name) values ('${student}', 'A student'), ('${mentor}', 'A mentor')`);
});
afterAll(() => db.drop());

const trial = (who: Actor, text: string) => attempt(db.owner, who, text);
const insert = (who: Actor, table: string, row: Values) =>
  attempt(db.owner, who, insertInto(`public.${table}`, row));

const readers: [string, Actor][] = [
  ["a visitor", visitor],
  ["a student", signedIn(student)],
  ["the mentor", signedIn(mentor)],
  ["another mentor", signedIn(otherMentor)],
  ["the app", app(student)],
];
const others: [string, Actor][] = [
  ["a student", signedIn(student)],
  ["another mentor", signedIn(otherMentor)],
];
const powerless: [string, Actor][] = [
  ["a visitor", visitor],
  ["the app", app(mentor)],
  ["the accounts library", { role: "matepeak_auth" }],
  ["Supabase's service role without its bypass", { role: "service_role" }],
];

describe.each([
  "expert_profiles",
  "services",
  "service_durations",
  "availability_slots",
  "timezone_periods",
  "occupancies",
])("%s", (table) => {
  it.each(readers)("may be read by %s", async (_name, who) => {
    const all = (await db.owner.query(`select from public.${table}`)).rowCount;
    expect(await trial(who, `select * from public.${table}`)).toBe(`${all} row${all === 1 ? "" : "s"}`);
  });
  it.each(powerless)("may not be written by %s", async (_name, who) => {
    expect(await trial(who, `insert into public.${table} default values`)).toBe(denied);
    expect(await trial(who, `delete from public.${table}`)).toBe(denied);
    expect(await trial(who, `truncate public.${table} cascade`)).toBe(denied);
  });
});

describe("a mentor's page", () => {
  const page = { id: stranger, username: "newcomer", full_name: "New", timezone: "Asia/Kathmandu" };

  it("can only be created by and for its own mentor", async () => {
    expect(await insert(signedIn(stranger), "expert_profiles", page)).toBe("1 row");
    expect(await insert(signedIn(student), "expert_profiles", page)).toBe(denied);
  });

  it.each([
    ["verified", true],
    ["rating", 5],
    ["review_count", 999],
    ["created_at", "2020-01-01"],
    ["updated_at", "2020-01-01"],
  ])("never begins with a chosen %s", async (column, value) => {
    expect(await insert(signedIn(stranger), "expert_profiles", { ...page, [column]: value })).toBe(denied);
  });

  it.each(["verified = true", "rating = 5", "review_count = 999", "id = id", "created_at = now()"])(
    "is not edited by its mentor to %s",
    async (change) => {
      expect(await trial(signedIn(mentor), `update public.expert_profiles set ${change}`)).toBe(denied);
    },
  );

  it("is edited by its mentor only", async () => {
    const edit = "update public.expert_profiles set headline = 'Hello', buffer_after = 10";
    expect(await trial(signedIn(mentor), edit)).toBe("1 row");
    const intrude = `${edit} where id = '${mentor}'`;
    for (const [, who] of others) expect(await trial(who, intrude)).toBe("0 rows");
  });

  it("cannot be deleted", async () => {
    expect(await trial(signedIn(mentor), "delete from public.expert_profiles")).toBe(denied);
  });

  it.each([
    ["username = 'X'", "expert_profiles_username_form"],
    ["username = 'other-mentor'", "expert_profiles_username_key"],
    ["timezone = 'IST'", "timezone_exists"],
    ["slot_interval = 0", "expert_profiles_slot_interval_range"],
    ["buffer_before = 241", "expert_profiles_buffer_before_range"],
    ["booking_window_days = 731", "expert_profiles_booking_window_range"],
    ["expertise = array_fill('x'::text, '{13}')", "expert_profiles_expertise_count"],
    ["expertise = array[repeat('x', 500)]", "expert_profiles_expertise_length"],
    ["languages = array[repeat('x', 500)]", "expert_profiles_languages_length"],
  ])("cannot say %s", async (change, constraint) => {
    const outcome = await trial(signedIn(mentor), `update public.expert_profiles set ${change}`);
    expect(outcome.split(" ")[1]).toBe(constraint);
  });
});

describe("services and prices", () => {
  const offer = { expert_id: mentor, session_type: "chatAdvice", title: "Chat" };

  it("are made by their mentor only", async () => {
    expect(await insert(signedIn(mentor), "services", offer)).toBe("1 row");
    for (const [, who] of others) expect(await insert(who, "services", offer)).toBe(denied);
  });

  it("are edited by their mentor only", async () => {
    const edit = `update public.services set title = 'Better' where id = '${personalService}'`;
    expect(await trial(signedIn(mentor), edit)).toBe("1 row");
    for (const [, who] of others) expect(await trial(who, edit)).toBe("0 rows");
    expect(await trial(signedIn(mentor), `update public.services set expert_id = '${otherMentor}'`)).toBe(
      denied,
    );
  });

  it("are priced by their mentor only", async () => {
    const price = { service_id: groupService, expert_id: mentor, minutes: 90, price_minor: 1 };
    expect(await insert(signedIn(mentor), "service_durations", price)).toBe("1 row");
    for (const [, who] of others) expect(await insert(who, "service_durations", price)).toBe(denied);
    const raise = `update public.service_durations set price_minor = 1 where service_id = '${groupService}'`;
    expect(await trial(signedIn(mentor), raise)).toBe("1 row");
    for (const [, who] of others) expect(await trial(who, raise)).toBe("0 rows");
    const drop = `delete from public.service_durations where service_id = '${groupService}'`;
    expect(await trial(signedIn(mentor), drop)).toBe("1 row");
    for (const [, who] of others) expect(await trial(who, drop)).toBe("0 rows");
  });

  it("stay for the bookings that name them", async () => {
    expect(await trial(signedIn(mentor), "delete from public.services")).toBe(denied);
  });

  it("have one seat unless they are for groups", async () => {
    expect(await insert(signedIn(mentor), "services", { ...offer, capacity: 2 })).toBe(
      "23514 services_seats_are_for_groups",
    );
  });
});

describe("hours and days off", () => {
  const hours = { expert_id: mentor, day_of_week: 2, start_time: "09:00", end_time: "12:00" };
  const dayOff = { expert_id: mentor, date: "2040-12-25", reason: "Rest" };

  it("are set by their mentor only", async () => {
    expect(await insert(signedIn(mentor), "availability_slots", hours)).toBe("1 row");
    expect(await insert(signedIn(mentor), "blocked_dates", dayOff)).toBe("1 row");
    for (const [, who] of others) {
      expect(await insert(who, "availability_slots", hours)).toBe(denied);
      expect(await insert(who, "blocked_dates", dayOff)).toBe(denied);
    }
  });

  it("are changed and dropped by their mentor only", async () => {
    for (const change of [
      "update public.availability_slots set end_time = '18:00'",
      "delete from public.availability_slots",
      `delete from public.blocked_dates where expert_id = '${mentor}'`,
    ]) {
      expect(await trial(signedIn(mentor), change)).toBe("1 row");
      for (const [, who] of others) expect(await trial(who, change)).toBe("0 rows");
    }
  });

  it("are set once", async () => {
    expect(
      await insert(signedIn(mentor), "availability_slots", { ...hours, day_of_week: 1, end_time: "17:00" }),
    ).toBe("23505 availability_slots_weekly_key");
    expect(await insert(signedIn(mentor), "blocked_dates", { ...dayOff, date: "2040-12-24" })).toBe(
      "23505 blocked_dates_expert_id_date_key",
    );
  });

  it("have the form of hours", async () => {
    for (const wrong of [
      { start_time: "9:00" },
      { end_time: "24:30" },
      { day_of_week: 7 },
      { is_recurring: false },
    ]) {
      const outcome = await insert(signedIn(mentor), "availability_slots", { ...hours, ...wrong });
      expect(outcome).toMatch(/^23514 availability_slots_/);
    }
  });

  it.each(readers)("show the date to %s, but not why", async (_name, who) => {
    expect(await trial(who, "select id, expert_id, date, created_at from public.blocked_dates")).toBe(
      "1 row",
    );
    expect(await trial(who, "select reason from public.blocked_dates")).toBe(denied);
    expect(await trial(who, "select * from public.blocked_dates")).toBe(denied);
    expect(await trial(who, "select date from public.blocked_dates where reason = 'Surgery'")).toBe(denied);
  });

  it("are meant in another zone on dates that their mentor alone sets", async () => {
    const away = {
      expert_id: mentor,
      starts_on: "2040-05-03",
      ends_on: "2040-05-17",
      timezone: "Europe/London",
    };
    expect(await insert(signedIn(mentor), "timezone_periods", away)).toBe("1 row");
    for (const [, who] of others) expect(await insert(who, "timezone_periods", away)).toBe(denied);
    const wrongs: [Values, string][] = [
      [{ ends_on: "2040-05-02" }, "23514 timezone_periods_ends_after_start"],
      [{ timezone: "IST" }, "23514 timezone_exists"],
    ];
    for (const [wrong, outcome] of wrongs) {
      expect(await insert(signedIn(mentor), "timezone_periods", { ...away, ...wrong })).toBe(outcome);
    }
    const change = "update public.timezone_periods set ends_on = '2040-06-01'";
    expect(await trial(signedIn(mentor), change)).toBe(denied);
    const twice = `with first as (insert into public.timezone_periods (expert_id, starts_on, ends_on, timezone)
        values ('${mentor}', '2040-05-03', '2040-05-17', 'Europe/London'))
      insert into public.timezone_periods (expert_id, starts_on, ends_on, timezone)
        values ('${mentor}', '2040-05-17', '2040-05-18', 'Asia/Tokyo')`;
    expect(await trial(signedIn(mentor), twice)).toBe("23P01 timezone_periods_no_overlap");
  });

  it("are counted by the database: no client sets their revision", async () => {
    const set = "update public.expert_profiles set hours_revision = 0";
    for (const who of [signedIn(mentor), signedIn(student), visitor])
      expect(await trial(who, set)).toBe(denied);
  });

  it("show the reason to the mentor alone", async () => {
    const own = "select reason from public.my_blocked_dates()";
    const { rows } = await actAs(db.owner, signedIn(mentor), () => db.owner.query(own));
    expect(rows).toEqual([{ reason: "Surgery" }]);
    for (const [, who] of others) expect(await trial(who, own)).toBe("0 rows");
    for (const [, who] of powerless) expect(await trial(who, own)).toBe(denied);
  });
});

describe("a person's settings", () => {
  it("are read and changed by that person alone", async () => {
    for (const who of [student, mentor]) {
      const { rows } = await actAs(db.owner, signedIn(who), () =>
        db.owner.query("select id from public.profiles"),
      );
      expect(rows).toEqual([{ id: who }]);
      expect(await trial(signedIn(who), "update public.profiles set full_name = 'Me'")).toBe("1 row");
    }
    expect(await trial(signedIn(stranger), "select * from public.profiles")).toBe("0 rows");
    expect(await trial(signedIn(stranger), "update public.profiles set full_name = 'Me'")).toBe("0 rows");
    expect(await insert(signedIn(stranger), "profiles", { id: stranger })).toBe("1 row");
    expect(await insert(signedIn(stranger), "profiles", { id: otherMentor })).toBe(denied);
    expect(await trial(signedIn(student), "delete from public.profiles")).toBe(denied);
  });

  it.each(powerless)("are hidden from %s", async (_name, who) => {
    expect(await trial(who, "select * from public.profiles")).toBe(denied);
  });
});
