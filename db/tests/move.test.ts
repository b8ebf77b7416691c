import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { rewriteFunction } from "../../server/testing/rewriteFunction.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import {
  type Actor,
  app,
  attempt,
  type Booked,
  book,
  changeStatus,
  denied,
  ledgerFaults,
  letExpire,
  signedIn,
  taken,
  tryToBook,
  visitor,
} from "./actor.ts";
import {
  bookingRequest,
  forgetBookings,
  groupSeats,
  insertInto,
  mentor,
  otherMentor,
  otherStudent,
  plantUser,
  plantWorld,
  someDay,
  stranger,
  student,
} from "./world.ts";

const fourth = "00000000-0000-4000-8000-0000000000cc";
const together = { session_type: "groupSession" };
let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
  await plantUser(db.owner, fourth, "fourth");
});
afterEach(async () => {
  expect(await ledgerFaults(db.owner)).toEqual([]);
  await forgetBookings(db.owner);
  await db.owner.query("update public.services set cancel_cutoff = 0, reschedule_cutoff = 0");
});
afterAll(() => db.drop());

/** The mentor's wall clock in Kolkata. */
const moveTo = (
  id: string,
  time: string,
  date = someDay,
  zone: string | null = null,
  reason: string | null = null,
) => ({
  text: `select id from private.move_booking(private.mentor_of_booking($1), $1, ($2 || ' ' || $3 || ' Asia/Kolkata')::timestamptz, $2::date, $3, $4, $5)`,
  values: [id, date, time, zone, reason],
});
const move = (who: Actor, id: string, time: string, date?: string) =>
  attempt(db.owner, who, moveTo(id, time, date), { keep: true });

async function read(id: string) {
  const { rows } = await db.owner.query<Booked & { revision: number }>(
    "select * from public.bookings where id = $1",
    [id],
  );
  return rows[0]!;
}

async function sessions() {
  const { rows } = await db.owner.query<{ time: string; seats: number; state: string }>(
    `select to_char(starts_at at time zone 'Asia/Kolkata', 'HH24:MI') as time, seats_taken as seats, state
     from public.occupancies order by starts_at`,
  );
  return rows;
}

