import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { savedBlockedDate } from "#contract/hours.ts";
import { notificationPage } from "#contract/notifications.ts";
import { checkout, payment } from "#contract/payments.ts";
import { type Series, series, seriesChanged } from "#contract/series.ts";
import { DAY_MS, epochMs, HOUR_MS } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { book, letEnd } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { ledgerFaults } from "../testing/ledger.ts";
import { moneyFaults } from "../testing/moneyFaults.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import { bookSeries, weeklyStarts, weekMs } from "../testing/together.ts";

let test: TestApp;
let provider: TestProvider;
let student: Person;
beforeAll(async () => {
  provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  student = await test.signUp("Sana");
});
afterAll(() => test.close());

const makeMentor = (settings = {}, service = {}): Promise<Mentor> =>
  test.makeMentor({
    settings: { instant_confirm: true, booking_window_days: 365, ...settings },
    services: [{ durations: [{ minutes: 60, price: 0 }], ...service }],
  });
const read = async ({ id }: Pick<Series, "id">, who = student) =>
  (await who.call("GET", `/series/${id}`)).expect(200).read(series);
const change = async (who: Person, { id }: Pick<Series, "id">, step: string, body?: object) =>
  (await who.call("POST", `/series/${id}/${step}`, body)).expect(200).read(seriesChanged);
const statuses = ({ sessions }: Series) => sessions.map(({ status }) => status);
const startsOf = ({ sessions }: Series) => sessions.map(({ starts_at }) => Date.parse(starts_at));
const kindsFor = async (person: Person, made: Series) =>
  (await person.call("GET", "/notifications"))
    .read(notificationPage)
    .data.filter(({ booking_id }) => made.sessions.some(({ id }) => id === booking_id))
    .map(({ kind, facts }) => [kind, "sessions" in facts ? facts.sessions : 1]);

async function paidSeries(mentor: Mentor, sessions: number): Promise<Series> {
  const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, sessions));
  const path = `/bookings/${made.sessions[0]?.id}/payment`;
  (await student.call("POST", `${path}/checkout`)).expect(200).read(checkout);
  const { rows } = await test.db.owner.query<{ id: string }>(
    "select id from payments where basket_id = $1 and booking_id is null",
    [made.basket_id],
  );
  provider.pay(provider.orderOf(rows[0]?.id ?? "").id);
  (await student.call("POST", `${path}/refresh`)).expect(200).read(payment);
  return read(made);
}

describe("a cancellation of a series", () => {
  it("cancels this session and all later ones, with one message", async () => {
    const mentor = await makeMentor();
    const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 5));
    const done = await change(student, made, "cancel", { from_place: 3, reason: "A new job" });
    expect(done).toMatchObject({ changed: 3, left: [], refund: 0 });
    expect(statuses(done.series)).toEqual(["confirmed", "confirmed", "cancelled", "cancelled", "cancelled"]);
    await runJobs(test.db);
    expect(await kindsFor(mentor, made)).toEqual([
      ["series_changed", 3],
      ["series_booked", 5],
    ]);
    (await student.call("POST", `/series/${made.id}/cancel`, { from_place: 4 })).problem(
      "invalid_transition",
    );
    expect(await ledgerFaults(test.db.owner)).toEqual([]);
  });

  it("gives back what each session's terms say, and refuses if that is not what was shown", async () => {
    const mentor = await makeMentor(
      {},
      {
        durations: [{ minutes: 60, price: 100 }],
        refund_full_cutoff: 10 * 1440,
        refund_partial_cutoff: 2 * 1440,
        refund_partial_percent: 50,
      },
    );
    const made = await paidSeries(mentor, 3);
    expect(made.sessions.map(({ refund }) => refund)).toEqual([50, 100, 100]);
    const refused = (await student.call("POST", `/series/${made.id}/cancel`, { refund: 300 })).problem(
      "price_mismatch",
    );
    expect(refused.expected_amount).toBe(250);
    expect(statuses(await read(made))).toEqual(Array(3).fill("confirmed"));
    const done = await change(student, made, "cancel", { refund: 250 });
    expect([done.changed, done.refund]).toEqual([3, 250]);
    await runJobs(test.db, { provider });
    expect((await read(made)).sessions.map(({ payment_status }) => payment_status)).toEqual([
      "partially_refunded",
      "refunded",
      "refunded",
    ]);
    expect(await moneyFaults(test.db.owner)).toEqual([]);
  });

  it("leaves what can no longer be cancelled, and says which", async () => {
    const mentor = await makeMentor({}, { cancel_cutoff: 10 * 1440 });
    const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 3));
    const done = await change(student, made, "cancel", {});
    expect(done.changed).toBe(2);
    expect(done.left.map(({ place }) => place)).toEqual([1]);
    (await student.call("POST", `/series/${made.id}/cancel`, {})).problem("cutoff_passed");
    const byMentor = await change(mentor, made, "cancel", {});
    expect([byMentor.changed, statuses(byMentor.series)]).toEqual([1, Array(3).fill("cancelled")]);
  });

  it("does not touch sessions that have begun", async () => {
    const mentor = await makeMentor();
    const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 3));
    await letEnd(test.db, made.sessions[0]?.id ?? "", 2);
    const done = await change(student, made, "cancel", {});
    expect(statuses(done.series)).toEqual(["confirmed", "cancelled", "cancelled"]);
  });

  it("is a decline of what the mentor has not agreed to; all can be approved at once", async () => {
    const mentor = await makeMentor({ instant_confirm: false });
    const [one, other] = [
      await bookSeries(student, mentor, await weeklyStarts(student, mentor, 2)),
      await bookSeries(student, mentor, await weeklyStarts(student, mentor, 2, { hours: 2 })),
    ];
    (await student.call("POST", `/series/${one.id}/confirm`)).problem("forbidden");
    expect(statuses((await change(mentor, one, "confirm")).series)).toEqual(["confirmed", "confirmed"]);
    (await mentor.call("POST", `/series/${one.id}/confirm`)).problem("invalid_transition");
    await change(mentor, other, "cancel", { reason: "No time" });
    await runJobs(test.db);
    expect(await kindsFor(student, one)).toEqual([["series_changed", 2]]);
    expect(await kindsFor(student, other)).toEqual([["series_changed", 2]]);
  });
});

