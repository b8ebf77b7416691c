import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import type { StatusAction } from "#rules/bookingState.ts";
import { buildApp } from "../app.ts";
import { notifyOfEvents } from "../notifications/eventNotifier.ts";
import { systemClock } from "../platform/clock.ts";
import type { TypedApp } from "../platform/http/route.ts";
import { beforeCommands } from "../testing/beforeCommands.ts";
import { bookAny, bookingOf, dateIn, letEnd, moveTo, readSlots } from "../testing/booking.ts";
import { whileRewritten } from "../testing/rewriteFunction.ts";
import {
  type Call,
  callWith,
  type Mentor,
  openTestApp,
  type Person,
  type TestApp,
  testConfig,
} from "../testing/testApp.ts";

/** Two processes of the app on one database; `between` happens in the second one between reading and writing. */
let test: TestApp;
let second: TypedApp;
let between: (name: string | undefined) => Promise<unknown> = async () => undefined;
let mentor: Mentor;
let student: Person;
let other: Person;
const announced: string[] = [];
beforeAll(async () => {
  test = await openTestApp();
  second = await buildApp({
    config: testConfig,
    database: beforeCommands(test.db.database, (name) => between(name)),
  });
  test.db.database.onAnnouncement((channel, payload) => void announced.push(`${channel} ${payload}`));
  [student, other] = (await test.signUpCrowd(2)) as [Person, Person];
});
beforeEach(async () => {
  between = async () => undefined;
  mentor = await test.makeMentor();
});
afterAll(async () => {
  await second.close();
  await test.close();
});

const onSecond = ({ token }: Person): Call => callWith(second, { authorization: `Bearer ${token}` });
const step = (call: Call, { id }: Pick<Booking, "id">, action: StatusAction) =>
  call("POST", `/bookings/${id}/${action}`, { reason: "A reason" });
const read = async ({ id }: Pick<Booking, "id">) =>
  (await student.call("GET", `/bookings/${id}`)).expect(200).read(booking);

/** Closes the locked way, so that a step can only be taken at a revision. */
async function withoutLockedWay<T>(work: () => Promise<T>): Promise<T> {
  const { owner } = test.db;
  await owner.query("revoke execute on function public.lock_booking(uuid, uuid) from authenticated");
  try {
    return await work();
  } finally {
    await owner.query("grant execute on function public.lock_booking(uuid, uuid) to authenticated");
  }
}

const comparison = ["private.lock_judged_booking", "and b.revision = at_booking"] as const;

/** Lets every call find another revision, as if someone else were always faster. */
const withStaleBookings = <T>(work: () => Promise<T>) =>
  whileRewritten(test.db, comparison, "and false", work);

async function rowsOf({ id }: Pick<Booking, "id">): Promise<Record<string, unknown>> {
  const { rows } = await test.db.owner.query(
    `select to_jsonb(b) - 'id' - 'occupancy_id' - 'created_at' - 'updated_at' - 'expires_at' - 'judged_revision' as booking,
       to_jsonb(o) - 'id' - 'created_at' - 'expires_at' - 'judged_revision' as occupancy,
       (select jsonb_agg(to_jsonb(e) - 'id' - 'booking_id' - 'created_at' - 'notified_at' order by e.id)
        from booking_events e where e.booking_id = b.id) as events
     from bookings b left join occupancies o on o.id = b.occupancy_id where b.id = $1`,
    [id],
  );
  return rows[0];
}

/** Sessions that were held were held at other times. */
const withoutTimes = (rows: unknown) =>
  JSON.stringify(rows).replace(/\d{4}-\d\d-\d\d(?:[T ][\d:.+]+)?|"\d\d:\d\d"/g, "a time");

const kinds = async ({ id }: Pick<Booking, "id">) => {
  const { rows } = await test.db.owner.query(
    "select kind from booking_events where booking_id = $1 order by id",
    [id],
  );
  return rows.map(({ kind }) => kind as string);
};