describe("a booking that moves", () => {
  it("keeps its id, price and status, and counts the change", async () => {
    const before = await book(db.owner);
    expect(await move(app(student), before.id, "15:00", "2040-06-05")).toBe("1 row");
    expect(await read(before.id)).toMatchObject({
      status: "pending",
      total_amount: before.total_amount,
      scheduled_date: "2040-06-05",
      scheduled_time: "15:00",
      starts_at: new Date("2040-06-05T09:30:00Z"),
      ends_at: new Date("2040-06-05T10:30:00Z"),
      revision: 1,
      expires_at: before.expires_at,
    });
    expect(await tryToBook(db.owner, { user_id: otherStudent })).toBe("1 row");
    expect(
      await tryToBook(db.owner, {
        user_id: otherStudent,
        scheduled_date: "2040-06-05",
        scheduled_time: "15:30",
      }),
    ).toBe(taken);
  });

  it("stays confirmed when it was", async () => {
    const { id } = await book(db.owner);
    await changeStatus(db.owner, signedIn(mentor), id, "confirmed");
    expect(await move(app(mentor), id, "15:00")).toBe("1 row");
    expect(await read(id)).toMatchObject({ status: "confirmed", expires_at: null });
    expect(await sessions()).toEqual([{ time: "15:00", seats: 1, state: "booked" }]);
  });

  it("may overlap its own old time", async () => {
    const { id } = await book(db.owner);
    expect(await move(app(student), id, "10:30")).toBe("1 row");
    expect(await sessions()).toEqual([{ time: "10:30", seats: 1, state: "requested" }]);
  });

  it("is refused taken time and stays where it was", async () => {
    const before = await book(db.owner);
    await book(db.owner, { user_id: otherStudent, scheduled_time: "12:00" });
    expect(await move(app(student), before.id, "11:30")).toBe(taken);
    expect(await read(before.id)).toMatchObject({ starts_at: before.starts_at, revision: 0 });
    expect(await tryToBook(db.owner, { user_id: otherStudent })).toBe(taken);
  });

  it("never waits longer for its answer than to its new start", async () => {
    const { id } = await book(db.owner);
    const soon = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 3 * 3_600_000);
    const statement = {
      text: "select id from private.move_booking(private.mentor_of_booking($1), $1, $2, ($2::timestamptz at time zone 'Asia/Kolkata')::date, '00:00', null, null)",
      values: [id, soon],
    };
    expect(await attempt(db.owner, app(student), statement, { keep: true })).toBe("1 row");
    expect(await read(id)).toMatchObject({ starts_at: soon, expires_at: soon });
  });

  it("is one line in the history, with both times and the reason", async () => {
    const { id } = await book(db.owner);
    const statement = moveTo(id, "15:00", someDay, "Europe/London", "A train is late");
    expect(await attempt(db.owner, app(student), statement, { keep: true })).toBe("1 row");
    const { rows } = await db.owner.query(
      `select kind, actor, actor_id, from_status, to_status, from_starts_at, to_starts_at, reason
       from public.booking_events where booking_id = $1 order by id offset 1`,
      [id],
    );
    expect(rows).toEqual([
      {
        kind: "rescheduled",
        actor: "student",
        actor_id: student,
        from_status: "pending",
        to_status: "pending",
        from_starts_at: new Date("2040-06-04T04:30:00Z"),
        to_starts_at: new Date("2040-06-04T09:30:00Z"),
        reason: "A train is late",
      },
    ]);
    expect(await read(id)).toMatchObject({ student_timezone: "Europe/London" });
  });

  it("to the time it has changes nothing", async () => {
    const { id } = await book(db.owner);
    expect(await move(app(student), id, "10:00")).toBe("1 row");
    expect(await read(id)).toMatchObject({ revision: 0 });
  });

  it.each([
    ["a time that has passed", "10:00", "2020-01-01", "23514 bookings_in_future"],
    ["nowhere", "25:00", someDay, "22008"],
  ])("does not move to %s", async (_name, time, date, refusal) => {
    const { id } = await book(db.owner);
    expect(await move(app(student), id, time, date)).toBe(refusal);
  });

  it("does not move once it ran out", async () => {
    const { id } = await book(db.owner);
    await letExpire(db.owner, id);
    expect(await move(app(student), id, "15:00")).toBe("23514 bookings_step_allowed");
    await db.owner.query("select private.expire_requests($1)", [mentor]);
  });

  it("takes time that another's expired request still holds", async () => {
    const { id } = await book(db.owner);
    const expired = await book(db.owner, { user_id: otherStudent, scheduled_time: "15:00" });
    await letExpire(db.owner, expired.id);
    expect(await move(app(student), id, "15:30")).toBe("1 row");
  });
});

describe("a seat that moves", () => {
  const join = (user_id: string, scheduled_time = "10:00") =>
    book(db.owner, { user_id, scheduled_time, ...together });

  it("leaves the others where they are and opens a new session", async () => {
    const { id } = await join(student);
    await join(otherStudent);
    expect(await move(app(student), id, "15:00")).toBe("1 row");
    expect(await sessions()).toEqual([
      { time: "10:00", seats: 1, state: "requested" },
      { time: "15:00", seats: 1, state: "requested" },
    ]);
  });

  it("joins a session that has room, and the last one out closes the old one", async () => {
    const { id } = await join(student);
    await join(otherStudent, "15:00");
    expect(await move(app(student), id, "15:00")).toBe("1 row");
    expect(await sessions()).toEqual([{ time: "15:00", seats: 2, state: "requested" }]);
  });

  it("makes the session it joins as firm as itself, and the one it leaves as loose as the rest", async () => {
    const { id } = await join(student);
    await join(otherStudent);
    await join(stranger, "15:00");
    await changeStatus(db.owner, signedIn(mentor), id, "confirmed");
    expect(await move(app(student), id, "15:00")).toBe("1 row");
    expect(await sessions()).toEqual([
      { time: "10:00", seats: 1, state: "requested" },
      { time: "15:00", seats: 2, state: "booked" },
    ]);
  });

  it("is refused a full session, and one that would overlap those it leaves", async () => {
    const { id } = await join(student);
    await join(otherStudent);
    for (const guest of [otherStudent, stranger, fourth]) await join(guest, "15:00");
    expect(await move(app(student), id, "15:00")).toBe(taken);
    expect(await move(app(student), id, "10:30")).toBe(taken);
    expect((await sessions()).map(({ seats }) => seats)).toEqual([2, groupSeats]);
  });

  it("as a request joins a session that is booked already", async () => {
    const { id } = await join(student);
    const firm = await join(otherStudent, "15:00");
    await changeStatus(db.owner, signedIn(mentor), firm.id, "confirmed");
    expect(await move(app(student), id, "15:00")).toBe("1 row");
    expect(await sessions()).toEqual([{ time: "15:00", seats: 2, state: "booked" }]);
  });

  it("does not become a second seat of one person in one session", async () => {
    const { id } = await join(student);
    await join(student, "15:00");
    expect(await move(app(student), id, "15:00")).toBe("23505 bookings_one_seat_each");
    expect((await sessions()).map(({ seats }) => seats)).toEqual([1, 1]);
  });
});