describe("a move of a series", () => {
  it("moves this session and all later ones by as much, also onto each other's old times", async () => {
    const mentor = await makeMentor();
    const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 4));
    const starts = startsOf(made);
    const done = await change(student, made, "reschedule", {
      from_place: 2,
      starts_at: new Date((starts[1] ?? 0) + weekMs + HOUR_MS).toISOString(),
      reason: "Holidays",
    });
    expect(done).toMatchObject({ changed: 3, left: [] });
    expect(startsOf(done.series)).toEqual(
      starts.map((start, index) => (index === 0 ? start : start + weekMs + HOUR_MS)),
    );
    const back = await change(mentor, made, "reschedule", {
      from_place: 2,
      starts_at: new Date(starts[1] ?? 0).toISOString(),
    });
    expect(startsOf(back.series)).toEqual(starts);
    await runJobs(test.db);
    expect(await kindsFor(student, made)).toEqual([["series_changed", 3]]);
    expect(await ledgerFaults(test.db.owner)).toEqual([]);
  });

  it("keeps the mentor's hour over a clock change", async () => {
    const mentor = await makeMentor({ timezone: "Europe/Berlin", booking_window_days: 400 });
    const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 30));
    const wall = (found: Series) =>
      new Set(startsOf(found).map((start) => wallClockOf("Europe/Berlin", epochMs(start)).time));
    const [first = 0] = startsOf(made);
    const done = await change(student, made, "reschedule", {
      starts_at: new Date(first + DAY_MS + HOUR_MS).toISOString(),
    });
    expect(wall(done.series).size).toBeLessThanOrEqual(2);
    const shifts = new Set(startsOf(done.series).map((start, index) => start - (startsOf(made)[index] ?? 0)));
    expect([...shifts].every((shift) => Math.abs(shift - DAY_MS - HOUR_MS) <= HOUR_MS)).toBe(true);
  });

  it("moves none if one new time is taken, and names it", async () => {
    const mentor = await makeMentor();
    const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 3));
    const starts = startsOf(made);
    await book(await test.signUp("Other"), mentor, (starts[2] ?? 0) + 2 * HOUR_MS, { total_amount: 0 });
    const body = { from_place: 2, starts_at: new Date((starts[1] ?? 0) + 2 * HOUR_MS).toISOString() };
    const refused = (await student.call("POST", `/series/${made.id}/reschedule`, body)).problem("slot_taken");
    expect(refused.refused_sessions?.map(({ place }) => place)).toEqual([3]);
    expect(refused.refused_sessions?.[0]?.substitutes.length).toBeGreaterThan(0);
    expect(startsOf(await read(made))).toEqual(starts);
  });

  it("is only theirs", async () => {
    const mentor = await makeMentor();
    const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 2));
    const stranger = await test.signUp("Stranger");
    for (const [step, body] of [
      ["cancel", {}],
      ["reschedule", { starts_at: new Date().toISOString() }],
    ] as const)
      (await stranger.call("POST", `/series/${made.id}/${step}`, body)).problem("series_not_found");
  });
});

it("a day off names the series that it affects", async () => {
  const mentor = await makeMentor();
  const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 2));
  const date = made.sessions[1]?.scheduled_date;
  const saved = (await mentor.call("POST", "/blocked-dates", { date })).expect(201).read(savedBlockedDate);
  expect(saved.outside_sessions.map(({ series_id, booking_id }) => [series_id, booking_id])).toEqual([
    [made.id, made.sessions[1]?.id],
  ]);
});
