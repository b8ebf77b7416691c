import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type BookingAction,
  type BookingRole,
  type BookingStatus,
  bookingRoles,
  bookingStatuses,
  bookingSteps,
  type ChangePolicy,
  decideStep,
} from "#rules/bookingState.ts";
import { epochMs, fromDate } from "#scheduling/units.ts";
import { liftCaps, openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { app, attempt, type Booked, book, changeStatus, letExpire, signedIn } from "./actor.ts";
import { mentor, otherStudent, plantWorld, stranger, student } from "./world.ts";

const actions = Object.keys(bookingSteps) as BookingAction[];
const people: Record<BookingRole, string> = { student, mentor };

interface ForcedRow extends ChangePolicy {
  starts_at: Date;
  ends_at: Date;
  expires_at: Date | null;
}

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
  await liftCaps(db);
});
afterAll(() => db.drop());

let day = 0;
const bookAnyTime = (changes = {}) => {
  day += 1;
  const date = new Date(Date.UTC(2041, 0, day)).toISOString().slice(0, 10);
  return book(db.owner, { scheduled_date: date, ...changes });
};

describe("the steps of a booking's life", () => {
  const pairs = bookingStatuses.flatMap((from) => bookingStatuses.map((to) => ({ from, to })));

  it.each(pairs)("$from to $to: the database agrees with rules/bookingState.ts", async ({ from, to }) => {
    const { rows } = await db.owner.query("select private.is_booking_step($1, $2) as allowed", [from, to]);
    // A step that leads nowhere (to another time) is no change of status.
    const known = Object.values(bookingSteps).some((step) => step.from.includes(from) && step.to === to);
    expect(rows).toEqual([{ allowed: known }]);
  });

  const stages = ["ahead", "under way", "over"] as const;
  type Stage = (typeof stages)[number];
  const startOf = { ahead: "1 day", "under way": "-30 minutes", over: "-61 minutes" } as const;
  const situations = bookingStatuses
    .flatMap((status) => bookingRoles.map((role) => ({ status, role })))
    .flatMap((one) => stages.map((stage) => ({ ...one, stage })))
    // A request never outlives its start.
    .filter(({ status, stage }) => status !== "pending" || stage === "ahead")
    // No session starts before tomorrow here: the first cut-off is kept, the other is not.
    .flatMap((one) => [0, 2 * 1440].map((cutoff) => ({ ...one, cutoff })));

  it.each(situations)(
    "$role, $status, $stage, cut-off: $cutoff: so it does for each step",
    async (situation) => {
      const { status, role, stage, cutoff } = situation;
      await db.owner.query("update public.services set cancel_cutoff = $1, reschedule_cutoff = $1", [cutoff]);
      const booking = await bookAnyTime();
      await db.owner.query("update public.services set cancel_cutoff = 0, reschedule_cutoff = 0");
      for (const to of ["confirmed", "completed", "cancelled"] as const) {
        const facts = await force(booking, status, stage);
        const known = actions.some(
          (action) =>
            bookingSteps[action].to === to && decideStep(action, role, facts, epochMs(Date.now())).ok,
        );
        const outcome = await changeStatusInPassing(people[role], booking.id, to);
        expect({ to, allowed: outcome === "1 row" }, outcome).toEqual({ to, allowed: known });
      }
      const facts = await force(booking, status, stage);
      const known = decideStep("reschedule", role, facts, epochMs(Date.now())).ok;
      const outcome = await moveInPassing(people[role], booking.id);
      expect({ to: "another time", allowed: outcome === "1 row" }, outcome).toEqual({
        to: "another time",
        allowed: known,
      });
    },
  );

  /** Puts a booking where its steps would not lead it, with the triggers asleep. */
  async function force(booking: Booked, status: BookingStatus, stage: Stage) {
    await db.owner.query("set session_replication_role = replica");
    try {
      const { rows } = await db.owner.query<ForcedRow>(
        `update public.bookings set status = $2::text, starts_at = moved, ends_at = moved + interval '1 hour',
           expires_at = case when $2 = 'pending' then moved end,
           occupancy_id = case when $2 <> 'cancelled' then $3::uuid end
         from (select now() + $4::interval as moved) clock
         where id = $1 returning starts_at, ends_at, expires_at, cancel_cutoff, reschedule_cutoff`,
        [booking.id, status, booking.occupancy_id, startOf[stage]],
      );
      const { starts_at, ends_at, expires_at, ...policy } = rows[0]!;
      return {
        status,
        startsAt: fromDate(starts_at),
        endsAt: fromDate(ends_at),
        expiresAt: expires_at && fromDate(expires_at),
        hasNoShow: false,
        awaitsPayment: false,
        movesForAll: false,
        ...policy,
      };
    } finally {
      await db.owner.query("reset session_replication_role");
    }
  }

  const changeStatusInPassing = (who: string, id: string, to: string) =>
    attempt(db.owner, signedIn(who), {
      text: "select id from public.change_booking_status(private.mentor_of_booking($1), $1, $2)",
      values: [id, to],
    });

  const moveInPassing = (who: string, id: string) =>
    attempt(db.owner, app(who), {
      text: "select id from private.move_booking(private.mentor_of_booking($1), $1, '2041-12-01T10:00Z', '2041-12-01', '15:30', null, null)",
      values: [id],
    });

  it("a request that ran out cannot be confirmed, not even by a plain update", async () => {
    const { id } = await bookAnyTime();
    await letExpire(db.owner, id);
    const update = { text: "update public.bookings set status = 'confirmed' where id = $1", values: [id] };
    expect(await attempt(db.owner, signedIn(mentor), update)).toBe("23514 bookings_step_allowed");
  });

  it("each change counts, for the calendar entry", async () => {
    const { id } = await bookAnyTime();
    await changeStatus(db.owner, signedIn(mentor), id, "confirmed");
    await changeStatus(db.owner, signedIn(mentor), id, "cancelled");
    const { rows } = await db.owner.query("select revision from public.bookings where id = $1", [id]);
    expect(rows).toEqual([{ revision: 2 }]);
  });

  it("an update that changes nothing does not count", async () => {
    const { id } = await bookAnyTime();
    const update = { text: "update public.bookings set status = 'pending' where id = $1", values: [id] };
    expect(await attempt(db.owner, signedIn(mentor), update, { keep: true })).toBe("1 row");
    const { rows } = await db.owner.query(
      "select revision, updated_at = created_at as untouched from public.bookings where id = $1",
      [id],
    );
    expect(rows).toEqual([{ revision: 0, untouched: true }]);
  });
});

