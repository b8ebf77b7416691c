import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { bookingSteps, type StatusAction } from "#rules/bookingState.ts";
import { bookAny, letEnd, moveBooking, readSlots } from "../testing/booking.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
let stranger: Person;
beforeAll(async () => {
  test = await openTestApp();
  [student, stranger] = (await test.signUpCrowd(2)) as [Person, Person];
});
beforeEach(async () => {
  mentor = await test.makeMentor();
});
afterAll(() => test.close());

const step = (who: Person, { id }: Booking, action: StatusAction, body?: unknown) =>
  who.call("POST", `/bookings/${id}/${action}`, body);

interface Event {
  kind: string;
  actor: string;
  actor_id: string | null;
  from_status: string | null;
  to_status: string;
  reason: string | null;
}

async function eventsOf({ id }: Booking): Promise<Event[]> {
  const { rows } = await test.db.owner.query<Event>(
    "select kind, actor, actor_id, from_status, to_status, reason from booking_events where booking_id = $1 order by id",
    [id],
  );
  return rows;
}

const toConfirmed = async (made: Booking) => {
  (await step(mentor, made, "confirm")).expect(200);
};
let daysBack = 30;
let inProgress: Booking | undefined;
const toHeld = (made: Booking) => moveBooking(test.db, made.id, -daysBack++);

/** Ways to each state that a booking can be in. */
const states: Record<string, (made: Booking) => Promise<void>> = {
  pending: async () => undefined,
  confirmed: toConfirmed,
  "confirmed, under way": async (made) => {
    await toConfirmed(made);
    // The mentor has one session at a time: the last one is over now.
    if (inProgress) await toHeld(inProgress);
    await letEnd(test.db, made.id, -0.5);
    inProgress = made;
  },
  "confirmed, over": async (made) => {
    await toConfirmed(made);
    await toHeld(made);
  },
  completed: async (made) => {
    await toConfirmed(made);
    await toHeld(made);
    (await step(mentor, made, "complete")).expect(200);
  },
  cancelled: async (made) => {
    (await step(student, made, "cancel")).expect(200);
  },
  expired: async ({ id }) => {
    await test.db.owner.query("update bookings set expires_at = now() - interval '1 second' where id = $1", [
      id,
    ]);
  },
};

/** What the mentor and the student may do in each state; all else is refused. */
const allowed: Record<string, { mentor: StatusAction[]; student: StatusAction[] }> = {
  pending: { mentor: ["confirm", "decline", "cancel"], student: ["cancel"] },
  confirmed: { mentor: ["cancel"], student: ["cancel"] },
  "confirmed, under way": { mentor: [], student: [] },
  "confirmed, over": { mentor: ["complete"], student: [] },
  completed: { mentor: [], student: [] },
  // Within a minute of the student's cancellation the mentor's is accepted as well: bothCancel.test.ts.
  cancelled: { mentor: ["cancel"], student: [] },
  expired: { mentor: [], student: [] },
};

/** All but moving, which leads to another time and not to another status: reschedule.test.ts. */
const actions = Object.keys(bookingSteps).filter((action) => action !== "reschedule") as StatusAction[];

describe.each(Object.keys(states))("a booking that is %s", (state) => {
  it.each(["mentor", "student"] as const)("obeys the %s only as far as it may", async (role) => {
    for (const action of actions) {
      const made = await bookAny(student, mentor);
      await states[state]?.(made);
      const before = (await student.call("GET", `/bookings/${made.id}`)).read(booking);
      const answer = await step(role === "mentor" ? mentor : student, made, action);
      const after = (await student.call("GET", `/bookings/${made.id}`)).read(booking);
      if (allowed[state]?.[role].includes(action)) {
        expect(answer.expect(200).read(booking)).toEqual(after);
        expect(after).toMatchObject({
          status: bookingSteps[action].to,
          expires_at: null,
        });
      } else {
        const mentorsOnly = role === "student" && action !== "cancel";
        answer.problem(mentorsOnly ? "forbidden" : "invalid_transition");
        expect(after).toEqual(before);
      }
    }
  });
});

it("a stranger finds nothing, in any state and with any step", async () => {
  const made = await bookAny(student, mentor);
  for (const action of actions) (await step(stranger, made, action)).problem("booking_not_found");
  (await stranger.call("GET", `/bookings/${made.id}`)).problem("booking_not_found");
  (await stranger.call("GET", `/bookings/${made.id}/calendar.ics`)).problem("booking_not_found");
  expect(await eventsOf(made)).toHaveLength(1);
});

it("writes down who did what and why", async () => {
  const made = await bookAny(student, mentor);
  await step(mentor, made, "confirm", { reason: "" });
  await step(student, made, "cancel", { reason: "  I have an exam.  " });
  expect(await eventsOf(made)).toEqual([
    {
      kind: "created",
      actor: "student",
      actor_id: student.id,
      from_status: null,
      to_status: "pending",
      reason: null,
    },
    {
      ...{ kind: "confirmed", actor: "mentor", actor_id: mentor.id },
      ...{ from_status: "pending", to_status: "confirmed", reason: null },
    },
    {
      ...{ kind: "cancelled", actor: "student", actor_id: student.id },
      ...{ from_status: "confirmed", to_status: "cancelled", reason: "I have an exam." },
    },
  ]);
  const declined = await bookAny(student, mentor);
  await step(mentor, declined, "decline", { reason: "Too busy" });
  expect((await eventsOf(declined)).at(-1)).toMatchObject({
    kind: "declined",
    actor: "mentor",
    reason: "Too busy",
  });
});

it("refuses a reason that is none", async () => {
  const made = await bookAny(student, mentor);
  for (const body of [{ reason: 5 }, { reason: "x".repeat(501) }, { reason: "a\u0000" }, { why: "" }, []]) {
    (await step(student, made, "cancel", body)).problem("validation_failed");
  }
  (await step(student, made, "cancel", {})).expect(200);
});

it("frees cancelled or declined time for others immediately", async () => {
  for (const [who, action] of [
    [student, "cancel"],
    [mentor, "cancel"],
    [mentor, "decline"],
  ] as const) {
    const made = await bookAny(student, mentor);
    const isFree = async () =>
      (await readSlots(stranger.call, mentor, { from: made.scheduled_date })).some(
        ({ starts_at }) => starts_at === made.starts_at,
      );
    expect(await isFree()).toBe(false);
    (await step(who, made, action)).expect(200);
    expect(await isFree()).toBe(true);
  }
});

it("lets one of many simultaneous steps win", async () => {
  const made = await bookAny(student, mentor);
  const tries = await Promise.all(
    Array.from({ length: 20 }, (_, turn) =>
      turn % 2 === 0 ? step(mentor, made, "decline") : step(student, made, "cancel"),
    ),
  );
  const won = tries.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  for (const answer of tries) if (answer.status !== 200) answer.problem("invalid_transition");
  expect(await eventsOf(made)).toHaveLength(2);
  expect(
    (await test.db.owner.query("select from occupancies where expert_id = $1", [mentor.id])).rowCount,
  ).toBe(0);
});
