import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Booking, booking, bookingPage } from "#contract/bookings.ts";
import { notificationPage } from "#contract/notifications.ts";
import { bookingReview, bookingReviewAnswer, type ReviewPage, reviewPage } from "#contract/reviews.ts";
import { bookAny, moveBooking } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
let other: Person;
beforeAll(async () => {
  test = await openTestApp();
  [student, other] = (await test.signUpCrowd(2)) as [Person, Person];
  mentor = await test.makeMentor({ settings: { instant_confirm: true } });
});
afterAll(() => test.close());

let days = 1;
/** A session that took place, each on another day. */
async function held(of = mentor): Promise<{ id: string; path: string }> {
  const { id } = await bookAny(student, of);
  await moveBooking(test.db, id, -(7 + days++));
  (await of.call("POST", `/bookings/${id}/complete`)).expect(200);
  return { id, path: `/bookings/${id}/review` };
}
const written = async (path: string, rating = 4) =>
  (await student.call("POST", path, { rating, comment: "Clear." })).expect(201).read(bookingReview);
const seeing = (revision: number) => ({ "if-match": `"${revision}"` });

/** All pages of one review each, as a reader turns them. */
async function turnPages(of: Mentor): Promise<string[]> {
  const ids: string[] = [];
  let cursor: ReviewPage["next_cursor"] = "";
  while (cursor !== null && ids.length < 20) {
    const query = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await test.visitor("GET", `/mentors/${of.id}/reviews?limit=1${query}`);
    const page: ReviewPage = answer.read(reviewPage);
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  return ids;
}

it("pages show every review once, also those of one millisecond", async () => {
  const busy = await test.makeMentor({ settings: { instant_confirm: true } });
  const ids: string[] = [];
  for (const micros of ["100", "900", "500", "501"]) {
    const { id } = await written((await held(busy)).path);
    await test.db.owner.query("update reviews set created_at = $2 where id = $1", [
      id,
      `2026-03-01T10:00:00.123${micros}Z`,
    ]);
    ids.push(id);
  }
  const [oldest, newest, third, second] = ids;
  expect(await turnPages(busy)).toEqual([newest, second, third, oldest]);
});

describe("of two concurrent changes of a review", () => {
  it("the second is rejected, and the first one's text stays", async () => {
    const { path } = await held();
    const { revision } = await written(path);
    const wishes = [1, 2, 3, 4, 5].map((rating) => ({ rating, comment: `${rating} stars` }));
    const answers = await Promise.all(
      wishes.map((wish) => student.call("PATCH", path, wish, seeing(revision))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412]);
    for (const answer of answers) if (answer.status === 412) answer.problem("review_changed");
    const won = wishes[answers.findIndex(({ status }) => status === 200)];
    const { review } = (await student.call("GET", path)).read(bookingReviewAnswer);
    expect(review).toMatchObject({ ...won, revision: revision + 1 });
  });

  it("no change is lost when they change different fields without a revision", async () => {
    const { path } = await held();
    await written(path, 2);
    await Promise.all([
      student.call("PATCH", path, { rating: 5 }),
      student.call("PATCH", path, { comment: "Better than I thought." }),
    ]);
    const { review } = (await student.call("GET", path)).read(bookingReviewAnswer);
    expect(review).toMatchObject({ rating: 5, comment: "Better than I thought.", revision: 3 });
  });

  it("a retry is no second change", async () => {
    const { path } = await held();
    const { revision } = await written(path);
    const change = () => student.call("PATCH", path, { rating: 3, comment: "Fair." }, seeing(revision));
    const first = (await change()).expect(200);
    expect(first.headers.etag).toBe(`"${revision + 1}"`);
    expect((await change()).expect(200).read(bookingReview).revision).toBe(revision + 1);
    const answer = await student.call("PATCH", path, { rating: 3 }, { "if-match": "seven" });
    expect(answer.problem("validation_failed").errors?.[0]?.field).toBe("if-match");
  });
});

describe("a review that is taken back", () => {
  const age = async (id: string, by: string) => {
    await test.db.owner.query(
      "update reviews set created_at = created_at - $2::interval where booking_id = $1",
      [id, by],
    );
    await test.db.owner.query(
      "update private.review_events set created_at = created_at - $2::interval where booking_id = $1",
      [id, by],
    );
  };

  it("can be written again, as old as it was", async () => {
    const { id, path } = await held();
    const { editable_until } = await written(path);
    await age(id, "10 days");
    await student.call("DELETE", path);
    expect((await student.call("GET", path)).read(bookingReviewAnswer).may_review).toBe(true);
    const again = await written(path, 1);
    expect(Date.parse(editable_until) - Date.parse(again.editable_until)).toBe(10 * 86_400_000);
  });

  it("does not get round the fourteen days", async () => {
    const { id, path } = await held();
    await written(path);
    await age(id, "14 days");
    (await student.call("PATCH", path, { rating: 1 })).problem("review_closed");
    (await student.call("DELETE", path)).expect(204);
    expect((await student.call("GET", path)).read(bookingReviewAnswer)).toEqual({
      review: null,
      may_review: false,
      opens_at: null,
    });
    (await student.call("POST", path, { rating: 1 })).problem("review_closed");
  });

  it("does not ring twice at the mentor's, and leaves a trace", async () => {
    const quiet = await test.makeMentor({ settings: { instant_confirm: true } });
    const { id, path } = await held(quiet);
    await written(path, 5);
    await runJobs(test.db);
    await student.call("DELETE", path);
    await written(path, 1);
    await student.call("PATCH", path, { rating: 2 });
    await runJobs(test.db);
    const { data } = (await quiet.call("GET", "/notifications")).read(notificationPage);
    expect(data.filter(({ kind }) => kind === "review_written")).toHaveLength(1);
    const { rows } = await test.db.owner.query(
      "select kind, rating, actor_id from private.review_events where booking_id = $1 order by id",
      [id],
    );
    const by = { actor_id: student.id };
    expect(rows).toEqual([
      { kind: "written", rating: 5, ...by },
      { kind: "withdrawn", rating: 5, ...by },
      { kind: "written", rating: 1, ...by },
      { kind: "changed", rating: 2, ...by },
    ]);
  });
});

it("a booking shows its review to its two people", async () => {
  const { id, path } = await held();
  const markOf = async (who: Person): Promise<Booking["review"]> =>
    (await who.call("GET", `/bookings/${id}`)).read(booking).review;
  expect(await markOf(student)).toBeNull();
  const review = await written(path, 3);
  const mark = { id: review.id, rating: 3 };
  expect(await markOf(student)).toEqual(mark);
  expect(await markOf(mentor)).toEqual(mark);
  const { data } = (await student.call("GET", "/bookings?limit=100")).read(bookingPage);
  expect(data.find((one) => one.id === id)?.review).toEqual(mark);
  (await other.call("GET", `/bookings/${id}`)).problem("booking_not_found");
});
