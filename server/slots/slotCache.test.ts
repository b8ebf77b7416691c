import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { slotAnswer } from "#contract/slots.ts";
import { asMinutes, epochMs, type LocalDate } from "#scheduling/units.ts";
import { buildApp } from "../app.ts";
import { systemClock } from "../platform/clock.ts";
import type { Queryable } from "../platform/database/database.ts";
import type { PreparedResponse } from "../platform/http/preparedResponse.ts";
import type { TypedApp } from "../platform/http/route.ts";
import { book, dateIn, moveTo, type OfferedSlot } from "../testing/booking.ts";
import { whileRewritten } from "../testing/rewriteFunction.ts";
import {
  type Call,
  callWith,
  daily,
  type Mentor,
  openTestApp,
  type Person,
  type TestApp,
  testConfig,
} from "../testing/testApp.ts";
import { readSlots } from "./queries.ts";
import { createSlotCache } from "./slotCache.ts";

// One process caches responses; all changes are made by another one, or in the database itself.
let acting: TestApp;
let keeping: TypedApp;
let ask: Call;
let now = systemClock();
let mentor: Mentor;
let student: Person;
let day: LocalDate;
beforeAll(async () => {
  acting = await openTestApp();
  keeping = await buildApp({
    config: testConfig,
    database: acting.db.database,
    now: () => now,
  });
  ask = callWith(keeping, {});
});
afterAll(async () => {
  await keeping.close();
  await acting.close();
});
beforeEach(async () => {
  now = systemClock();
  mentor = await acting.makeMentor({ settings: { instant_confirm: true } });
  [student] = (await acting.signUpCrowd(1)) as [Person];
  day = dateIn(mentor, 3);
});

const path = () => `/mentors/${mentor.id}/slots?from=${day}&to=${day}&duration=60&timezone=Asia/Kolkata`;
const cached = async (): Promise<OfferedSlot[]> => {
  const { days } = (await ask("GET", path())).expect(200).read(slotAnswer);
  return days.flatMap(({ date, slots }) => slots.map((slot) => ({ date, ...slot })));
};
const request = () =>
  ({ from: day, to: day, duration: asMinutes(60), timezone: "Asia/Kolkata", include: "available" }) as const;
const fresh = async () =>
  slotAnswer.parse(await readSlots(acting.db.database.public, mentor.id, request(), now));
const bookAt = (time: string) => book(student, mentor, `${day}T${time}:00+05:30`);
const times = (slots: OfferedSlot[]) => slots.map(({ time }) => time);

const textOf = (response: PreparedResponse) => response.body("identity").toString();
/** Without a feed, the revision is read each time. */
const neverLive = { position: () => 0, watch: () => undefined, isCurrent: () => false };

