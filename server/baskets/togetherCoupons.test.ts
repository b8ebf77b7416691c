import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Basket, basket } from "#contract/baskets.ts";
import type { Booking } from "#contract/bookings.ts";
import { type Coupon, coupon, couponList, quoteTogether } from "#contract/offers.ts";
import { checkout, payment } from "#contract/payments.ts";
import type { Programme } from "#contract/programmes.ts";
import { type Series, series } from "#contract/series.ts";
import { couponShares } from "#rules/couponShares.ts";
import { moneyOfMinor } from "#rules/money.ts";
import { dateIn, letEnd, letRunOut } from "../testing/booking.ts";
import { shiftGroup } from "../testing/groups.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import { ledgerFaults } from "../testing/ledger.ts";
import { moneyFaults } from "../testing/moneyFaults.ts";
import { buyPackage } from "../testing/packages.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { joiningOf, joinProgramme, makeProgramme } from "../testing/programmes.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import { basketOf, bookBasket, bookSeries, startsOfDay, weeklyStarts } from "../testing/together.ts";

let test: TestApp;
let provider: TestProvider;
let mentor: Mentor;
let student: Person;
let rival: Person;
beforeAll(async () => {
  provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  [student, rival] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(async () => {
  expect(await moneyFaults(test.db.owner)).toEqual([]);
  expect(await ledgerFaults(test.db.owner)).toEqual([]);
  await test.close();
});
beforeEach(async () => {
  mentor = await test.makeMentor({
    settings: { instant_confirm: true, booking_window_days: 365 },
    services: [
      { durations: [{ minutes: 60, price: 333.33 }], refund_full_cutoff: 1440, recording_price: 100 },
    ],
  });
});

const rows = async <Row>(text: string, ...values: unknown[]) =>
  (await test.db.owner.query(text, values)).rows as Row[];
let codes = 0;
async function makeCoupon(fields: Record<string, unknown> = {}): Promise<Coupon> {
  const body = { code: `all-${++codes}`, percent: 10, ...fields };
  return (await mentor.call("POST", "/mentors/me/coupons", body)).expect(201).read(coupon);
}
const usesOf = async ({ id }: Coupon) =>
  (await mentor.call("GET", "/mentors/me/coupons")).read(couponList).data.find((one) => one.id === id)?.uses;
const refresh = async ({ id }: Pick<Booking, "id">) =>
  (await student.call("POST", `/bookings/${id}/payment/refresh`)).expect(200).read(payment);
const cancel = async (who: Person, { id }: Pick<Booking, "id">) =>
  (await who.call("POST", `/bookings/${id}/cancel`)).expect(200);
const read = async ({ id }: Pick<Basket, "id">) =>
  (await student.call("GET", `/baskets/${id}`)).expect(200).read(basket);
const off = (bookings: readonly Pick<Booking, "price_lines">[]) =>
  bookings.map(({ price_lines }) => price_lines?.find(({ kind }) => kind === "coupon")?.amount);
async function openOrder({ id }: Pick<Booking, "id">) {
  (await student.call("POST", `/bookings/${id}/payment/checkout`)).expect(200).read(checkout);
  const [paid] = await rows<{ id: string }>(
    `select coalesce(w.id, p.id) as id from payments p
       left join payments w on w.basket_id = p.basket_id and w.booking_id is null where p.booking_id = $1`,
    id,
  );
  return provider.orderOf(paid?.id ?? "");
}
async function pay(booked: Pick<Booking, "id">) {
  const order = await openOrder(booked);
  provider.pay(order.id);
  await refresh(booked);
  return order;
}
const quote = async (code: string, sessions: number, recording = false) => {
  const each = { service_id: mentor.services[0]?.id ?? "", duration: 60, add_recording: recording };
  const body = { sessions: Array.from({ length: sessions }, () => each), coupon_code: code };
  return student.call("POST", `/mentors/${mentor.id}/quote/together`, body);
};

describe("a coupon on a basket", () => {
  it("is applied to the sum: the quote shows it, each session has its part, and the parts add up", async () => {
    const made = await makeCoupon();
    const quoted = (await quote(made.code, 3)).expect(200).read(quoteTogether);
    expect(quoted).toMatchObject({
      lines: [
        { kind: "session", amount: 999.99 },
        { kind: "coupon", amount: -100 },
      ],
      total: 899.99,
    });
    const starts = await startsOfDay(student, mentor, 3);
    const asked = { coupon_code: made.code.toLowerCase() };
    const wrong = (await student.call("POST", "/baskets", basketOf(mentor, starts, asked))).problem(
      "price_mismatch",
    );
    expect(wrong.expected_amount).toBe(899.99);
    // In another order than that of the starts, which is the order of the shares.
    const booked = await bookBasket(student, mentor, starts.toReversed(), { ...asked, total_amount: 899.99 });
    expect(booked.total_amount).toBe(899.99);
    expect(off(booked.bookings)).toEqual([-33.33, -33.34, -33.33]);
    expect(booked.bookings.map(({ total_amount }) => total_amount)).toEqual(
      quoted.sessions.map(({ total }) => total),
    );
    expect(await usesOf(made)).toBe(1);
    const order = await pay(booked.bookings[0] as Booking);
    expect(order.amount.minor).toBe(89_999);
  });

  it("is used once, and given back with the last of its sessions; each refund is its part", async () => {
    const made = await makeCoupon({ max_uses: 1, amount: 100, percent: null });
    const [first, second, third] = (
      await bookBasket(student, mentor, await startsOfDay(student, mentor, 3), {
        coupon_code: made.code,
        total_amount: 899.99,
      })
    ).bookings as [Booking, Booking, Booking];
    await pay(first);
    await cancel(student, second);
    expect(await usesOf(made)).toBe(1);
    expect(
      await rows(
        "select f.amount_minor from refunds f join payments p on p.id = f.payment_id where p.booking_id = $1",
        second.id,
      ),
    ).toEqual([{ amount_minor: 29_999 }]);
    await cancel(student, third);
    await cancel(mentor, first);
    expect(await usesOf(made)).toBe(0);
    await runJobs(test.db, { provider });
  });

  it("is used up once one of its sessions is cancelled too late for everything to go back", async () => {
    const made = await makeCoupon({ max_uses: 1 });
    const { bookings } = await bookBasket(student, mentor, await startsOfDay(student, mentor, 2), {
      coupon_code: made.code,
      total_amount: 599.99,
    });
    const [first, second] = bookings as [Booking, Booking];
    await pay(first);
    await letEnd(test.db, first.id, -3);
    await cancel(student, first);
    await cancel(student, second);
    expect(await usesOf(made)).toBe(1);
  });

  it("comes back when the basket lapses and is taken again if it is paid late, once for all", async () => {
    const made = await makeCoupon({ max_uses: 1 });
    const held = await bookBasket(student, mentor, await startsOfDay(student, mentor, 3), {
      coupon_code: made.code,
      total_amount: 899.99,
    });
    const order = await openOrder(held.bookings[0] as Booking);
    await letRunOut(test.db, held.bookings[0]?.id ?? "");
    await rows("select private.sweep_mentor($1, 10)", mentor.id);
    expect(await usesOf(made)).toBe(0);
    provider.pay(order.id);
    await refresh(held.bookings[0] as Booking);
    expect((await read(held)).bookings.map(({ status }) => status)).toEqual(
      held.bookings.map(() => "confirmed"),
    );
    expect(await usesOf(made)).toBe(1);
    (
      await rival.call(
        "POST",
        "/baskets",
        basketOf(mentor, await startsOfDay(rival, mentor, 2), {
          coupon_code: made.code,
          total_amount: 599.99,
        }),
      )
    ).problem("coupon_not_usable");
  });

  it("that was used up meanwhile is not taken again: the late payment goes back as a whole", async () => {
    const made = await makeCoupon({ max_uses: 1 });
    const asked = { coupon_code: made.code, total_amount: 599.99 };
    const held = await bookBasket(student, mentor, await startsOfDay(student, mentor, 2), asked);
    const order = await openOrder(held.bookings[0] as Booking);
    await letRunOut(test.db, held.bookings[0]?.id ?? "");
    await rows("select private.sweep_mentor($1, 10)", mentor.id);
    await bookBasket(rival, mentor, await startsOfDay(rival, mentor, 2, 9), asked);
    provider.pay(order.id);
    await refresh(held.bookings[0] as Booking);
    await runJobs(test.db, { provider });
    expect(
      await rows(
        "select sum(f.amount_minor)::bigint as minor from refunds f join payments p on p.id = f.payment_id where p.basket_id = $1",
        held.id,
      ),
    ).toEqual([{ minor: 59_999 }]);
    expect((await read(held)).bookings.map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
    expect(await usesOf(made)).toBe(1);
    await runJobs(test.db, { provider });
  });

  it("lowers only the sessions whose service it is for", async () => {
    const other = (
      await mentor.call("POST", "/mentors/me/services", {
        session_type: "chatAdvice",
        title: "Reading a CV",
        durations: [{ minutes: 60, price: 500 }],
      })
    ).expect(201).json as { id: string };
    const made = await makeCoupon({ percent: 50, service_ids: [other.id] });
    const starts = await startsOfDay(student, mentor, 2);
    const slots = basketOf(mentor, starts).slots;
    slots[1] = { ...slots[1]!, session_type: "chatAdvice" };
    const booked = await bookBasket(student, mentor, starts, {
      slots,
      coupon_code: made.code,
      total_amount: 583.33,
    });
    expect(booked.bookings.map(({ total_amount }) => total_amount)).toEqual([333.33, 250]);
    expect(off(booked.bookings)).toEqual([undefined, -250]);
  });

  it("is refused with the reason: for a first session alone, or if it leaves a session without a price", async () => {
    const starts = await startsOfDay(student, mentor, 2);
    const refused = async (fields: Record<string, unknown>, total_amount: number) => {
      const { code } = await makeCoupon(fields);
      const asked = basketOf(mentor, starts, { coupon_code: code, total_amount });
      const problem = (await student.call("POST", "/baskets", asked)).problem("coupon_not_usable");
      expect(problem.errors?.[0]?.field).toBe("coupon_code");
      return problem.detail;
    };
    expect(await refused({ first_session_only: true }, 599.99)).toBe(
      "This coupon is for a first session that is booked by itself.",
    );
    expect(await refused({ percent: null, amount: 666.65 }, 0.01)).toBe(
      "With this coupon, some of these sessions cost nothing and others don’t. Book them without it.",
    );
    const all = await makeCoupon({ percent: 100 });
    const free = await bookBasket(student, mentor, starts, { coupon_code: all.code, total_amount: 0 });
    expect(free).toMatchObject({ payment_status: "free", held_until: null });
    expect(free.bookings.map(({ status }) => status)).toEqual(["confirmed", "confirmed"]);
  });

  it("with one use left is had by exactly one of twenty baskets", async () => {
    const made = await makeCoupon({ max_uses: 1, max_uses_per_student: null });
    const crowd = await test.signUpCrowd(10);
    const starts = await startsOfDay(student, mentor, 40);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, place) =>
        // Each person from two tabs, each with other times.
        crowd[place % 10]!.call(
          "POST",
          "/baskets",
          basketOf(mentor, starts.slice(2 * place, 2 * place + 2), {
            coupon_code: made.code,
            total_amount: 599.99,
          }),
        ),
      ),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBe(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 422]));
    expect(await usesOf(made)).toBe(1);
    expect((await rows("select from coupon_uses where coupon_id = $1", made.id)).length).toBe(2);
  });
});