describe("the history", () => {
  async function history(id: string) {
    const { rows } = await db.owner.query(
      `select kind, actor, actor_id, from_status, to_status, reason from public.booking_events
       where booking_id = $1 order by id`,
      [id],
    );
    return rows;
  }
  const created = {
    kind: "created",
    actor: "student",
    actor_id: student,
    from_status: null,
    to_status: "pending",
    reason: null,
  };

  it("begins with the student's request", async () => {
    const { id } = await bookAnyTime();
    expect(await history(id)).toEqual([created]);
  });

  it("records a mentor's decision and a student's cancellation, with the reason", async () => {
    const { id } = await bookAnyTime();
    await changeStatus(db.owner, signedIn(mentor), id, "confirmed");
    await changeStatus(db.owner, signedIn(student), id, "cancelled", "Ill in bed");
    expect((await history(id)).slice(1)).toEqual([
      { ...byMentor("confirmed"), from_status: "pending", to_status: "confirmed", reason: null },
      {
        kind: "cancelled",
        actor: "student",
        actor_id: student,
        from_status: "confirmed",
        to_status: "cancelled",
        reason: "Ill in bed",
      },
    ]);
  });

  it("distinguishes declining from cancelling", async () => {
    const { id } = await bookAnyTime();
    await changeStatus(db.owner, signedIn(mentor), id, "cancelled", "Fully booked");
    expect((await history(id)).at(-1)).toEqual({
      ...byMentor("declined"),
      from_status: "pending",
      to_status: "cancelled",
      reason: "Fully booked",
    });
  });

  it("does not hand one step's reason to the next", async () => {
    const first = await bookAnyTime();
    const second = await bookAnyTime();
    await db.as(mentor, async (client) => {
      await client.query(
        "select public.change_booking_status(private.mentor_of_booking($1), $1, 'cancelled', 'Fully booked')",
        [first.id],
      );
      await client.query("update public.bookings set status = 'cancelled' where id = $1", [second.id]);
      const { rows } = await client.query("select reason from public.booking_events where booking_id = $1", [
        second.id,
      ]);
      expect(rows).toEqual([{ reason: null }, { reason: null }]);
    });
  });

  it("has no actor for a request that expired, not even the person whose booking cleared it", async () => {
    const expired = await bookAnyTime();
    await letExpire(db.owner, expired.id);
    await book(db.owner, {
      user_id: otherStudent,
      scheduled_date: expired.scheduled_date,
    });
    expect((await history(expired.id)).at(-1)).toEqual({
      kind: "expired",
      actor: "system",
      actor_id: null,
      from_status: "pending",
      to_status: "cancelled",
      reason: null,
    });
  });

  it("keeps reasons short", async () => {
    const { id } = await bookAnyTime();
    expect(await changeStatus(db.owner, signedIn(student), id, "cancelled", "x".repeat(501))).toBe(
      "23514 booking_events_reason_length",
    );
  });

  it("does not record a stranger's attempt", async () => {
    const { id } = await bookAnyTime();
    expect(await changeStatus(db.owner, signedIn(stranger), id, "cancelled")).toBe("0 rows");
    expect(await history(id)).toEqual([created]);
  });

  const byMentor = (kind: string) => ({ kind, actor: "mentor", actor_id: mentor });
});