describe("a cached response", () => {
  const changes: [what: string, change: (booked: string) => Promise<unknown>][] = [
    ["a student books", () => bookAt("10:00")],
    ["a session is cancelled", (booked) => student.call("POST", `/bookings/${booked}/cancel`)],
    [
      "a session moves",
      (booked) =>
        student.call("POST", `/bookings/${booked}/reschedule`, moveTo(mentor, `${day}T10:00:00+05:30`)),
    ],
    ["a day is blocked", () => mentor.call("POST", "/blocked-dates", { date: day })],
    [
      "hours are added on a date",
      () =>
        mentor.call("POST", "/availability-slots", {
          specific_date: day,
          start_time: "19:00",
          end_time: "21:00",
        }),
    ],
    [
      "the week is replaced",
      () => mentor.call("PUT", "/availability-slots", { recurringSlots: daily("06:00", "08:00") }),
    ],
    [
      "the slot interval changes",
      () => mentor.call("PATCH", "/mentors/me", { slot_interval: asMinutes(60) }),
    ],
    [
      "the mentor travels",
      () =>
        mentor.call("POST", "/timezone-periods", {
          starts_on: day,
          ends_on: day,
          timezone: "Europe/London",
        }),
    ],
    [
      "a row of the ledger is written by hand",
      () =>
        acting.db.owner.query(
          `insert into occupancies (expert_id, starts_at, ends_at, during, state)
           select $1, s, s + interval '1 hour', tstzrange(s, s + interval '1 hour'), 'booked'
           from (select ($2 || 'T12:00:00+05:30')::timestamptz as s) at`,
          [mentor.id, day],
        ),
    ],
  ];

  it.each(changes)("is given up when %s", async (_what, change) => {
    const { id } = await bookAt("14:00");
    const before = await cached();
    expect(before.length).toBeGreaterThan(0);
    await change(id);
    const after = (await ask("GET", path())).read(slotAnswer);
    expect(after).toEqual(await fresh());
    expect(after.days[0]?.slots).not.toEqual(before.map(({ date: _date, ...slot }) => slot));
  });

  it("is given up when the service it is about changes", async () => {
    const service = mentor.services[0]!;
    const ofService = `${path()}&service_id=${service.id}`;
    (await ask("GET", ofService)).expect(200);
    await mentor.call("PATCH", `/mentors/me/services/${service.id}`, { enabled: false });
    (await ask("GET", ofService)).problem("service_not_found");
  });

  it("is not given any more under a name that its mentor gave up, which leads to the new one", async () => {
    const { username } = mentor.profile;
    const byName = `/mentors/${username}/slots?from=${day}&to=${day}&duration=60`;
    (await ask("GET", byName)).expect(200);
    const newName = `x${username}`.slice(0, 20);
    await mentor.call("PATCH", "/mentors/me", { username: newName });
    expect((await ask("GET", byName)).expect(308).headers.location).toContain(`/mentors/${newName}/slots?`);
  });

  it("is given up when a request in it runs out", async () => {
    const { id } = await bookAt("10:00");
    await acting.db.owner.query("set session_replication_role = replica");
    await acting.db.owner.query(
      `update occupancies o set state = 'requested', expires_at = now() + interval '1 second'
       from bookings b where b.id = $1 and o.id = b.occupancy_id`,
      [id],
    );
    await acting.db.owner.query("reset session_replication_role");
    // Written past the triggers: the mentor's next change renews the response.
    await mentor.call("PATCH", "/mentors/me", { minimum_notice: 1 });
    expect(times(await cached())).not.toContain("10:00");
    await sleep(1100);
    expect(times(await cached())).toContain("10:00");
  });

  it("grows old with the minute: a start that has passed is not offered", async () => {
    const start = Date.parse(`${day}T10:00:00+05:30`);
    const offeredAt = async (instant: number) => {
      now = epochMs(instant);
      return times(await cached());
    };
    expect(await offeredAt(start - 30_000)).toContain("10:00");
    expect(await offeredAt(start - 1)).toContain("10:00");
    expect(await offeredAt(start)).toContain("10:00");
    expect(await offeredAt(start + 1)).not.toContain("10:00");
  });

  it("is valid until a start passes", async () => {
    const { read } = createSlotCache(acting.db.database, () => now, neverLive);
    const start = Date.parse(`${day}T10:00:00+05:30`);
    const sourceAt = async (instant: number) => {
      now = epochMs(instant);
      return (await read(mentor.id, request())).source;
    };
    expect(await sourceAt(start - 9 * 60_000)).toBe("computed");
    expect(await sourceAt(start - 60_000)).toBe("cached");
    expect(await sourceAt(start)).toBe("cached");
    expect(await sourceAt(start + 1)).toBe("computed");
    // A clock that was set back.
    expect(await sourceAt(start - 1)).toBe("computed");
  });

  it("is computed once for concurrent requests", async () => {
    const { read } = createSlotCache(acting.db.database, () => now, neverLive);
    await read(mentor.id, request());
    await bookAt("10:00");
    const answers = await Promise.all(Array.from({ length: 50 }, () => read(mentor.id, request())));
    expect(answers.filter(({ source }) => source === "computed")).toHaveLength(1);
    for (const { response } of answers) expect(JSON.parse(textOf(response))).toEqual(await fresh());
  });

  it("that is in flight is not used for a request after a change", async () => {
    const { public: executor, revisionPool } = acting.db.database;
    const gate = Promise.withResolvers<void>();
    const hasRead = Promise.withResolvers<void>();
    const query = async (statement: pg.QueryConfig) => {
      const answer = await executor.query(statement);
      hasRead.resolve();
      await gate.promise;
      return answer;
    };
    const { read } = createSlotCache({ public: { query } as Queryable, revisionPool }, () => now, neverLive);
    const before = read(mentor.id, request());
    await hasRead.promise;
    await bookAt("10:00");
    const after = read(mentor.id, request());
    gate.resolve();
    expect(textOf((await before).response)).toContain('"10:00"');
    expect(textOf((await after).response)).not.toContain('"10:00"');
  });

  it("differs by every parameter of the request", async () => {
    const asked = ["", "&include=all", `&service_id=${mentor.services[0]!.id}`];
    const answers = await Promise.all(
      ["60", "90"].flatMap((duration) =>
        asked.map(async (more) => {
          const one = path().replace("duration=60", `duration=${duration}`) + more;
          const first = await ask("GET", one);
          expect((await ask("GET", one)).text).toBe(first.text);
          return first.read(slotAnswer);
        }),
      ),
    );
    expect(answers.map(({ duration }) => duration)).toEqual([60, 60, 60, 90, 90, 90]);
    expect(answers[1]!.days[0]!.slots.length).toBeGreaterThan(answers[0]!.days[0]!.slots.length);
  });
});

it("would be out of date without the count of changes (twin)", async () => {
  const count = [
    "private.book_sessions",
    "update public.schedule_revisions r set revision = r.revision + 1 where r.expert_id = b.expert_id;",
  ] as const;
  await whileRewritten(acting.db, count, "", async () => {
    expect(times(await cached())).toContain("10:00");
    await bookAt("10:00");
    expect(times(await cached())).toContain("10:00");
    expect((await fresh()).days[0]?.slots.map(({ time }) => time)).not.toContain("10:00");
  });
});