describe("a coupon on a series", () => {
  const readSeries = async ({ id }: Pick<Series, "id">) =>
    (await student.call("GET", `/series/${id}`)).expect(200).read(series);

  it("that is paid one by one has a part in each session", async () => {
    const made = await makeCoupon({ percent: null, amount: 100, max_uses: 1 });
    const booked = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 3), {
      payment: "per_session",
      coupon_code: made.code,
      total_amount: 899.99,
    });
    expect(off(booked.sessions)).toEqual([-33.33, -33.34, -33.33]);
    expect((await pay(booked.sessions[0] as unknown as Booking)).amount.minor).toBe(30_000);
    // One that is not paid in time lapses by itself: the use stays with the others.
    await letRunOut(test.db, booked.sessions[1]?.id ?? "");
    await rows("select private.sweep_mentor($1, 10)", mentor.id);
    expect((await readSeries(booked)).sessions.map(({ status }) => status)).toEqual([
      "confirmed",
      "cancelled",
      "pending",
    ]);
    expect(await usesOf(made)).toBe(1);
  });

  it("that sessions of a package pay for lowers the recordings", async () => {
    const made = await makeCoupon({ percent: 50 });
    const starts = await weeklyStarts(student, mentor, 2);
    const bought = await buyPackage(provider, student, mentor, { sessions: 5, price: 1000 });
    const wishes = { payment: "credits", package_purchase_id: bought.id, coupon_code: made.code } as const;
    const booked = await bookSeries(student, mentor, starts, {
      ...wishes,
      add_recording: true,
      total_amount: 100,
    });
    expect(booked.sessions.map(({ total_amount }) => total_amount)).toEqual([50, 50]);
    expect(await usesOf(made)).toBe(1);
  });

  it("is paid at once as a whole and cancelled by its parts", async () => {
    const made = await makeCoupon({ max_uses_per_student: 1 });
    const booked = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 3), {
      coupon_code: made.code,
      total_amount: 899.99,
    });
    expect((await pay(booked.sessions[0] as unknown as Booking)).amount.minor).toBe(89_999);
    (await student.call("POST", `/series/${booked.id}/cancel`, { from_place: 2, refund: 599.99 })).expect(
      200,
    );
    expect(await usesOf(made)).toBe(1);
    (await student.call("POST", `/series/${booked.id}/cancel`, {})).expect(200);
    expect(await usesOf(made)).toBe(0);
    await runJobs(test.db, { provider });
  });
});

