import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { buildApp } from "../app.ts";
import type { TypedApp } from "../platform/http/route.ts";
import { beforeCommands } from "../testing/beforeCommands.ts";
import { book, bookingOf, dateIn, moveTo, readSlots } from "../testing/booking.ts";
import { ledgerFaults } from "../testing/ledger.ts";
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

const together = { session_type: "groupSession", title: "Together", capacity: 3 } as const;

/** Two processes of the app on one database; `between` happens in the second one between judging and writing. */
let test: TestApp;
let second: TypedApp;
let between: () => Promise<unknown> = async () => undefined;
let mentor: Mentor;
let student: Person;
let other: Person;
/** Starts of a day next week. */
let starts: number[];
beforeAll(async () => {
  test = await openTestApp();
  second = await buildApp({
    config: testConfig,
    database: beforeCommands(test.db.database, () => between()),
  });
  [student, other] = (await test.signUpCrowd(2)) as [Person, Person];
});
beforeEach(async () => {
  between = async () => undefined;
  mentor = await test.makeMentor({
    services: [{}, together],
    settings: { buffer_before: 5, buffer_after: 10 },
  });
  const slots = await readSlots(student.call, mentor, { from: dateIn(mentor, 7) });
  starts = slots.map(({ starts_at }) => Date.parse(starts_at));
});
afterAll(async () => {
  expect(await ledgerFaults(test.db.owner)).toEqual([]);
  await second.close();
  await test.close();
});

const at = (index: number) => starts[index] ?? 0;
const onSecond = ({ token }: Person): Call => callWith(second, { authorization: `Bearer ${token}` });
const move = (call: Call, { id }: Pick<Booking, "id">, start: number, headers = {}) =>
  call("POST", `/bookings/${id}/reschedule`, { ...moveTo(mentor, start), reason: "A lecture" }, headers);
const read = async ({ id }: Pick<Booking, "id">) =>
  (await student.call("GET", `/bookings/${id}`)).expect(200).read(booking);
const meanwhile = (work: () => Promise<unknown>) => {
  between = async () => {
    between = async () => undefined;
    await work();
  };
};

/** Closes the locked way, so that a booking can only be moved at the revisions that were judged. */
async function withoutLockedWay<T>(work: () => Promise<T>): Promise<T> {
  const { owner } = test.db;
  await owner.query("revoke execute on function private.lock_schedule(uuid) from matepeak_app");
  try {
    return await work();
  } finally {
    await owner.query("grant execute on function private.lock_schedule(uuid) to matepeak_app");
  }
}

const comparisons = {
  schedule: ["private.lock_judged_booking", "r.revision = at_schedule"],
  booking: ["private.lock_judged_booking", "and b.revision = at_booking"],
} as const;

async function movesOf({ id }: Pick<Booking, "id">): Promise<number> {
  const { rowCount } = await test.db.owner.query(
    "select from booking_events where booking_id = $1 and kind = 'rescheduled'",
    [id],
  );
  return rowCount ?? 0;
}

