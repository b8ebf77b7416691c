import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { basket } from "#contract/baskets.ts";
import { booking, bookingPage } from "#contract/bookings.ts";
import { notificationPage } from "#contract/notifications.ts";
import { series, seriesList } from "#contract/series.ts";
import { HOUR_MS } from "#scheduling/units.ts";
import { book } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { ledgerFaults } from "../testing/ledger.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import {
  basketOf,
  bookBasket,
  bookSeries,
  seriesOf,
  startsOfDay,
  weeklyStarts,
} from "../testing/together.ts";
import { confirmAddress } from "../testing/twoFactor.ts";

let test: TestApp;
let student: Person;
beforeAll(async () => {
  test = await openTestApp();
  student = await test.signUp("Sana");
});
afterAll(() => test.close());

const makeMentor = (settings = {}): Promise<Mentor> =>
  test.makeMentor({ settings: { instant_confirm: true, booking_window_days: 365, ...settings } });
const bookingsOf = async (person: Person) =>
  (await person.call("GET", "/bookings?limit=100")).read(bookingPage).data;
const kindsFor = async (person: Person) =>
  (await person.call("GET", "/notifications")).read(notificationPage).data.map(({ kind }) => kind);

describe("a series", () => {
  it("is booked as a whole, one booking per session, in one history for both", async () => {
    const mentor = await makeMentor();
    const starts = await weeklyStarts(student, mentor, 4);
    const made = await bookSeries(student, mentor, starts, { message: "Every week" });
    expect(made).toMatchObject({
      expert_id: mentor.id,
      user_id: student.id,
      pattern: "weekly",
      payment: "at_once",
      basket_id: null,
      student_name: "Sana",
    });
    expect(
      made.sessions.map(({ place, starts_at, status }) => [place, Date.parse(starts_at), status]),
    ).toEqual(starts.map((start, index) => [index + 1, start, "confirmed"]));
    expect(
      made.sessions.every(({ can_cancel, can_move, message }) => can_cancel && can_move && message),
    ).toBe(true);
    for (const person of [student, mentor]) {
      expect((await person.call("GET", `/series/${made.id}`)).read(series).sessions.length).toBe(4);
    }
    const list = (await mentor.call("GET", "/series?as=mentor")).read(seriesList);
    expect(list.data.map(({ id }) => id)).toEqual([made.id]);
    const [one] = (await bookingsOf(student)).filter(({ series_id }) => series_id === made.id);
    expect(one).toMatchObject({ series_place: 4, basket_id: null });
    expect(await ledgerFaults(test.db.owner)).toEqual([]);
  });

  it("is not booked at all if one date is taken, and the refusal names free starts for it", async () => {
    const mentor = await makeMentor();
    const starts = await weeklyStarts(student, mentor, 3);
    const other = await test.signUp("Other");
    await book(other, mentor, starts[1] ?? 0);
    const refused = (await student.call("POST", "/series", seriesOf(mentor, starts))).problem("slot_taken");
    expect(refused.refused_sessions?.map(({ place, verdict }) => [place, verdict])).toEqual([[2, "taken"]]);
    const [substitute] = refused.refused_sessions?.[0]?.substitutes ?? [];
    expect((await bookingsOf(student)).filter(({ expert_id }) => expert_id === mentor.id)).toEqual([]);
    const replaced = starts.with(1, Date.parse(substitute?.starts_at ?? ""));
    const made = await bookSeries(student, mentor, replaced);
    expect(made.sessions.map(({ starts_at }) => Date.parse(starts_at))).toEqual(replaced);
  });

  it("is booked once for one key, and another person waits for the same mentor", async () => {
    const mentor = await makeMentor();
    const starts = await weeklyStarts(student, mentor, 3);
    const other = await test.signUp("Rival");
    const key = { "idempotency-key": "series-once" };
    const body = seriesOf(mentor, starts);
    const answers = await Promise.all([
      student.call("POST", "/series", body, key),
      student.call("POST", "/series", body, key),
      other.call("POST", "/series", body),
    ]);
    const [first, again, rival] = answers.map(({ status }) => status);
    expect([first, again].filter((status) => status === 201).length + Number(rival === 201) > 0).toBe(true);
    const { rows } = await test.db.owner.query<{ series: number; bookings: number }>(
      `select (select count(*)::int from series where expert_id = $1) as series,
         (select count(*)::int from bookings where expert_id = $1) as bookings`,
      [mentor.id],
    );
    expect(rows[0]).toEqual({ series: 1, bookings: 3 });
  });

  it("is one decision for the cap on sessions ahead", async () => {
    const capped = await openTestApp({ caps: "kept" });
    try {
      const mentor = await capped.makeMentor({
        settings: { instant_confirm: true, booking_window_days: 365 },
      });
      const [person] = (await capped.signUpCrowd(1, "unconfirmed")) as [Person];
      const starts = await weeklyStarts(person, mentor, 40, { days: 3 });
      (await person.call("POST", "/series", seriesOf(mentor, starts))).problem("too_many_sessions_ahead");
      await confirmAddress(capped, person);
      const made = await bookSeries(person, mentor, starts);
      expect(made.sessions.length).toBe(40);
    } finally {
      await capped.close();
    }
  });

  it("has one message for each of the two, and asks the mentor once", async () => {
    const mentor = await makeMentor();
    const shy = await makeMentor({ instant_confirm: false });
    const person = await test.signUp("Told");
    await bookSeries(person, mentor, await weeklyStarts(person, mentor, 5));
    await bookSeries(person, shy, await weeklyStarts(person, shy, 3));
    await runJobs(test.db);
    expect(await kindsFor(mentor)).toEqual(["series_booked"]);
    expect(await kindsFor(shy)).toEqual(["series_requested"]);
    // The person who acted is told by mail.
    const { rows } = await test.db.owner.query<{ kind: string }>(
      "select kind from private.deliveries where user_id = $1 and kind like 'series%' order by kind",
      [person.id],
    );
    expect(rows.map(({ kind }) => kind)).toEqual(["series_booked", "series_requested"]);
  });

  it.each([
    ["starts", { starts: ["2026-01-01T10:00:00Z"] }],
    ["duration", { duration: 45 }],
    ["package_purchase_id", { payment: "credits" }],
    ["package_purchase_id", { package_purchase_id: "00000000-0000-4000-8000-000000000000" }],
  ] as const)("rejects a wrong %s", async (field, wishes) => {
    const mentor = await makeMentor();
    const starts = await weeklyStarts(student, mentor, 2);
    const body = { ...seriesOf(mentor, starts), ...wishes };
    const { errors } = (await student.call("POST", "/series", body)).problem("validation_failed");
    expect(errors?.map((error) => error.field)).toEqual([field]);
  });

  it("is only theirs", async () => {
    const mentor = await makeMentor();
    const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 2));
    const stranger = await test.signUp("Stranger");
    (await stranger.call("GET", `/series/${made.id}`)).problem("series_not_found");
    (
      await mentor.call(
        "POST",
        "/series",
        seriesOf(mentor, await weeklyStarts(student, mentor, 2, { days: 9 })),
      )
    ).problem("own_session");
    (
      await student.call("POST", "/series", {
        ...seriesOf(
          mentor,
          [1, 2].map((n) => Date.now() + n * 40 * HOUR_MS),
        ),
        total_amount: 7,
      })
    ).problem("price_mismatch");
  });
});