describe("a coupon on a programme", () => {
  beforeEach(async () => {
    mentor = await test.makeMentor({
      settings: { instant_confirm: true, booking_window_days: 365 },
      services: [
        {
          session_type: "groupSession",
          capacity: 8,
          durations: [{ minutes: 60, price: 500 }],
          refund_full_cutoff: 1440,
        },
      ],
    });
  });
  const join = async (made: Programme, code: string, total_amount: number, who = student) =>
    joinProgramme(who, made, { coupon_code: code, total_amount });
  const quoteOf = (made: Programme, coupon_code?: string, who = student) =>
    who.call("POST", `/mentors/${mentor.id}/programmes/${made.id}/quote`, {
      ...(coupon_code && { coupon_code }),
    });
  const readSeries = async ({ id }: Pick<Series, "id">) =>
    (await student.call("GET", `/series/${id}`)).expect(200).read(series);
  const statesOf = async (joined: Series) =>
    (await readSeries(joined)).sessions.map(({ payment_status }) => payment_status);
  const first = ({ sessions }: Series) => sessions[0] as unknown as Booking;
  const refunded = async (joined: Series) => {
    const [sum] = await rows<{ minor: number }>(
      `select coalesce(sum(f.amount_minor), 0)::bigint as minor from refunds f
         join payments p on p.id = f.payment_id join bookings b on b.id = p.booking_id where b.series_id = $1`,
      joined.id,
    );
    return sum?.minor;
  };

  it("is applied to its price: the quote shows it, and each session has its part, in the payment and in its receipt", async () => {
    const made = await makeProgramme(mentor, { price: 1000 });
    const lowering = await makeCoupon({ percent: 15 });
    expect((await quoteOf(made)).expect(200).read(quoteTogether)).toMatchObject({
      lines: [{ kind: "session", amount: 1000 }],
      total: 1000,
    });
    const quoted = (await quoteOf(made, lowering.code)).expect(200).read(quoteTogether);
    expect(quoted).toMatchObject({
      lines: [
        { kind: "session", amount: 1000 },
        { kind: "coupon", amount: -150 },
      ],
      total: 850,
    });
    const list = { ...joiningOf(made), coupon_code: lowering.code };
    const wrong = (await student.call("POST", "/series", list)).problem("price_mismatch");
    expect(wrong.expected_amount).toBe(850);
    const joined = await join(made, lowering.code.toLowerCase(), 850);
    expect(joined.sessions.map(({ price_lines }) => price_lines?.map(({ amount }) => amount))).toEqual([
      [333.34, -50],
      [333.33, -50],
      [333.33, -50],
    ]);
    expect(joined.sessions.map(({ total_amount }) => total_amount)).toEqual(
      quoted.sessions.map(({ total }) => total),
    );
    expect((await pay(first(joined))).amount.minor).toBe(85_000);
    const receipts = await rows<{ lines: { kind: string }[] }>(
      `select d.content -> 'lines' as lines from documents d join payments p on p.id = d.payment_id
         join bookings b on b.id = p.booking_id where b.series_id = $1 and d.kind = 'receipt'`,
      joined.id,
    );
    expect(receipts.map(({ lines }) => lines.map(({ kind }) => kind))).toEqual(
      Array(3).fill(["session", "coupon"]),
    );
    expect(await usesOf(lowering)).toBe(1);
    // Leaving one session sends back what was paid for it; the use comes back with the last one.
    (await student.call("POST", `/series/${joined.id}/cancel`, { from_place: 3, refund: 283.33 })).expect(
      200,
    );
    expect([await refunded(joined), await usesOf(lowering)]).toEqual([28_333, 1]);
    (await student.call("POST", `/series/${joined.id}/cancel`, {})).expect(200);
    expect([await refunded(joined), await usesOf(lowering)]).toEqual([85_000, 0]);
    await runJobs(test.db, { provider });
  });

  it("comes back when the minimum is not met, with everything that was paid", async () => {
    const made = await makeProgramme(mentor, { price: 900, min_attendees: 2 });
    const lowering = await makeCoupon({ max_uses: 1 });
    const joined = await join(made, lowering.code, 810);
    await pay(first(joined));
    await rows("update programmes set decide_at = now() where id = $1", made.id);
    await runTask(test.db, "decide_group_sessions", {}, { provider });
    await runJobs(test.db, { provider });
    expect(await statesOf(joined)).toEqual(Array(3).fill("refunded"));
    expect([await refunded(joined), await usesOf(lowering)]).toEqual([81_000, 0]);
    const again = await makeProgramme(mentor, { price: 900, time: "22:00" });
    expect((await join(again, lowering.code, 810, rival)).sessions.length).toBe(3);
  });

  it("comes back when the seats lapse, and is taken again if they are paid late", async () => {
    const made = await makeProgramme(mentor, { price: 900 });
    const lowering = await makeCoupon({ max_uses: 1 });
    const joined = await join(made, lowering.code, 810);
    const order = await openOrder(first(joined));
    await letRunOut(test.db, joined.sessions[2]?.id ?? "");
    await rows("select private.sweep_mentor($1, 10)", mentor.id);
    expect(await usesOf(lowering)).toBe(0);
    provider.pay(order.id);
    await refresh(first(joined));
    expect(await statesOf(joined)).toEqual(Array(3).fill("completed"));
    expect(await usesOf(lowering)).toBe(1);
    (
      await rival.call("POST", "/series", {
        ...joiningOf(made),
        coupon_code: lowering.code,
        total_amount: 810,
      })
    ).problem("coupon_not_usable");
  });

  it("that another person has used meanwhile is not taken again: the late payment goes back as a whole", async () => {
    const made = await makeProgramme(mentor, { price: 900 });
    const lowering = await makeCoupon({ max_uses: 1 });
    const joined = await join(made, lowering.code, 810);
    const order = await openOrder(first(joined));
    await letRunOut(test.db, joined.sessions[0]?.id ?? "");
    await rows("select private.sweep_mentor($1, 10)", mentor.id);
    await join(made, lowering.code, 810, rival);
    provider.pay(order.id);
    await refresh(first(joined));
    await runJobs(test.db, { provider });
    expect((await readSeries(joined)).sessions.map(({ status }) => status)).toEqual(
      Array(3).fill("cancelled"),
    );
    expect(provider.orders.get(order.id)?.attempts.flatMap(({ refunds }) => refunds).length).toBe(1);
    expect(await usesOf(lowering)).toBe(1);
  });

  it("stays used once a session has begun; what is cancelled for all gives back its part", async () => {
    const made = await makeProgramme(mentor, { price: 900 });
    const lowering = await makeCoupon({ max_uses: 1, percent: null, amount: 100 });
    const joined = await join(made, lowering.code, 800);
    await pay(first(joined));
    await shiftGroup(test.db, { id: made.sessions[0]?.group_session_id ?? "" }, "10 minutes");
    (await mentor.call("POST", `/mentors/me/programmes/${made.id}/cancel`, {})).expect(200);
    await runJobs(test.db, { provider });
    expect(await statesOf(joined)).toEqual(["completed", "refunded", "refunded"]);
    // 33.33 off the first, 33.34 and 33.33 off the others.
    expect([await refunded(joined), await usesOf(lowering)]).toEqual([53_333, 1]);
  });

  it("is applied to what is left of a programme whose dates were cancelled or moved", async () => {
    const made = await makeProgramme(mentor, { price: 1000 });
    const [one, two] = made.sessions;
    const session = (id = "") => `/mentors/me/group-sessions/${id}`;
    (await mentor.call("POST", `${session(two?.group_session_id)}/cancel`, {})).expect(200);
    const moved = { scheduled_date: dateIn(mentor, 30), scheduled_time: "20:00" };
    (await mentor.call("POST", `${session(one?.group_session_id)}/move`, moved)).expect(200);
    const lowering = await makeCoupon({ percent: 50 });
    const joined = await join(made, lowering.code, 333.33);
    // The longer share is the last now.
    expect(joined.sessions.map(({ total_amount }) => total_amount)).toEqual([166.66, 166.67]);
    expect((await pay(first(joined))).amount.minor).toBe(33_333);
  });

  it("is refused with the reason, and the twin without it is booked", async () => {
    const made = await makeProgramme(mentor, { price: 0.05, weeks: 3 });
    const refusalOf = async (code: string, total_amount: number) => {
      const asked = { ...joiningOf(made), coupon_code: code, total_amount };
      const problem = (await student.call("POST", "/series", asked)).problem();
      expect(problem.errors?.[0]?.field).toBe("coupon_code");
      return problem.detail;
    };
    expect(await refusalOf((await makeCoupon({ first_session_only: true })).code, 0.05)).toBe(
      "This coupon is for a first session that is booked by itself.",
    );
    expect(await refusalOf("NEVER-MADE", 0.05)).toBe("This mentor has no coupon with this code.");
    const { code: large } = await makeCoupon({ percent: null, amount: 0.04 });
    expect(await refusalOf(large, 0.01)).toBe(
      "With this coupon, some of these sessions cost nothing and others don’t. Book them without it.",
    );
    const elsewhere = await makeCoupon({ service_ids: [mentor.services[0]?.id ?? ""] });
    await rows("update coupons set service_ids = array[gen_random_uuid()] where id = $1", elsewhere.id);
    expect(await refusalOf(elsewhere.code, 0.05)).toBe("This coupon is for another service.");
    const all = await makeCoupon({ percent: 100 });
    const free = await join(made, all.code, 0);
    expect(free.sessions.map(({ status, payment_status }) => [status, payment_status])).toEqual(
      Array(3).fill(["confirmed", "free"]),
    );
    expect(await usesOf(all)).toBe(1);
    // For nothing: there is no price that a coupon could lower.
    const gift = await makeProgramme(mentor, { time: "22:00" });
    const unused = await makeCoupon();
    await join(gift, unused.code, 0, rival);
    expect(await usesOf(unused)).toBe(0);
  });

  it("with one use left is had by exactly one of twenty, some of whom ask twice", async () => {
    const made = await makeProgramme(mentor, { price: 900, capacity: 20 });
    const lowering = await makeCoupon({ max_uses: 1, max_uses_per_student: null });
    const crowd = await test.signUpCrowd(10);
    const asked = { ...joiningOf(made), coupon_code: lowering.code, total_amount: 810 };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, place) => crowd[place % 10]!.call("POST", "/series", asked)),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBe(1);
    expect(await usesOf(lowering)).toBe(1);
    expect((await rows("select from coupon_uses where coupon_id = $1", lowering.id)).length).toBe(3);
    expect((await rows("select from bookings where expert_id = $1", mentor.id)).length).toBe(3);
  });

  it("leaves no use behind when its programme is cancelled while people join, pay and pay late", async () => {
    const made = await makeProgramme(mentor, { price: 900 });
    const lowering = await makeCoupon({ max_uses_per_student: 1 });
    const held = await join(made, lowering.code, 810);
    const order = await openOrder(first(held));
    const crowd = await test.signUpCrowd(6);
    const asked = { ...joiningOf(made), coupon_code: lowering.code, total_amount: 810 };
    const cancelling = () => mentor.call("POST", `/mentors/me/programmes/${made.id}/cancel`, {});
    const joining = (who: Person) => who.call("POST", "/series", asked);
    await Promise.all([...crowd.slice(0, 3).map(joining), cancelling(), ...crowd.slice(3).map(joining)]);
    provider.pay(order.id);
    await refresh(first(held));
    await runJobs(test.db, { provider });
    expect(await usesOf(lowering)).toBe(0);
    expect(
      await rows("select from bookings where expert_id = $1 and status <> 'cancelled'", mentor.id),
    ).toEqual([]);
    expect(provider.orders.get(order.id)?.attempts.flatMap(({ refunds }) => refunds).length).toBe(1);
  });

  it("cannot be seen or tried out by guessing: a stranger has its price only from its mentor", async () => {
    const made = await makeProgramme(mentor, { price: 900 });
    const other = await test.makeMentor();
    const theirs = (await other.call("POST", "/mentors/me/coupons", { code: "OTHER-50", percent: 50 })).read(
      coupon,
    );
    (await quoteOf(made, theirs.code)).problem("coupon_not_found");
    const path = `/mentors/${other.id}/programmes/${made.id}/quote`;
    (await student.call("POST", path, { coupon_code: theirs.code })).problem("programme_not_found");
    (await test.visitor("POST", `/mentors/${mentor.id}/programmes/${made.id}/quote`, {})).problem(
      "unauthenticated",
    );
    (await mentor.call("POST", `/mentors/me/programmes/${made.id}/cancel`, {})).expect(200);
    (await quoteOf(made)).problem("slot_unavailable");
  });
});