describe("a move in one call", () => {
  it("is answered as it is read afterwards, by the student and the mentor, as a request and confirmed", async () => {
    const room = { meeting_url: "https://meet.example.com/room", meeting_note: "Ring twice" };
    (await mentor.call("PUT", "/mentors/me/room", room)).expect(200);
    const made = await book(student, mentor, at(0));
    await withoutLockedWay(async () => {
      for (const [index, call] of [student.call, mentor.call].entries()) {
        const answer = (await move(call, made, at(index + 2))).expect(200).read(booking);
        expect(answer).toEqual(await read(made));
        expect(answer.starts_at).toBe(new Date(at(index + 2)).toISOString());
      }
      (await mentor.call("POST", `/bookings/${made.id}/confirm`)).expect(200);
      const answer = (await move(student.call, made, at(6))).expect(200).read(booking);
      expect(answer).toEqual(await read(made));
      expect(answer).toMatchObject({ status: "confirmed", meeting_url: room.meeting_url });
    });
  });

  it("to a day on which the mentor travels, and in the student's zone", async () => {
    const day = dateIn(mentor, 10);
    const journey = { starts_on: day, ends_on: day, timezone: "Asia/Tokyo" };
    (await mentor.call("POST", "/timezone-periods", journey)).expect(201);
    const [slot] = await readSlots(student.call, mentor, { from: day, timezone: "Asia/Tokyo" });
    const made = await book(student, mentor, at(0));
    const wanted = moveTo(mentor, Date.parse(slot?.starts_at ?? ""), "Europe/Paris");
    const answer = await withoutLockedWay(() =>
      student.call("POST", `/bookings/${made.id}/reschedule`, wanted),
    );
    expect(answer.expect(200).read(booking)).toEqual(await read(made));
    expect(await read(made)).toMatchObject({
      mentor_timezone: "Asia/Tokyo",
      student_timezone: "Europe/Paris",
    });
  });

  it("of a request to an earlier start brings its expiry forward", async () => {
    const [slot] = await readSlots(student.call, mentor, { from: dateIn(mentor, 1) });
    const made = await book(student, mentor, at(0));
    const answer = await withoutLockedWay(() => move(student.call, made, Date.parse(slot?.starts_at ?? "")));
    expect(answer.expect(200).read(booking)).toEqual(await read(made));
    expect(answer.read(booking).expires_at! <= answer.read(booking).starts_at).toBe(true);
  });

  it("joins and leaves a group session", async () => {
    const wish = { serviceIndex: 1 };
    const made = await book(student, mentor, at(0), wish);
    await book(other, mentor, at(5), wish);
    await withoutLockedWay(async () => {
      for (const start of [at(5), at(9)]) {
        expect((await move(student.call, made, start)).expect(200).read(booking)).toEqual(await read(made));
      }
    });
  });

  it("writes the same rows as under the lock", async () => {
    const rowsAfter = async (made: Booking) => {
      (await move(student.call, made, at(4))).expect(200);
      const { rows } = await test.db.owner.query(
        `select to_jsonb(b) - 'id' - 'occupancy_id' - 'created_at' - 'updated_at' - 'expires_at' - 'judged_revision' as booking,
           to_jsonb(o) - 'id' - 'created_at' - 'expires_at' - 'judged_revision' as occupancy,
           (select jsonb_agg(to_jsonb(e) - 'id' - 'booking_id' - 'created_at' - 'notified_at' order by e.id)
            from booking_events e where e.booking_id = b.id) as events
         from bookings b left join occupancies o on o.id = b.occupancy_id where b.id = $1`,
        [made.id],
      );
      (await student.call("POST", `/bookings/${made.id}/cancel`)).expect(200);
      return rows[0];
    };
    const judged = await withoutLockedWay(async () => rowsAfter(await book(student, mentor, at(0))));
    const made = await book(student, mentor, at(0));
    const locked = await whileRewritten(test.db, comparisons.schedule, "false", () => rowsAfter(made));
    expect(judged).toEqual(locked);
  });

  it("moves nothing for a stranger, even if the app let them through", async () => {
    const made = await book(student, mentor, at(0));
    const { rows } = await test.db.owner.query(
      "select revision from schedule_revisions where expert_id = $1",
      [mentor.id],
    );
    const asked = test.db.database.commands.query(
      `select * from private.move_judged_booking($1, $2, $3, $4, 0, $5, '2030-01-01', '10:00', null, null, null, null, null)`,
      [other.id, mentor.id, rows[0].revision, made.id, new Date(at(4))],
    );
    await expect(asked).rejects.toMatchObject({ code: "42501" });
    expect(await read(made)).toEqual(made);
  });
});