describe("a basket", () => {
  it("books several times, or none", async () => {
    const mentor = await makeMentor();
    const starts = await startsOfDay(student, mentor, 3);
    const made = await bookBasket(student, mentor, starts);
    expect(made).toMatchObject({
      payment_status: "free",
      held_until: null,
      series_id: null,
      total_amount: 6000,
    });
    expect(made.bookings.map(({ status, basket_id }) => [status, basket_id])).toEqual(
      starts.map(() => ["confirmed", made.id]),
    );
    expect((await student.call("GET", `/baskets/${made.id}`)).read(basket)).toEqual(made);
    const later = await startsOfDay(student, mentor, 2);
    const refused = (
      await student.call("POST", "/baskets", basketOf(mentor, [...later, starts[1] ?? 0]))
    ).problem("slot_taken");
    expect(refused.refused_sessions?.map(({ place }) => place)).toEqual([3]);
    (await (await test.signUp("Curious")).call("GET", `/baskets/${made.id}`)).problem("basket_not_found");
  });

  it("does not contain two sessions that overlap", async () => {
    const mentor = await makeMentor();
    const [start = 0] = await startsOfDay(student, mentor, 1);
    const body = basketOf(mentor, [start, start]);
    const refused = (await student.call("POST", "/baskets", body)).problem("slot_taken");
    expect(refused.refused_sessions?.map(({ place }) => place)).toEqual([2]);
  });

  it("rejects services that the mentor does not offer, by their place", async () => {
    const mentor = await makeMentor();
    const starts = await startsOfDay(student, mentor, 2);
    const body = basketOf(mentor, starts);
    const wrong = { ...body, slots: [body.slots[0], { ...body.slots[1], duration: 45 }] };
    const { errors } = (await student.call("POST", "/baskets", wrong)).problem("validation_failed");
    expect(errors?.map(({ field }) => field)).toEqual(["slots.1.duration"]);
    (await student.call("POST", "/baskets", basketOf(mentor, starts.slice(0, 1)))).problem(
      "validation_failed",
    );
  });

  it("is a booking of its own each, afterwards", async () => {
    const mentor = await makeMentor();
    const made = await bookBasket(student, mentor, await startsOfDay(student, mentor, 2));
    const cancelled = await student.call("POST", `/bookings/${made.bookings[0]?.id}/cancel`);
    expect(cancelled.expect(200).read(booking).status).toBe("cancelled");
    const left = (await student.call("GET", `/baskets/${made.id}`)).read(basket);
    expect(left.bookings.map(({ status }) => status)).toEqual(["cancelled", "confirmed"]);
  });
});
