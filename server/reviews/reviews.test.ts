import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { mentorPage, mentorWithServices } from "#contract/mentors.ts";
import { notificationPage } from "#contract/notifications.ts";
import { bookingReview, bookingReviewAnswer, reviewPage } from "#contract/reviews.ts";
import { bookAny, moveBooking } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let student: Person;
let other: Person;
beforeAll(async () => {
  test = await openTestApp();
  [student, other] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(() => test.close());

const confirming = () => test.makeMentor({ settings: { instant_confirm: true } });
let days = 1;
/** A session that took place, each on another day. */
async function held(mentor: Mentor, who = student): Promise<string> {
  const { id } = await bookAny(who, mentor);
  await moveBooking(test.db, id, -(7 + days++));
  (await mentor.call("POST", `/bookings/${id}/complete`)).expect(200);
  return `/bookings/${id}/review`;
}
const shown = async (mentor: Mentor, query = "") =>
  (await test.visitor("GET", `/mentors/${mentor.profile.username}/reviews${query}`)).read(reviewPage);
const figuresOf = async (mentor: Mentor) => {
  const { rating, review_count } = (await test.visitor("GET", `/mentors/${mentor.id}`)).read(
    mentorWithServices,
  );
  return { rating, review_count };
};

describe("a review", () => {
  it("is written, shown, changed and taken back, and the mentor's figures follow", async () => {
    const mentor = await confirming();
    const path = await held(mentor);
    expect((await student.call("GET", path)).read(bookingReviewAnswer)).toMatchObject({
      review: null,
      may_review: true,
    });
    expect((await mentor.call("GET", path)).read(bookingReviewAnswer).may_review).toBe(false);

    const written = (await student.call("POST", path, { rating: 4, comment: "  Clear and kind. " })).expect(
      201,
    );
    const { id } = written.read(bookingReview);
    expect(written.json).toMatchObject({
      author: "Student 1.",
      rating: 4,
      comment: "Clear and kind.",
      reply: null,
    });
    expect(await figuresOf(mentor)).toEqual({ rating: 4, review_count: 1 });
    expect(JSON.stringify(await shown(mentor))).not.toContain(student.id);

    (await student.call("PATCH", path, { comment: " " })).expect(200);
    (await student.call("PATCH", path, { rating: 5 })).expect(200);
    expect((await shown(mentor)).data).toMatchObject([{ id, rating: 5, comment: null }]);

    (await student.call("DELETE", path)).expect(204);
    expect(await shown(mentor)).toEqual({
      data: [],
      next_cursor: null,
      summary: { rating: null, count: 0, distribution: { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 } },
    });
    expect(await figuresOf(mentor)).toEqual({ rating: null, review_count: 0 });
  });

  it("takes one transaction per request, as its student", async () => {
    const path = await held(await confirming());
    const asUser = vi.spyOn(test.db.database, "asUser");
    const asSystem = vi.spyOn(test.db.database, "asSystem");
    const requests = [
      ["POST", { rating: 3 }],
      ["GET", undefined],
      ["PATCH", { rating: 5 }],
      ["DELETE", undefined],
    ] as const;
    for (const [method, body] of requests) {
      asUser.mockClear();
      expect((await student.call(method, path, body)).status).toBeLessThan(300);
      expect(asUser).toHaveBeenCalledTimes(1);
    }
    expect(asSystem).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it("names the invalid field, and writes nothing", async () => {
    const mentor = await confirming();
    const path = await held(mentor);
    for (const [field, body] of [
      ["rating", {}],
      ["rating", { rating: 0 }],
      ["rating", { rating: 4.5 }],
      ["rating", { rating: "5" }],
      ["comment", { rating: 5, comment: "x".repeat(2001) }],
      ["comment", { rating: 5, comment: "a\u0000b" }],
    ] as const) {
      const answer = await student.call("POST", path, body);
      expect(answer.problem("validation_failed").errors?.[0]?.field).toBe(field);
    }
    expect((await shown(mentor)).data).toEqual([]);
  });

  it("is one, also with concurrent requests", async () => {
    const mentor = await confirming();
    const path = await held(mentor);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => student.call("POST", path, { rating: 5 })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
    expect(await figuresOf(mentor)).toEqual({ rating: 5, review_count: 1 });
  });

  it("is not written before the session is completed, nor of one that was called off", async () => {
    const mentor = await confirming();
    const { id } = await bookAny(student, mentor);
    (await student.call("POST", `/bookings/${id}/review`, { rating: 5 })).problem("review_not_allowed");
    await student.call("POST", `/bookings/${id}/cancel`);
    (await student.call("POST", `/bookings/${id}/review`, { rating: 5 })).problem("review_not_allowed");
  });
});

describe("a mentor's reply", () => {
  it("appears below the review, can be changed and deleted, and notifies each side once", async () => {
    const mentor = await confirming();
    const path = await held(mentor);
    const { id } = (await student.call("POST", path, { rating: 5 })).expect(201).read(bookingReview);
    await runJobs(test.db);
    const ofKind = async (person: Person, kind: string) =>
      (await person.call("GET", "/notifications"))
        .read(notificationPage)
        .data.filter((one) => one.kind === kind);
    expect(await ofKind(mentor, "review_written")).toHaveLength(1);

    const say = (reply: string) => mentor.call("PUT", `/reviews/${id}/reply`, { reply });
    (await say("Thank you.")).expect(204);
    (await say("Thank you, Student!")).expect(204);
    expect((await shown(mentor)).data[0]?.reply?.body).toBe("Thank you, Student!");
    await runJobs(test.db);
    expect(await ofKind(student, "review_answered")).toHaveLength(1);
    expect((await say(" ")).problem("validation_failed").errors?.[0]?.field).toBe("reply");
    (await other.call("PUT", `/reviews/${id}/reply`, { reply: "Me too." })).problem("review_not_found");
    (await mentor.call("DELETE", `/reviews/${id}/reply`)).expect(204);
    expect((await shown(mentor)).data[0]?.reply).toBeNull();
  });
});

it("reviews come in pages, the newest first, with what all of them come to", async () => {
  const mentor = await confirming();
  for (const rating of [5, 3, 5]) await student.call("POST", await held(mentor), { rating });
  const first = await shown(mentor, "?limit=2");
  const second = await shown(mentor, `?limit=2&cursor=${encodeURIComponent(first.next_cursor ?? "")}`);
  expect([...first.data, ...second.data].map(({ rating }) => rating)).toEqual([5, 3, 5]);
  expect(second.next_cursor).toBeNull();
  expect(first.summary).toEqual({ rating: 4.33, count: 3, distribution: { 1: 0, 2: 0, 3: 1, 4: 0, 5: 2 } });
  const found = (await test.visitor("GET", `/mentors?q=${mentor.name.split(" ")[0]}`)).read(mentorPage);
  expect(found.data.find(({ id }) => id === mentor.id)).toMatchObject({ rating: 4.33, review_count: 3 });
});

it("the figures equal the reviews after any history", async () => {
  const mentor = await confirming();
  const sessions: string[] = [];
  for (let session = 0; session < 4; session++) sessions.push(await held(mentor));
  const step = fc.record({
    session: fc.nat({ max: sessions.length - 1 }),
    how: fc.constantFrom("POST", "PATCH", "DELETE"),
    rating: fc.integer({ min: 1, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (history) => {
      const stars = new Map<number, number>();
      for (const path of sessions) await student.call("DELETE", path);
      for (const { session, how, rating } of history) {
        await student.call(how, sessions[session]!, how === "DELETE" ? undefined : { rating });
        if (how === "DELETE") stars.delete(session);
        else if (how === "POST" ? !stars.has(session) : stars.has(session)) stars.set(session, rating);
      }
      const sum = [...stars.values()].reduce((total, each) => total + each, 0);
      expect(await figuresOf(mentor)).toEqual({
        rating: stars.size === 0 ? null : Math.round((sum / stars.size) * 100) / 100,
        review_count: stars.size,
      });
    }),
    { numRuns: 15 },
  );
});