describe("who may move it", () => {
  it.each([
    ["its student", app(student), "1 row"],
    ["its mentor", app(mentor), "1 row"],
    ["another student", app(otherStudent), "0 rows"],
    ["another mentor", app(otherMentor), "0 rows"],
    ["the app without a caller", { role: "matepeak_app" } as Actor, "0 rows"],
    ["its student without the app", signedIn(student), denied],
    ["its mentor without the app", signedIn(mentor), denied],
    ["a visitor", visitor, denied],
    ["the accounts library", { role: "matepeak_auth" } as Actor, denied],
  ])("%s: %#", async (_name, who, outcome) => {
    const { id } = await book(db.owner);
    expect(await move(who, id, "15:00")).toBe(outcome);
  });
});

describe("cut-offs", () => {
  const setCutoffs = (cancel: number, reschedule: number) =>
    db.owner.query("update public.services set cancel_cutoff = $1, reschedule_cutoff = $2", [
      cancel,
      reschedule,
    ]);
  const tomorrow = () => {
    const at = new Date(Date.now() + 86_400_000 + 5.5 * 3_600_000).toISOString();
    return { scheduled_date: at.slice(0, 10), scheduled_time: at.slice(11, 16) };
  };

  it("are kept with the booking, as they were when it was made", async () => {
    await setCutoffs(60, 120);
    const { id } = await book(db.owner);
    await setCutoffs(43_200, 43_200);
    expect(await read(id)).toMatchObject({ cancel_cutoff: 60, reschedule_cutoff: 120 });
  });

  it("cannot be chosen by the student, nor by the app", async () => {
    for (const who of [signedIn(student), app(student)]) {
      const statement = insertInto("public.bookings", bookingRequest({ cancel_cutoff: 0 }));
      expect(await attempt(db.owner, who, statement)).toBe(denied);
    }
  });

  it.each([
    ["cancel", 1441, 0, "23514 bookings_cutoff_kept", "1 row"],
    ["move", 0, 1441, "1 row", "23514 bookings_cutoff_kept"],
    ["do either, in time", 1400, 1400, "1 row", "1 row"],
  ])("bind the student who wants to %s", async (_name, cancel, reschedule, cancelled, moved) => {
    await setCutoffs(cancel, reschedule);
    const { id } = await book(db.owner, tomorrow());
    const inPassing = (statement: { text: string; values: unknown[] }, who: Actor) =>
      attempt(db.owner, who, statement);
    const cancelIt = {
      text: "select id from public.change_booking_status(private.mentor_of_booking($1), $1, 'cancelled')",
      values: [id],
    };
    expect(await inPassing(cancelIt, signedIn(student))).toBe(cancelled);
    expect(await inPassing(moveTo(id, "15:00"), app(student))).toBe(moved);
    // The mentor is bound by the start only.
    expect(await inPassing(cancelIt, signedIn(mentor))).toBe("1 row");
    expect(await inPassing(moveTo(id, "15:00"), app(mentor))).toBe("1 row");
  });

  it("do not exceed thirty days", async () => {
    await expect(setCutoffs(43_201, 0)).rejects.toMatchObject({ constraint: "services_cancel_cutoff_range" });
    await expect(setCutoffs(0, -1)).rejects.toMatchObject({ constraint: "services_reschedule_cutoff_range" });
  });
});

it("twin: when the old seat is not given back, the ledger's check sees it", async () => {
  const line = "perform private.release_seat(locked.expert_id, locked.occupancy_id);";
  await rewriteFunction(db, "private.move_booking", line, "perform 'forgotten';");
  const { id } = await book(db.owner, together);
  await book(db.owner, { user_id: otherStudent, ...together });
  expect(await move(app(student), id, "15:00")).toBe("1 row");
  expect(await ledgerFaults(db.owner)).toHaveLength(1);
  await rewriteFunction(db, "private.move_booking", "perform 'forgotten';", line);
  await forgetBookings(db.owner);
});
