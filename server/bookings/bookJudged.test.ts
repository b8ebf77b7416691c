import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Booking, booking, type CreateBooking } from "#contract/bookings.ts";
import { buildApp } from "../app.ts";
import { recordLiteral } from "../platform/database/recordLiteral.ts";
import type { TypedApp } from "../platform/http/route.ts";
import { bookingOf, dateIn, readSlots } from "../testing/booking.ts";
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
import { judgedAttributes } from "./bookJudged.ts";

/** Two processes of the app on one database. */
let test: TestApp;
let second: TypedApp;
let people: Person[];
beforeAll(async () => {
  test = await openTestApp();
  second = await buildApp({
    config: testConfig,
    database: test.db.database,
  });
  people = await test.signUpCrowd(12);
});
afterAll(async () => {
  await second.close();
  await test.close();
});

const person = (index: number): Person => people[index] as Person;
const onSecond = ({ token }: Person): Call => callWith(second, { authorization: `Bearer ${token}` });
const instantMentor = (wishes: Parameters<TestApp["makeMentor"]>[0] = {}) =>
  test.makeMentor({ services: [{ instant_confirm: true }], ...wishes });

async function freeStarts(mentor: Mentor): Promise<string[]> {
  const slots = await readSlots(test.visitor, mentor, { from: dateIn(mentor, 1), to: dateIn(mentor, 5) });
  return slots.map(({ starts_at }) => starts_at);
}

/** Starts that do not overlap. */
async function hours(mentor: Mentor): Promise<string[]> {
  return (await freeStarts(mentor)).filter((_, index) => index % 2 === 0);
}

async function send(call: Call, body: CreateBooking, key?: string) {
  return call("POST", "/bookings", body, key === undefined ? {} : { "idempotency-key": key });
}

async function rowOf({ id }: Pick<Booking, "id">): Promise<Record<string, unknown>> {
  const { rows } = await test.db.owner.query(
    `select to_jsonb(b) as booking, to_jsonb(o) - 'id' - 'created_at' - 'judged_revision' as occupancy,
       (select jsonb_agg(to_jsonb(e) - 'id' - 'booking_id' - 'created_at' - 'notified_at' order by e.id)
        from booking_events e where e.booking_id = b.id) as events
     from bookings b left join occupancies o on o.id = b.occupancy_id where b.id = $1`,
    [id],
  );
  return rows[0];
}

const isJudged = async (made: Pick<Booking, "id">) =>
  ((await rowOf(made)).booking as { judged_revision: number | null }).judged_revision !== null;

async function countRevision(mentor: Mentor): Promise<number> {
  const { rows } = await test.db.owner.query("select revision from schedule_revisions where expert_id = $1", [
    mentor.id,
  ]);
  return rows[0].revision;
}

