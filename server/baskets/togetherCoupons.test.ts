import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Basket, basket } from "#contract/baskets.ts";
import type { Booking } from "#contract/bookings.ts";
import { type Coupon, coupon, couponList, quoteTogether } from "#contract/offers.ts";
import { checkout, payment } from "#contract/payments.ts";
import { type Series, series } from "#contract/series.ts";
import { couponShares } from "#rules/couponShares.ts";
import { moneyOfMinor } from "#rules/money.ts";
import { letEnd, letRunOut } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { ledgerFaults } from "../testing/ledger.ts";
import { moneyFaults } from "../testing/moneyFaults.ts";
import { buyPackage } from "../testing/packages.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
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
      "With this coupon, some of these sessions cost nothing. Book those by themselves.",
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