const confirmed = async () => {
  const made = await bookAny(student, mentor);
  (await step(mentor.call, made, "confirm")).expect(200);
  return made;
};
const withOwnLink = async () => {
  const made = await confirmed();
  const link = { meeting_url: "https://meet.example.com/one", meeting_note: "Code 1" };
  (await mentor.call("PUT", `/bookings/${made.id}/meeting`, link)).expect(200);
  return made;
};
let hoursAgo = 0;
const held = async () => {
  const made = await confirmed();
  hoursAgo += 2;
  await letEnd(test.db, made.id, hoursAgo);
  return made;
};

const everyStep: [string, StatusAction, "mentor" | "student", () => Promise<Booking>][] = [
  ["a confirmation", "confirm", "mentor", () => bookAny(student, mentor)],
  ["a refusal", "decline", "mentor", () => bookAny(student, mentor)],
  ["a cancelled request", "cancel", "student", () => bookAny(student, mentor)],
  ["a cancellation by the student", "cancel", "student", () => confirmed()],
  ["a cancellation by the mentor, of a session with its own link", "cancel", "mentor", () => withOwnLink()],
  ["a completion", "complete", "mentor", () => held()],
];

describe("a step in one call", () => {
  it.each(everyStep)("%s: the answer is what is read afterwards", async (_name, action, who, make) => {
    const room = { meeting_url: "https://meet.example.com/room", meeting_note: "Ring twice" };
    (await mentor.call("PUT", "/mentors/me/room", room)).expect(200);
    const made = await make();
    const { call } = who === "mentor" ? mentor : student;
    const answer = await withoutLockedWay(() => step(call, made, action));
    expect(answer.expect(200).json).toEqual(JSON.parse(JSON.stringify(await read(made))));
  });

  it.each(everyStep)(
    "%s: the same rows and announcements as under the lock",
    async (_name, action, who, make) => {
      const { call } = who === "mentor" ? mentor : student;
      const take = async () => {
        const made = await make();
        announced.length = 0;
        (await step(call, made, action)).expect(200);
        const taken = { rows: await rowsOf(made), announced: new Set(announced) };
        // So that the next one is at the same time.
        if (action === "confirm") (await step(mentor.call, made, "cancel")).expect(200);
        return taken;
      };
      const judged = await withoutLockedWay(take);
      const locked = await withStaleBookings(take);
      expect(withoutTimes(judged.rows)).toEqual(withoutTimes(locked.rows));
      expect(judged.announced).toEqual(locked.announced);
      expect(judged.announced).toContain(`person ${student.id} bookings`);
    },
  );

  it("is not found by a stranger", async () => {
    const made = await bookAny(student, mentor);
    (await step(other.call, made, "cancel")).problem("booking_not_found");
    expect(await kinds(made)).toEqual(["created"]);
    // Not even if the app let them through.
    const { rows } = await test.db.database.commands.query(
      "select * from private.change_judged_status($1, $2, $3, 0, 'cancelled', null)",
      [other.id, mentor.id, made.id],
    );
    expect(rows).toEqual([]);
    await expect(
      test.db.database.asUser(student.id, ({ client }) =>
        client.query("select private.change_judged_status($1, $2, $3, 0, 'cancelled', null)", [
          student.id,
          mentor.id,
          made.id,
        ]),
      ),
    ).rejects.toMatchObject({ code: "42501" });
    expect((await read(made)).status).toBe("pending");
  });
});