describe("the database", () => {
  it("computes the shares of rules/couponShares.ts, for any prices", async () => {
    const price = fc.integer({ min: 0, max: 1_000_000_000 });
    const prices = fc
      .array(price, { minLength: 2, maxLength: 12 })
      .filter((all) => all.some((one) => one > 0));
    const coupons = fc.oneof(
      fc.record({ percent: fc.integer({ min: 100, max: 10_000 }) }),
      fc.record({ amount: fc.integer({ min: 1, max: 1_000_000_000 }) }),
    );
    await fc.assert(
      fc.asyncProperty(prices, coupons, async (minors, asked) => {
        const shares = couponShares(
          minors.map((minor) => moneyOfMinor(minor, "INR")),
          "percent" in asked
            ? { kind: "percentage", basisPoints: asked.percent }
            : { kind: "amount", amount: moneyOfMinor(asked.amount, "INR") },
        );
        const whole = minors.reduce((sum, minor) => sum + minor, 0);
        let before = 0;
        const parts: [number, number][] = minors.map((minor) => {
          const part: [number, number] = [before, minor];
          before += minor;
          return part;
        });
        const found = await rows<{ share: number }>(
          `select private.part_of_discount(private.coupon_discount($1, $2, $3), (p ->> 0)::bigint, (p ->> 1)::bigint, $3) as share
           from jsonb_array_elements($4) with ordinality e (p, place) order by place`,
          "percent" in asked ? asked.percent : null,
          "amount" in asked ? asked.amount : null,
          whole,
          JSON.stringify(parts),
        );
        expect(found.map(({ share }) => Number(share))).toEqual(shares.map(({ minor }) => minor));
      }),
      { numRuns: 100 },
    );
  });

  it("twin: rejects bookings whose coupon was applied to another sum than theirs", async () => {
    const made = await makeCoupon();
    const [start] = await startsOfDay(student, mentor, 1);
    const attempt = test.db.owner.query(
      `with k as (insert into baskets (expert_id, user_id, total_minor, currency, before_coupon_minor)
         values ($1, $2, 1, 'INR', 99999) returning id)
       insert into bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration, starts_at,
         status, user_name, user_email, student_timezone, basket_id, coupon_id)
       select $2, $1, $3, 'oneOnOneSession', '2030-01-01', '10:00', 60, $4, 'confirmed', 'S', 's@example.com', 'UTC', k.id, $5
       from k`,
      [mentor.id, student.id, mentor.services[0]?.id, new Date(start ?? 0), made.id],
    );
    await expect(attempt).rejects.toMatchObject({ constraint: expect.stringMatching(/coupons_/) });
  });
});
