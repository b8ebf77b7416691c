import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import {
  type Coupon,
  coupon,
  ownPackage,
  packagePurchase,
  purchasePayment,
  quote,
} from "#contract/offers.ts";
import { checkout, paymentPage } from "#contract/payments.ts";
import { bookingOf, letLapse, readSlots } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let provider: TestProvider;
let mentor: Mentor;
let student: Person;
let rival: Person;
let serviceId: string;
beforeAll(async () => {
  provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  mentor = await test.makeMentor({
    settings: { instant_confirm: true },
    services: [{ recording_price: 250 }],
  });
  serviceId = mentor.services[0]?.id ?? "";
  [student, rival] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(() => test.close());

const rows = async <Row>(text: string, ...values: unknown[]) =>
  (await test.db.owner.query(text, values)).rows as Row[];
let codes = 0;
async function makeCoupon(fields: Record<string, unknown> = {}, of = mentor): Promise<Coupon> {
  const body = { code: `code-${++codes}`, percent: 25, ...fields };
  return (await of.call("POST", "/mentors/me/coupons", body)).expect(201).read(coupon);
}
async function freeStart(of = mentor): Promise<string> {
  const slots = await readSlots(test.visitor, of);
  return slots.at(-1)?.starts_at ?? "";
}
const ask = async (who: Person, fields: Record<string, unknown>, of = mentor) =>
  who.call("POST", "/bookings", bookingOf(of, await freeStart(of), fields));
const take = async (who: Person, fields: Record<string, unknown>, of = mentor): Promise<Booking> =>
  (await ask(who, fields, of)).expect(201).read(booking);
const cancel = async (who: Person, { id }: Pick<Booking, "id">) =>
  (await who.call("POST", `/bookings/${id}/cancel`)).expect(200).read(booking);
const usesOf = async ({ id }: Coupon) => {
  const { data } = (await mentor.call("GET", "/mentors/me/coupons")).json as { data: Coupon[] };
  return data.find((one) => one.id === id)?.uses;
};
async function pay(path: string, paymentId: string) {
  (await student.call("POST", `${path}/payment/checkout`)).expect(200).read(checkout);
  provider.pay(provider.orderOf(paymentId).id);
  (await student.call("POST", `${path}/payment/refresh`)).expect(200);
}
const lapse = (held: Booking) => letLapse(test.db, held);

describe("a coupon", () => {
  it("lowers the price of the booking, whose lines add up to it", async () => {
    const { code } = await makeCoupon();
    const fields = { add_recording: true, coupon_code: code.toLowerCase() };
    const wrong = (await ask(student, { ...fields, total_amount: 2250 })).problem("price_mismatch");
    expect(wrong.expected_amount).toBe(1687.5);
    const made = await take(student, { ...fields, total_amount: 1687.5 });
    expect(made.price_lines).toEqual([
      { kind: "session", amount: 2000 },
      { kind: "recording", amount: 250 },
      { kind: "coupon", amount: -562.5 },
    ]);
    const [payment] = await rows<{ amount_minor: number }>(
      "select amount_minor from payments where booking_id = $1",
      made.id,
    );
    expect(payment?.amount_minor).toBe(168_750);
    const { data } = (await student.call("GET", "/payments")).read(paymentPage);
    expect(data[0]).toMatchObject({ amount: 1687.5, duration: 60, price_lines: made.price_lines });
    await cancel(student, made);
  });

  it("that takes off everything leaves nothing to pay", async () => {
    const { code } = await makeCoupon({ percent: 100 });
    const made = await take(student, { coupon_code: code, total_amount: 0 });
    expect(made).toMatchObject({ status: "confirmed", payment_status: "free", awaits_payment: false });
    await cancel(student, made);
  });

  it("is rejected with the reason, and its field", async () => {
    const known = { total_amount: 1500 };
    const refused = async (fields: Record<string, unknown>, who = student) => {
      const { code } = await makeCoupon(fields);
      const problem = (await ask(who, { ...known, coupon_code: code })).problem("coupon_not_usable");
      expect(problem.errors?.[0]?.field).toBe("coupon_code");
      return problem.detail;
    };
    expect(
      (await ask(student, { ...known, coupon_code: "nothing" })).problem("coupon_not_found").errors,
    ).toEqual([{ field: "coupon_code", message: "This mentor has no coupon with this code." }]);
    expect(await refused({ enabled: false })).toBe("This coupon is no longer offered.");
    expect(await refused({ active_from: "2099-01-01T00:00:00Z" })).toBe("This coupon can’t be used yet.");
    expect(await refused({ active_until: "2020-01-01T00:00:00Z" })).toBe("This coupon has expired.");
    const other = await test.makeMentor();
    const theirs = await makeCoupon({}, other);
    (await ask(student, { ...known, coupon_code: theirs.code })).problem("coupon_not_found");
    const foreign = { code: "FOREIGN", percent: 5, service_ids: [other.services[0]?.id] };
    (await mentor.call("POST", "/mentors/me/coupons", foreign)).problem("validation_failed");
  });

  it("for a first session is not for students with another one", async () => {
    const { code } = await makeCoupon({ first_session_only: true });
    const first = await take(rival, { coupon_code: code, total_amount: 1500 });
    const again = (await ask(rival, { coupon_code: code, total_amount: 1500 })).problem("coupon_not_usable");
    expect(again.detail).toBe("This coupon is only for your first session with this mentor.");
    await cancel(rival, first);
    await cancel(rival, await take(rival, { coupon_code: code, total_amount: 1500 }));
  });

  it("is given back when the booking lapses, and taken again if it is paid late", async () => {
    const made = await makeCoupon({ max_uses: 1 });
    const fields = { coupon_code: made.code, total_amount: 1500 };
    const held = await take(student, fields);
    expect(await usesOf(made)).toBe(1);
    expect((await ask(rival, fields)).problem("coupon_not_usable").detail).toBe(
      "This coupon has been used up.",
    );
    const [payment] = await rows<{ id: string }>("select id from payments where booking_id = $1", held.id);
    (await student.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200);
    await lapse(held);
    expect(await usesOf(made)).toBe(0);
    provider.pay(provider.orderOf(payment?.id ?? "").id);
    (await student.call("POST", `/bookings/${held.id}/payment/refresh`)).expect(200);
    expect((await student.call("GET", `/bookings/${held.id}`)).read(booking).status).toBe("confirmed");
    expect(await usesOf(made)).toBe(1);
    await cancel(mentor, held);
    expect(await usesOf(made)).toBe(0);
  });

  it("that another student used up meanwhile is not taken again: the late payment goes back", async () => {
    const made = await makeCoupon({ max_uses: 1 });
    const fields = { coupon_code: made.code, total_amount: 1500 };
    const held = await take(student, fields);
    const [payment] = await rows<{ id: string }>("select id from payments where booking_id = $1", held.id);
    (await student.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200);
    await lapse(held);
    const slots = await readSlots(test.visitor, mentor);
    const theirs = await rival.call(
      "POST",
      "/bookings",
      bookingOf(mentor, slots[0]?.starts_at ?? "", fields),
    );
    theirs.expect(201);
    provider.pay(provider.orderOf(payment?.id ?? "").id);
    const after = (await student.call("POST", `/bookings/${held.id}/payment/refresh`)).expect(200);
    expect(after.json).toMatchObject({ was_late: true });
    expect(await usesOf(made)).toBe(1);
    await cancel(rival, theirs.read(booking));
  });

  it("is used up when the student cancels too late for a full refund", async () => {
    const strict = await test.makeMentor({ settings: { instant_confirm: true } });
    await rows("update services set refund_full_cutoff = 43200 where expert_id = $1", strict.id);
    const made = await makeCoupon({ percent: 100 }, strict);
    await cancel(student, await take(student, { coupon_code: made.code, total_amount: 0 }, strict));
    const used = await rows(
      "select from coupon_uses where coupon_id = $1 and given_back_at is null",
      made.id,
    );
    expect(used.length).toBe(1);
    (await ask(student, { coupon_code: made.code, total_amount: 0 }, strict)).problem("coupon_not_usable");
  });

  it("with one use left is had by exactly one of fifty", async () => {
    const busy = await test.makeMentor({
      settings: { instant_confirm: true },
      services: [{ session_type: "groupSession", capacity: 100 }],
    });
    const made = await makeCoupon({ max_uses: 1 }, busy);
    const crowd = await test.signUpCrowd(50);
    const start = await freeStart(busy);
    const answers = await Promise.all(
      crowd.map((one) =>
        one.call("POST", "/bookings", bookingOf(busy, start, { coupon_code: made.code, total_amount: 1500 })),
      ),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBe(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 422]));
    expect((await rows("select from coupon_uses where coupon_id = $1", made.id)).length).toBe(1);
  });

  it("ends within two years of when it was made, also after a change", async () => {
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const late = { code: "LATE", percent: 5, active_until: inDays(732) };
    const refused = (await mentor.call("POST", "/mentors/me/coupons", late)).problem("validation_failed");
    expect(refused.errors?.[0]?.field).toBe("active_until");
    const { id } = await makeCoupon({ active_until: inDays(730) });
    const change = (days: number) =>
      mentor.call("PATCH", `/mentors/me/coupons/${id}`, { active_until: inDays(days) });
    (await change(732)).problem("validation_failed");
    (await change(730)).expect(200);
  });

  it("cannot be added twice under one code in any case, and its codes are no one else's to read", async () => {
    const { code } = await makeCoupon();
    (await mentor.call("POST", "/mentors/me/coupons", { code: code.toLowerCase(), amount: 5 })).problem(
      "coupon_exists",
    );
    (await student.call("POST", "/mentors/me/coupons", { code: "MINE", amount: 5 })).problem("not_a_mentor");
    expect((await rival.call("GET", "/mentors/me/coupons")).json).toEqual({ data: [] });
    (await mentor.call("POST", "/mentors/me/coupons", { code: "BOTH", amount: 5, percent: 5 })).problem(
      "validation_failed",
    );
  });
});

it("a quote has the lines, the total and what a cancellation gives back", async () => {
  const { code } = await makeCoupon({ percent: null, amount: 500 });
  const body = { service_id: serviceId, duration: 60, coupon_code: code };
  const asked = (await student.call("POST", `/mentors/${mentor.id}/quote`, body)).expect(200).read(quote);
  expect(asked).toEqual({
    lines: [
      { kind: "session", amount: 2000 },
      { kind: "coupon", amount: -500 },
    ],
    total: 1500,
    currency: "INR",
    refund_tiers: [
      { kind: "full", percent: 100, amount: 1500, cutoff: 1440 },
      { kind: "partial", percent: 50, amount: 750, cutoff: 120 },
      { kind: "none", percent: 0, amount: 0, cutoff: null },
    ],
  });
  const { code: all } = await makeCoupon({ percent: 100 });
  const nothing = (
    await student.call("POST", `/mentors/${mentor.id}/quote`, { ...body, coupon_code: all })
  ).read(quote);
  expect(nothing).toMatchObject({ total: 0, refund_tiers: [] });
  const wrong = { ...body, coupon_code: "NOTHING" };
  (await student.call("POST", `/mentors/${mentor.id}/quote`, wrong)).problem("coupon_not_found");
  (await test.visitor("POST", `/mentors/${mentor.id}/quote`, body)).problem("unauthenticated");
});

it("a booking from before lines were kept has one line in the list of payments", async () => {
  const made = await take(student, { add_recording: true, total_amount: 2250 });
  await rows("set session_replication_role = replica");
  await rows("update bookings set price_lines = null where id = $1", made.id);
  await rows("reset session_replication_role");
  const { data } = (await student.call("GET", "/payments")).read(paymentPage);
  expect(data[0]?.price_lines).toEqual([{ kind: "session", amount: 2250 }]);
  await cancel(student, made);
});

describe("a package", () => {
  const makePackage = async (fields: Record<string, unknown> = {}) =>
    (
      await mentor.call("POST", "/mentors/me/packages", {
        service_id: serviceId,
        minutes: 60,
        sessions: 3,
        price: 4000,
        valid_days: 90,
        ...fields,
      })
    )
      .expect(201)
      .read(ownPackage);
  const begin = async ({ id }: { id: string }) =>
    (await student.call("POST", `/packages/${id}/purchases`)).expect(201).read(packagePurchase);
  const readPurchase = async ({ id }: { id: string }) => {
    const { data } = (await student.call("GET", "/me/packages")).json as { data: { id: string }[] };
    return packagePurchase.parse(data.find((one) => one.id === id));
  };
  async function buy(fields: Record<string, unknown> = {}) {
    const bought = await begin(await makePackage(fields));
    const path = `/package-purchases/${bought.id}`;
    const owed = (await student.call("GET", `${path}/payment`)).expect(200).read(purchasePayment);
    await pay(path, owed.id);
    return readPurchase(bought);
  }
  /** Balances of the accounts of a purchase and its bookings, and whether all transfers add up. */
  async function balances(...owners: string[]) {
    const found = await rows<{ kind: string; balance: number }>(
      `select kind, sum(balance_minor)::integer as balance from private.ledger_accounts
       where owner_id = any ($1) and balance_minor > 0 group by kind order by kind`,
      owners,
    );
    return Object.fromEntries(found.map(({ kind, balance }) => [kind, balance]));
  }
  const credit = (bought: { id: string }, more = {}) => ({
    package_purchase_id: bought.id,
    total_amount: 0,
    ...more,
  });

  it("is bought for its price, and has its sessions once it is paid", async () => {
    const offered = await makePackage();
    expect(offered).toMatchObject({ list_price: 6000, price: 4000 });
    const bought = await begin(offered);
    expect(bought).toMatchObject({ state: "unpaid", sessions_left: 0, expires_at: null });
    expect((await begin(offered)).id).toBe(bought.id);
    (await ask(student, credit(bought))).problem("package_not_usable");
    const owed = (await student.call("GET", `/package-purchases/${bought.id}/payment`)).read(purchasePayment);
    expect(owed).toMatchObject({ state: "open", amount: 4000 });
    (await rival.call("GET", `/package-purchases/${bought.id}/payment`)).problem("payment_not_found");
    await pay(`/package-purchases/${bought.id}`, owed.id);
    expect(await readPurchase(bought)).toMatchObject({ state: "active", sessions_left: 3 });
    expect(await balances(bought.id)).toEqual({ package_money: 400_000, credits: 3 });
    (await ask(rival, credit(bought))).problem("package_not_usable");
  });

  it("pays for its sessions, the last one with the remainder, and for no more", async () => {
    const bought = await buy();
    const made: Booking[] = [];
    for (let place = 0; place < 3; place++) made.push(await take(student, credit(bought)));
    expect(made[0]).toMatchObject({
      status: "confirmed",
      payment_status: "completed",
      price_lines: [
        { kind: "session", amount: 2000 },
        { kind: "credit", amount: -2000 },
      ],
    });
    const escrow = await Promise.all(made.map(({ id }) => balances(id)));
    expect(escrow.map((one) => one.escrow)).toEqual([133_333, 133_333, 133_334]);
    (await ask(student, credit(bought))).problem("package_not_usable");
    for (const one of made) expect((await cancel(student, one)).payment_status).toBe("refunded");
    expect(await balances(bought.id, ...made.map(({ id }) => id))).toEqual({
      package_money: 400_000,
      credits: 3,
    });
  });

  it("does not pay for a recording", async () => {
    const bought = await buy();
    const held = await take(student, credit(bought, { add_recording: true, total_amount: 250 }));
    expect(held).toMatchObject({ awaits_payment: true, payment_status: "pending" });
    await lapse(held);
    expect((await readPurchase(bought)).sessions_left).toBe(3);
    const paid = await take(student, credit(bought, { add_recording: true, total_amount: 250 }));
    const [payment] = await rows<{ id: string }>("select id from payments where booking_id = $1", paid.id);
    await pay(`/bookings/${paid.id}`, payment?.id ?? "");
    expect((await balances(paid.id)).escrow).toBe(133_333 + 25_000);
    await cancel(mentor, paid);
    expect((await balances(paid.id)).escrow).toBeUndefined();
  });

  it("earns its mentor a session's part after the dispute window, and the rest when it expires", async () => {
    const bought = await buy();
    const held = await take(student, credit(bought));
    await rows("set session_replication_role = replica");
    await rows(
      `update bookings set starts_at = now() - interval '100 hours', ends_at = now() - interval '99 hours'
       where id = $1`,
      held.id,
    );
    await rows("reset session_replication_role");
    (await mentor.call("POST", `/bookings/${held.id}/complete`)).expect(200);
    const before = (await balances(mentor.id)).mentor ?? 0;
    await rows("select private.settle_offers($1, 100)", mentor.id);
    expect((await balances(mentor.id)).mentor).toBe(before + 133_333 - 13_333);
    expect(await balances(held.id)).toEqual({});
    await rows("update package_purchases set expires_at = now() where id = $1", bought.id);
    await runJobs(test.db, { provider });
    await rows("select private.settle_offers($1, 100)", mentor.id);
    expect((await balances(mentor.id)).mentor).toBe(before + 120_000 + 266_667 - 26_667);
    expect(await balances(bought.id)).toEqual({});
    expect(await readPurchase(bought)).toMatchObject({ state: "expired", sessions_left: 0 });
    (await ask(student, credit(bought))).problem("package_not_usable");
  });

  it("that expired gets a session back, and thirty days for it, when the mentor cancels", async () => {
    const bought = await buy();
    const held = await take(student, credit(bought));
    await rows("update package_purchases set expires_at = now() where id = $1", bought.id);
    await rows("select private.settle_offers($1, 100)", mentor.id);
    await cancel(mentor, held);
    const after = await readPurchase(bought);
    expect(after).toMatchObject({ state: "active", sessions_left: 1 });
    expect(Date.parse(after.expires_at ?? "") - Date.now()).toBeGreaterThan(29 * 86_400_000);
  });

  it("is refunded as far as it is unused", async () => {
    const bought = await buy();
    const held = await take(student, credit(bought));
    const [refunded] = await rows<{ amount: number }>(
      "select private.refund_package($1, $2)::integer as amount",
      mentor.id,
      bought.id,
    );
    expect(refunded?.amount).toBe(266_667);
    await runJobs(test.db, { provider });
    expect(await readPurchase(bought)).toMatchObject({ state: "refunded", sessions_left: 0 });
    expect(await balances(bought.id, held.id)).toEqual({ credits_reserved: 1, escrow: 133_333 });
    await cancel(student, held);
  });

  it("pays for no more bookings than it has sessions, of six at once", async () => {
    const bought = await buy({ sessions: 2 });
    const slots = await readSlots(test.visitor, mentor);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, place) =>
        student.call(
          "POST",
          "/bookings",
          bookingOf(mentor, slots[place * 2]?.starts_at ?? "", credit(bought)),
        ),
      ),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBe(2);
    expect(await balances(bought.id)).toEqual({});
    for (const one of answers) if (one.status === 201) await cancel(student, one.read(booking));
  });
});