describe("what has changed since it was judged", () => {
  it("is judged again: time that was taken meanwhile is refused, and the booking stays", async () => {
    const made = await book(student, mentor, at(0));
    meanwhile(() => book(other, mentor, at(4)));
    (await move(onSecond(student), made, at(4))).problem("slot_taken");
    expect(await read(made)).toEqual(made);
  });

  it("other time that was taken meanwhile is in no move's way", async () => {
    const made = await book(student, mentor, at(0));
    meanwhile(() => book(other, mentor, at(9)));
    const answer = await withoutLockedWay(() => move(onSecond(student), made, at(4)));
    expect(answer.expect(200).read(booking)).toEqual(await read(made));
  });

  it("hours that were changed meanwhile count; without the comparison they would not (twin)", async () => {
    const made = await book(student, mentor, at(0));
    const dayOff = () => mentor.call("POST", "/blocked-dates", { date: dateIn(mentor, 7) });
    meanwhile(async () => (await dayOff()).expect(201));
    (await move(onSecond(student), made, at(4))).problem("slot_unavailable");
    expect(await read(made)).toEqual(made);

    await test.db.owner.query("delete from blocked_dates where expert_id = $1", [mentor.id]);
    meanwhile(async () => (await dayOff()).expect(201));
    await whileRewritten(test.db, comparisons.schedule, "true", async () =>
      (await move(onSecond(student), made, at(4))).expect(200),
    );
  });

  it("a booking that was cancelled meanwhile does not move", async () => {
    const made = await book(student, mentor, at(0));
    meanwhile(async () => (await mentor.call("POST", `/bookings/${made.id}/cancel`)).expect(200));
    (await move(onSecond(student), made, at(4))).problem("invalid_transition");
    expect(await movesOf(made)).toBe(0);
  });

  it("a link that was added meanwhile is in the answer; without the comparison it would not be (twin)", async () => {
    const made = await book(student, mentor, at(0));
    (await mentor.call("POST", `/bookings/${made.id}/confirm`)).expect(200);
    const addLink = async (meeting_url: string) =>
      (await mentor.call("PUT", `/bookings/${made.id}/meeting`, { meeting_url })).expect(200);
    meanwhile(() => addLink("https://meet.example.com/one"));
    const answer = (await move(onSecond(student), made, at(4))).expect(200).read(booking);
    expect(answer.meeting_url).toBe("https://meet.example.com/one");

    meanwhile(() => addLink("https://meet.example.com/two"));
    await whileRewritten(test.db, comparisons.booking, "", async () => {
      const stale = (await move(onSecond(student), made, at(6))).expect(200).read(booking);
      expect(stale.meeting_url).toBe("https://meet.example.com/one");
    });
  });
});

describe("a key", () => {
  const key = () => ({ "idempotency-key": `move ${mentor.id}` });

  it("moves once, however often and through whichever process it is sent", async () => {
    const made = await book(student, mentor, at(0));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        move(index % 2 === 0 ? student.call : onSecond(student), made, at(4), key()),
      ),
    );
    const texts = new Set(answers.map((answer) => JSON.stringify(answer.expect(200).read(booking))));
    expect(texts.size).toBe(1);
    expect(await movesOf(made)).toBe(1);
    expect(answers[0]!.read(booking)).toEqual(await read(made));
    (await move(student.call, made, at(6), key())).problem("idempotency_key_reused");
    // Moved back by another request, the first one still has its response.
    (await move(student.call, made, at(0))).expect(200);
    expect((await move(student.call, made, at(4), key())).expect(200).json).toEqual(answers[0]!.json);
    expect(await movesOf(made)).toBe(2);
  });

  it("is free again when its move was not written", async () => {
    const made = await book(student, mentor, at(0));
    await whileRewritten(test.db, comparisons.schedule, "false", async () =>
      (await move(student.call, made, at(4), key())).expect(200),
    );
    expect(await movesOf(made)).toBe(1);
    const { rows } = await test.db.owner.query(
      "select body::jsonb ? 'answer' as answered from private.idempotency_keys where key = $1",
      [key()["idempotency-key"]],
    );
    expect(rows).toEqual([{ answered: true }]);
  });

  it("keeps a refusal", async () => {
    const made = await book(student, mentor, at(0));
    const theirs = await book(other, mentor, at(4));
    (await move(student.call, made, at(4), key())).problem("slot_taken");
    (await other.call("POST", `/bookings/${theirs.id}/cancel`)).expect(200);
    (await move(student.call, made, at(4), key())).problem("slot_taken");
  });
});

it("between judging and writing a move, others book the same mentor", async () => {
  const made = await book(student, mentor, at(0));
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  between = async () => {
    arrive();
    await gate;
  };
  const moving = move(onSecond(student), made, at(4));
  await arrived;
  (await other.call("POST", "/bookings", bookingOf(mentor, at(9)))).expect(201);
  open();
  expect((await moving).expect(200).read(booking)).toEqual(await read(made));
});
