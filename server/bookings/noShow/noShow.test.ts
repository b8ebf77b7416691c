import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { booking, bookingEvents, bookingPage } from "#contract/bookings.ts";
import { notificationPage } from "#contract/notifications.ts";
import { student as studentShape } from "#contract/students.ts";
import { bookAny, letEnd } from "../../testing/booking.ts";
import { runJobs, runTask } from "../../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  test = await openTestApp();
});
beforeEach(async () => {
  mentor = await test.makeMentor({ name: "Asha Rao", settings: { instant_confirm: true } });
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(() => test.close());

async function ended(hoursAgo = 1): Promise<string> {
  const { id } = await bookAny(student, mentor);
  await letEnd(test.db, id, hoursAgo);
  return id;
}
const claim = (who: Person, id: string, body?: unknown) => who.call("POST", `/bookings/${id}/no-show`, body);
const answer = (who: Person, id: string, body: unknown) =>
  who.call("POST", `/bookings/${id}/no-show/answer`, body);
const withdraw = (who: Person, id: string) => who.call("POST", `/bookings/${id}/no-show/withdraw`);
const read = async (who: Person, id: string) => (await who.call("GET", `/bookings/${id}`)).read(booking);
const historyOf = async (id: string) =>
  (await student.call("GET", `/bookings/${id}/events`))
    .read(bookingEvents)
    .data.map(({ kind, actor }) => `${kind} ${actor}`);
async function inbox(who: Person) {
  // One job at a time, so that the newest message is about the latest event.
  await runJobs(test.db, { concurrency: 1 });
  return (await who.call("GET", "/notifications")).read(notificationPage).data;
}
async function letAnswerRunOut(id: string): Promise<void> {
  await test.db.owner.query("set session_replication_role = replica");
  await test.db.owner.query(
    "update no_show_claims set answer_until = now() - interval '1 second' where booking_id = $1",
    [id],
  );
  await test.db.owner.query("reset session_replication_role");
}

describe("a claim", () => {
  it("is part of the booking for both, and in the inbox of the other side, with its window", async () => {
    const id = await ended();
    expect((await read(student, id)).no_show).toBeNull();
    const made = (await claim(student, id, { reason: "  I waited for half an hour. " }))
      .expect(200)
      .read(booking);
    expect(made.no_show).toMatchObject({
      claimed_by: "student",
      state: "open",
      reason: "I waited for half an hour.",
      answer: null,
      settled_at: null,
    });
    const { created_at, answer_until } = made.no_show!;
    expect(Date.parse(answer_until) - Date.parse(created_at)).toBe(48 * 3_600_000);
    expect(await read(mentor, id)).toEqual(made);
    const { data } = (await mentor.call("GET", "/bookings?as=mentor")).read(bookingPage);
    expect(data).toEqual([made]);
    expect((await inbox(mentor))[0]).toMatchObject({
      kind: "no_show_claimed",
      booking_id: id,
      facts: {
        role: "mentor",
        counterpart: student.name,
        reason: "I waited for half an hour.",
        claimed_by: "student",
        answer_until,
      },
    });
    expect((await inbox(student)).map(({ kind }) => kind)).not.toContain("no_show_claimed");
  });

  it("is refused too early, too late, and of what was never agreed, each with its sentence", async () => {
    const { id } = await bookAny(student, mentor);
    const early = (await claim(student, id)).problem("no_show_not_allowed");
    expect(early.detail).toBe("You can report a no-show once the session is over.");
    const late = (await claim(mentor, await ended(72.1))).problem("no_show_not_allowed");
    expect(late.detail).toBe("A no-show can be reported until 3 days after the session.");
    await student.call("POST", `/bookings/${id}/cancel`);
    (await claim(student, id)).problem("no_show_not_allowed");
  });

  it("names the invalid field", async () => {
    const id = await ended();
    for (const [field, response] of [
      ["reason", await claim(student, id, { reason: "x".repeat(501) })],
      ["answer", await answer(mentor, id, { answer: "maybe" })],
      ["answer", await answer(mentor, id, {})],
      ["reason", await answer(mentor, id, { answer: "agree", reason: 7 })],
    ] as const) {
      expect(response.problem("validation_failed").errors?.[0]?.field).toBe(field);
    }
  });

  it("exists once per session, and cannot be repeated after a withdrawal", async () => {
    const id = await ended();
    const both = await Promise.all([claim(student, id), claim(mentor, id)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [claimer, other] = both[0]!.status === 200 ? [student, mentor] : [mentor, student];
    (await claim(other, id)).problem("no_show_exists");
    (await withdraw(other, id)).problem("forbidden");
    expect((await withdraw(claimer, id)).expect(200).read(booking).no_show?.state).toBe("withdrawn");
    expect((await claim(claimer, id)).problem("no_show_exists").detail).toBe(
      "You withdrew your report, so you can’t report this session again.",
    );
    expect((await claim(other, id)).expect(200).read(booking).no_show).toMatchObject({
      state: "open",
      claimed_by: other === student ? "student" : "mentor",
    });
  });
});

describe("a reply", () => {
  it("confirms: the session is neither completed nor reviewed", async () => {
    const id = await ended();
    await claim(mentor, id);
    (await answer(mentor, id, { answer: "agree" })).problem("forbidden");
    const agreed = (await answer(student, id, { answer: "agree", reason: "I forgot, sorry." })).expect(200);
    expect(agreed.read(booking)).toMatchObject({
      status: "confirmed",
      no_show: { state: "agreed", answer: "I forgot, sorry." },
    });
    (await answer(student, id, { answer: "dispute" })).problem("no_show_closed");
    (await withdraw(mentor, id)).problem("no_show_closed");
    const complete = (await mentor.call("POST", `/bookings/${id}/complete`)).problem("invalid_transition");
    expect(complete.detail).toBe("There’s a no-show report for this session.");
    (await student.call("POST", `/bookings/${id}/review`, { rating: 1 })).problem("review_not_allowed");
    expect((await inbox(mentor))[0]).toMatchObject({
      kind: "no_show_agreed",
      facts: { reason: "I forgot, sorry." },
    });
    const about = await mentor.call("GET", `/mentors/me/students/${student.id}`);
    expect(about.read(studentShape)).toMatchObject({ held_sessions: 0, last_session_at: null });
  });

  it("disputes: the session counts as held, completes and can be reviewed", async () => {
    const id = await ended(25);
    await claim(student, id);
    (await answer(mentor, id, { answer: "dispute", reason: "I was there." })).expect(200);
    (await claim(mentor, id)).problem("no_show_exists");
    (await mentor.call("POST", `/bookings/${id}/complete`)).expect(200);
    (await student.call("POST", `/bookings/${id}/review`, { rating: 1 })).expect(201);
    expect((await inbox(student)).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["no_show_disputed", "booking_completed"]),
    );
  });

  it("requires a report", async () => {
    (await answer(mentor, await ended(), { answer: "agree" })).problem("no_show_closed");
  });

  it("that does not come in time: the no-show is recorded, and both are notified once", async () => {
    const id = await ended();
    await claim(student, id);
    await runTask(test.db, "expire_no_show_claims");
    expect((await read(student, id)).no_show?.state).toBe("open");
    await letAnswerRunOut(id);
    (await answer(mentor, id, { answer: "dispute" })).problem("no_show_closed");
    for (let again = 0; again < 3; again++) await runTask(test.db, "expire_no_show_claims");
    expect((await read(student, id)).no_show).toMatchObject({ state: "unanswered", answer: null });
    for (const [who, role] of [
      [student, "student"],
      [mentor, "mentor"],
    ] as const) {
      const told = (await inbox(who)).filter(({ kind }) => kind === "no_show_unanswered");
      expect(told).toHaveLength(1);
      expect(told[0]?.facts).toMatchObject({ role, claimed_by: "student" });
    }
    expect((await historyOf(id)).slice(-2)).toEqual(["no_show_claimed student", "no_show_unanswered system"]);
  });
});

describe("completing by itself", () => {
  it("happens a day after the end, once, and notifies both", async () => {
    const [old, young] = [await ended(25), await ended(22)];
    for (let again = 0; again < 3; again++) await runTask(test.db, "complete_held_sessions");
    expect((await read(student, old)).status).toBe("completed");
    expect((await read(student, young)).status).toBe("confirmed");
    expect(await historyOf(old)).toEqual(["created student", "completed system"]);
    for (const who of [student, mentor]) {
      expect((await inbox(who)).filter(({ kind }) => kind === "booking_completed")).toHaveLength(1);
    }
    // A no-show can still be reported.
    (await claim(student, old)).expect(200);
  });

  it("waits for the reply to a report, and never happens once a no-show is recorded", async () => {
    const [open, stands] = [await ended(30), await ended(40)];
    for (const id of [open, stands]) (await claim(student, id)).expect(200);
    await letAnswerRunOut(stands);
    await runTask(test.db, "expire_no_show_claims");
    await runTask(test.db, "complete_held_sessions");
    expect([(await read(student, open)).status, (await read(student, stands)).status]).toEqual([
      "confirmed",
      "confirmed",
    ]);
    (await withdraw(student, open)).expect(200);
    await runTask(test.db, "complete_held_sessions");
    expect((await read(student, open)).status).toBe("completed");
  });

  it("leaves those of other mentors alone that ended later", async () => {
    const other = await test.makeMentor({ settings: { instant_confirm: true } });
    const { id } = await bookAny(student, other);
    await letEnd(test.db, id, 2);
    await ended(26);
    await runTask(test.db, "complete_held_sessions");
    expect((await read(student, id)).status).toBe("confirmed");
  });
});