describe("a booking that has changed since it was read", () => {
  /** Happens once, before the first call. */
  const meanwhile = (work: () => Promise<unknown>) => {
    between = async () => {
      between = async () => undefined;
      await work();
    };
  };
  const moveAway = async (made: Booking) => {
    const [slot] = await readSlots(other.call, mentor, { from: dateIn(mentor, 9) });
    (
      await mentor.call(
        "POST",
        `/bookings/${made.id}/reschedule`,
        moveTo(mentor, Date.parse(slot?.starts_at ?? "")),
      )
    ).expect(200);
  };

  it("is read and judged again: the answer is about the booking as it is", async () => {
    const made = await bookAny(student, mentor);
    meanwhile(() => moveAway(made));
    const answer = await withoutLockedWay(() => step(onSecond(student), made, "cancel"));
    const after = answer.expect(200).read(booking);
    expect(after).toEqual(await read(made));
    expect(after.starts_at).not.toBe(made.starts_at);
    expect(await kinds(made)).toEqual(["created", "rescheduled", "cancelled"]);
  });

  it("would be answered as it was without the comparison of revisions (twin)", async () => {
    const made = await bookAny(student, mentor);
    meanwhile(() => moveAway(made));
    const after = await whileRewritten(test.db, comparison, "", async () =>
      (await step(onSecond(student), made, "cancel")).expect(200).read(booking),
    );
    expect(after.starts_at).toBe(made.starts_at);
    expect(after).not.toEqual(await read(made));
  });

  it("gets the refusal of its new state", async () => {
    const made = await bookAny(student, mentor);
    meanwhile(async () => (await step(student.call, made, "cancel")).expect(200));
    const refused = await withoutLockedWay(() => step(onSecond(mentor), made, "confirm"));
    refused.problem("invalid_transition");
    expect(await kinds(made)).toEqual(["created", "cancelled"]);
  });

  it("is decided under the lock if it changes each time", async () => {
    const made = await bookAny(student, mentor);
    let changes = 0;
    between = async () => {
      changes += 1;
      await test.db.owner.query("update bookings set meeting_url = null, revision = revision where id = $1", [
        made.id,
      ]);
      await test.db.owner.query("set session_replication_role = replica");
      await test.db.owner.query("update bookings set revision = revision + 1 where id = $1", [made.id]);
      await test.db.owner.query("reset session_replication_role");
    };
    (await step(onSecond(mentor), made, "confirm")).expect(200);
    expect(changes).toBe(3);
    expect(await kinds(made)).toEqual(["created", "confirmed"]);
  });

  it("with a report of a no-show by now, which no revision counts, is not completed", async () => {
    const made = await held();
    meanwhile(async () => (await student.call("POST", `/bookings/${made.id}/no-show`)).expect(200));
    const refused = (await step(onSecond(mentor), made, "complete")).problem("invalid_transition");
    expect(refused.detail).toBe("There’s a no-show report for this session.");
  });
});

describe("the next booking of the same mentor", () => {
  /** Returns how many calls a booking in the second process takes after a step through one of the two. */
  async function callsAfter(stepIn: (person: Person) => Call): Promise<number> {
    const slots = await readSlots(other.call, mentor, { from: dateIn(mentor, 12) });
    const send = async (index: number) =>
      (await onSecond(other)("POST", "/bookings", bookingOf(mentor, slots[index]?.starts_at ?? "")))
        .expect(201)
        .read(booking);
    const made = await send(0);
    (await step(stepIn(mentor), made, "confirm")).expect(200);
    let calls = 0;
    between = async (name) => {
      if (name === "book_sessions") calls += 1;
    };
    await send(4);
    return calls;
  }

  it("takes one call after a step in the same process, whose schedule in memory was dropped", async () => {
    expect(await callsAfter(onSecond)).toBe(1);
  });

  it("takes two after a step in another process (twin)", async () => {
    expect(await callsAfter(({ call }) => call)).toBe(2);
  });
});