describe("a booking in one call", () => {
  const services = [
    { instant_confirm: true },
    { instant_confirm: false, title: "On request" },
    {
      instant_confirm: true,
      title: "Group",
      session_type: "groupSession" as const,
      capacity: 5,
      recording_price: 250.5,
    },
  ];

  it.each([0, 1, 2])(
    "writes the same rows as the triggers of an insert (service %i)",
    async (serviceIndex) => {
      const mentor = await instantMentor({ services, settings: { buffer_before: 10, buffer_after: 15 } });
      await mentor.call("PATCH", "/mentors/me", { meeting_url: "https://meet.example.com/room" });
      const [start = ""] = await freeStarts(mentor);
      const wishes = {
        serviceIndex,
        message: "Hello\nthere",
        user_phone: "+91 98765 43210",
        timezone: "Europe/Paris",
        ...(serviceIndex === 2 && { add_recording: true, total_amount: 2250.5 }),
      };
      const body = bookingOf(mentor, start, wishes);
      const made = (await send(person(0).call, body)).expect(201).read(booking);
      expect(await isJudged(made)).toBe(true);
      const judged = await rowOf(made);
      expect((await person(0).call("GET", `/bookings/${made.id}`)).read(booking)).toEqual(made);

      // The same again by the triggers.
      await person(0).call("POST", `/bookings/${made.id}/cancel`, {});
      const locked = await withStaleSchedules(async () =>
        (await send(person(0).call, body)).expect(201).read(booking),
      );
      expect(await isJudged(locked)).toBe(false);
      const plain = await rowOf(locked);
      const varying = [
        "group_session_id",
        "id",
        "occupancy_id",
        "created_at",
        "updated_at",
        "expires_at",
        "judged_revision",
      ];
      const constant = ({ booking, ...rest }: Record<string, unknown>) => ({
        ...rest,
        booking: Object.fromEntries(
          Object.entries(booking as Record<string, unknown>).filter(([column]) => !varying.includes(column)),
        ),
      });
      const withoutExpiry = (row: Record<string, unknown>) =>
        JSON.parse(JSON.stringify(constant(row)).replace(/"expires_at":"[^"]+"/g, '"expires_at":"soon"'));
      expect(withoutExpiry(judged)).toEqual(withoutExpiry(plain));
      const { id: _id, created_at: _created, updated_at: _updated, expires_at: _expires, ...answer } = made;
      expect(locked).toMatchObject(answer);
    },
  );

  it("shows the mentor's present name, also under its key", async () => {
    const mentor = await instantMentor();
    const [first = "", next = ""] = await hours(mentor);
    (await send(person(0).call, bookingOf(mentor, first))).expect(201);
    await mentor.call("PATCH", "/mentors/me", { full_name: "Meera Nair", headline: "Architect" });
    for (let again = 0; again < 2; again++) {
      const made = (await send(person(1).call, bookingOf(mentor, next), "renamed")).expect(201).read(booking);
      expect(made.mentor).toMatchObject({ full_name: "Meera Nair", headline: "Architect" });
    }
  });

  it("never confirms a first booking that needs approval by now, which no revision counts either", async () => {
    const mentor = await instantMentor();
    const [first = "", next = ""] = await hours(mentor);
    (await send(person(0).call, bookingOf(mentor, first))).expect(201);
    await mentor.call("PATCH", "/mentors/me", { approve_first_timers: true });
    const made = (await send(person(1).call, bookingOf(mentor, next))).expect(201).read(booking);
    expect(made.status).toBe("pending");
  });

  it("counts one change of the mentor's times", async () => {
    const mentor = await instantMentor();
    const [start = ""] = await freeStarts(mentor);
    const before = await countRevision(mentor);
    (await send(person(0).call, bookingOf(mentor, start))).expect(201);
    expect(await countRevision(mentor)).toBe(before + 1);
  });
});

describe("the call", () => {
  it("takes the attributes of its type in their order", async () => {
    const { rows } = await test.db.owner.query<{ attname: string }>(
      "select attname from pg_attribute where attrelid = 'private.judged_booking'::regclass and attnum > 0 order by attnum",
    );
    expect(judgedAttributes).toEqual(rows.map(({ attname }) => attname));
  });

  it("rejects two sessions of one mentor, which one revision cannot prove", async () => {
    const mentor = await instantMentor();
    const row = recordLiteral(judgedAttributes.map((name) => (name === "expert_id" ? mentor.id : null)));
    const calls = [row, row];
    await expect(
      test.db.owner.query("select private.book_sessions($1::private.judged_booking[])", [calls]),
    ).rejects.toThrow("two sessions of one mentor in one call");
  });
});

const comparison = ["private.book_sessions", "and r.revision = b.judged_revision"] as const;

/** Lets private.book_sessions() find another revision each time, as if someone else were always faster. */
const withStaleSchedules = <T>(work: () => Promise<T>) =>
  whileRewritten(test.db, comparison, "and false", work);

describe("a schedule in memory that is out of date", () => {
  it("is read and judged again: bookings through two processes in turn all succeed", async () => {
    const mentor = await instantMentor();
    const starts = (await hours(mentor)).slice(0, 8);
    for (const [index, start] of starts.entries()) {
      const call = index % 2 === 0 ? person(index).call : onSecond(person(index));
      const made = (await send(call, bookingOf(mentor, start))).expect(201).read(booking);
      expect(await isJudged(made)).toBe(true);
    }
  });

  it("never books what another process has changed: hours, prices, buffers, a pause", async () => {
    const mentor = await instantMentor({ windows: daily("09:00", "17:00") });
    const [first = "", next = "", last = ""] = (await hours(mentor)).slice(0, 3);
    (await send(person(0).call, bookingOf(mentor, first))).expect(201);
    const change = callWith(second, { authorization: `Bearer ${mentor.token}` });

    (await change("PATCH", "/mentors/me", { buffer_before: 30 })).expect(200);
    (await send(person(1).call, bookingOf(mentor, next))).problem("slot_taken");
    (await change("PATCH", "/mentors/me", { buffer_before: 0 })).expect(200);
    (await send(person(1).call, bookingOf(mentor, next))).expect(201);
    (await change("PATCH", "/mentors/me", { accepting_bookings: false })).expect(200);
    (await send(person(2).call, bookingOf(mentor, last))).problem("slot_unavailable");
  });

  it("would book it without the comparison of revisions (twin)", async () => {
    const mentor = await instantMentor();
    const [first = "", next = ""] = await hours(mentor);
    (await send(person(0).call, bookingOf(mentor, first))).expect(201);
    const change = callWith(second, { authorization: `Bearer ${mentor.token}` });
    await whileRewritten(test.db, comparison, "", async () => {
      (await change("PATCH", "/mentors/me", { accepting_bookings: false })).expect(200);
      (await send(person(1).call, bookingOf(mentor, next))).expect(201);
    });
  });
});

describe("many at one moment", () => {
  it("get a booking each, in fewer calls than bookings", async () => {
    const mentors = await Promise.all(Array.from({ length: 10 }, () => instantMentor()));
    const bodies = await Promise.all(
      mentors.map(async (mentor) => bookingOf(mentor, (await freeStarts(mentor))[0] ?? "")),
    );
    const answers = await Promise.all(bodies.map((body, index) => send(person(index).call, body)));
    const made = answers.map((answer) => answer.expect(201).read(booking));
    expect(made.map(({ expert_id }) => expert_id)).toEqual(mentors.map(({ id }) => id));
    expect(made.map(({ user_id }) => user_id)).toEqual(people.slice(0, 10).map(({ id }) => id));
    for (const one of made) expect(await isJudged(one)).toBe(true);
    // Bookings of one transaction have its time.
    const { rows } = await test.db.owner.query(
      "select count(distinct created_at)::int as calls from bookings where id = any($1)",
      [made.map(({ id }) => id)],
    );
    expect(rows[0].calls).toBeLessThan(10);
  });

  it("each get an answer of their own if one is rejected", async () => {
    const mentors = await Promise.all(Array.from({ length: 8 }, () => instantMentor()));
    const bodies = await Promise.all(
      mentors.map(async (mentor) => bookingOf(mentor, (await freeStarts(mentor))[0] ?? "")),
    );
    // Rejected by the database alone: the app does not know about it.
    await test.db.owner.query(
      "update expert_profiles set require_confirmed_address = true where id = any($1)",
      [[mentors[2]?.id, mentors[5]?.id]],
    );
    const unconfirmed = await test.signUpCrowd(bodies.length, "unconfirmed");
    const answers = await Promise.all(bodies.map((body, index) => send(unconfirmed[index]!.call, body)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 403, 201, 201, 403, 201, 201]);
    answers[2]?.problem("address_not_confirmed");
  });

  it("at one start: one booking, everyone else a refusal", async () => {
    const mentor = await instantMentor();
    const [start = ""] = await freeStarts(mentor);
    const body = bookingOf(mentor, start);
    const answers = await Promise.all(
      people.map((one, index) => send(index % 2 === 0 ? one.call : onSecond(one), body)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) answer.problem("slot_taken");
  });

  it("in a group session: as many as it has seats", async () => {
    const service = { session_type: "groupSession" as const, capacity: 5, instant_confirm: true };
    const mentor = await instantMentor({ services: [service] });
    const [start = ""] = await freeStarts(mentor);
    const body = bookingOf(mentor, start);
    const answers = await Promise.all(
      people.map((one, index) => send(index % 2 === 0 ? one.call : onSecond(one), body)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    const { rows } = await test.db.owner.query(
      "select seats_taken, (select count(*)::int from bookings b where b.occupancy_id = o.id) as seats from occupancies o where expert_id = $1",
      [mentor.id],
    );
    expect(rows).toEqual([{ seats_taken: 5, seats: 5 }]);
  });
});

describe("a key", () => {
  it("makes one booking, however often and through whichever process it is sent", async () => {
    const mentor = await instantMentor();
    const [start = "", later = ""] = await hours(mentor);
    const body = bookingOf(mentor, start);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        send(index % 2 === 0 ? person(0).call : onSecond(person(0)), body, "same key"),
      ),
    );
    const made = answers.map((answer) => answer.expect(201).read(booking));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    (await send(person(0).call, bookingOf(mentor, later), "same key")).problem("idempotency_key_reused");
    // Someone else's key is another key.
    (await send(person(1).call, bookingOf(mentor, later), "same key")).expect(201);
  });

  it("is free again when its booking was not written", async () => {
    const mentor = await instantMentor();
    const [start = ""] = await freeStarts(mentor);
    await withStaleSchedules(async () => {
      (await send(person(3).call, bookingOf(mentor, start), "stale key")).expect(201);
    });
    const { rows } = await test.db.owner.query(
      "select count(*)::int as keys from private.idempotency_keys where key = 'stale key' and body::jsonb ? 'answer'",
    );
    expect(rows).toEqual([{ keys: 1 }]);
  });
});