describe("two steps at once, through two processes", () => {
  it("confirm and decline: one is taken, the other refused", async () => {
    for (let round = 0; round < 8; round++) {
      const made = await bookAny(student, mentor);
      const answers = await Promise.all([
        step(mentor.call, made, "confirm"),
        step(onSecond(mentor), made, "decline"),
      ]);
      const [won, lost] = answers.toSorted((a, b) => a.status - b.status);
      const { status } = won!.expect(200).read(booking);
      lost!.problem("invalid_transition");
      expect((await read(made)).status).toBe(status);
      expect(await kinds(made)).toEqual(["created", status === "confirmed" ? "confirmed" : "declined"]);
      if (status === "confirmed") (await step(mentor.call, made, "cancel")).expect(200);
    }
  });

  it("the mentor confirms while the student cancels: cancelled either way, and both answers are right", async () => {
    for (let round = 0; round < 8; round++) {
      const made = await bookAny(student, mentor);
      const [confirmation, cancellation] = await Promise.all([
        step(mentor.call, made, "confirm"),
        step(onSecond(student), made, "cancel"),
      ]);
      expect(cancellation.expect(200).read(booking)).toEqual(await read(made));
      if (confirmation.status === 200)
        expect(await kinds(made)).toEqual(["created", "confirmed", "cancelled"]);
      else {
        confirmation.problem("invalid_transition");
        expect(await kinds(made)).toEqual(["created", "cancelled"]);
      }
    }
  });
});

describe("while the app is busy", () => {
  const free = async () => {
    const slots = await readSlots(other.call, mentor, { from: dateIn(mentor, 12) });
    return bookingOf(mentor, slots[0]?.starts_at ?? "");
  };
  const isPending = async (work: Promise<unknown>) =>
    await Promise.race([work.then(() => false), sleep(500).then(() => true)]);

  it("between reading and writing a step, others book the same mentor", async () => {
    const made = await bookAny(student, mentor);
    const body = await free();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    between = async () => {
      arrive();
      await gate;
    };
    const cancelling = step(onSecond(student), made, "cancel");
    await arrived;
    (await other.call("POST", "/bookings", body)).expect(201);
    open();
    (await cancelling).expect(200);
  });

  it("they wait behind the locked way (twin)", async () => {
    const made = await bookAny(student, mentor);
    const body = await free();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    // As steps were taken before: the lock, then an answer from the app.
    const locking = test.db.database.asUser(student.id, async ({ client }) => {
      await client.query("select from lock_booking($1, $2)", [mentor.id, made.id]);
      arrive();
      await gate;
    });
    await arrived;
    const theirs = other.call("POST", "/bookings", body);
    expect(await isPending(theirs)).toBe(true);
    open();
    await locking;
    (await theirs).expect(201);
  });

  it("a step waits for a transaction that has locked the mentor, and is then taken", async () => {
    const made = await bookAny(student, mentor);
    await test.db.owner.query("begin");
    await test.db.owner.query("select private.lock_mentor($1)", [mentor.id]);
    const cancelling = step(student.call, made, "cancel");
    expect(await isPending(cancelling)).toBe(true);
    await test.db.owner.query("commit");
    (await cancelling).expect(200);
  });
});

describe("a step whose announcement is lost with its process", () => {
  /** Returns what is announced once a worker has looked for events. */
  async function announcedByWorker(): Promise<string[]> {
    const { database, owner } = test.db;
    const dying = await buildApp({
      config: testConfig,
      database: { ...database, announceCollected: () => undefined },
    });
    const made = await bookAny(student, mentor);
    await notifyOfEvents({ database, now: systemClock });
    announced.length = 0;
    const call = callWith(dying, { authorization: `Bearer ${student.token}` });
    (await step(call, made, "cancel")).expect(200);
    await dying.close();
    expect(announced).toEqual([]);
    await owner.query("select pg_sleep(0.6)");
    await notifyOfEvents({ database, now: systemClock });
    return announced;
  }

  it("is announced by the worker", async () => {
    expect(await announcedByWorker()).toEqual(
      expect.arrayContaining([
        `availability ${mentor.id}`,
        `person ${mentor.id} bookings`,
        `person ${student.id} bookings`,
      ]),
    );
  });

  it("would not be if the worker took every event for announced (twin)", async () => {
    const delay = ["private.announce_late_events", "500 milliseconds"] as const;
    const lines = await whileRewritten(test.db, delay, "1 hour", announcedByWorker);
    expect(lines).not.toContain(`availability ${mentor.id}`);
  });
});
