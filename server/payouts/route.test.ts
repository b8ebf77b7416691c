import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import { earnings, type StatementLine, statementPage } from "#contract/earnings.ts";
import { ownPackage, packagePurchase } from "#contract/offers.ts";
import { checkout } from "#contract/payments.ts";
import { payoutAccount, payoutPage } from "#contract/payouts.ts";
import { moneyOfMinor } from "#rules/money.ts";
import type { PaymentProvider } from "../payments/provider.ts";
import { openRazorpay } from "../payments/razorpay/razorpay.ts";
import { bookAny, bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { letEarn, readLedger } from "../testing/earnings.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import { razorpayKeys, startRazorpayServer } from "../testing/razorpayServer.ts";
import { type Mentor, openTestApp, type Person, type TestApp, testSecret } from "../testing/testApp.ts";
import { payoutTasks } from "./jobs.ts";

let test: TestApp;
let razorpay: Awaited<ReturnType<typeof startRazorpayServer>>;
let provider: PaymentProvider;
let student: Person;
let mentor: Mentor;
beforeAll(async () => {
  razorpay = await startRazorpayServer();
  provider = openRazorpay({ ...razorpayKeys, address: razorpay.address, bounds: razorpay.bounds });
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(async () => {
  await test.close();
  await razorpay.close();
});
beforeEach(async () => {
  mentor = await test.makeMentor({ settings: { instant_confirm: true } });
  const linked = await mentor.call("PUT", "/mentors/me/payout-account/linked", { account: "acc_ABC1234567" });
  expect(linked.expect(200).read(payoutAccount)).toMatchObject({
    linked: "4567",
    can_link: true,
    bank: null,
  });
});

const rows = async <Row>(text: string, ...values: unknown[]) =>
  (await test.db.owner.query(text, values)).rows as Row[];
const run = () => runJobs(test.db, { provider });
const poll = () => runTask(test.db, "send_transfers", {}, { provider });
const ofMentor = () => razorpay.transfers().filter(({ source }) => attempts.has(source));
const readPayouts = async () =>
  (await mentor.call("GET", "/mentors/me/payouts")).expect(200).read(payoutPage).data;
const readEarnings = async () =>
  (await mentor.call("GET", "/mentors/me/earnings")).expect(200).read(earnings);
/** As if what was claimed had been left by a process that is gone, and the jobs were due again. */
async function letClaimsEnd(): Promise<void> {
  await rows(
    "update payouts set calling_until = now() - interval '1 second' where calling_until is not null",
  );
  await rows("update graphile_worker._private_jobs set run_at = now(), last_error = null");
}

/** Razorpay's payments of this test's mentor. */
let attempts: Set<string>;
beforeEach(() => {
  attempts = new Set();
});

/** A session that was paid, took place and has been earned: 2000, less a tenth. */
async function earn(): Promise<{ bookingId: string; attemptId: string }> {
  const held = await bookAny(student, mentor);
  const order = (await student.call("POST", `/bookings/${held.id}/payment/checkout`))
    .expect(200)
    .read(checkout);
  if (order.provider !== "razorpay") throw new Error("Not Razorpay.");
  const attemptId = razorpay.pay(order.order_id);
  attempts.add(attemptId);
  (await student.call("POST", `/bookings/${held.id}/payment/refresh`)).expect(200);
  expect((await student.call("GET", `/bookings/${held.id}`)).read(booking).status).toBe("confirmed");
  await letEarn(test, mentor, [held.id]);
  return { bookingId: held.id, attemptId };
}

async function transferred() {
  const earned = await earn();
  await run();
  const [transfer] = ofMentor();
  razorpay.finishTransfer(transfer?.id ?? "", "processed");
  await poll();
  expect(await readPayouts()).toMatchObject([{ state: "paid", amount: 1800 }]);
  return { ...earned, transferId: transfer?.id ?? "" };
}

/** An administrator sends back some of a session that was earned. */
async function refund(bookingId: string, minor: number): Promise<void> {
  await rows(
    `select private.lock_mentor(expert_id), private.request_refund(expert_id, id, accepted_attempt_id, $2, 'administrator')
     from payments where booking_id = $1`,
    bookingId,
    minor,
  );
}

describe("what a session has earned", () => {
  it("is transferred once, and paid when the provider says so", async () => {
    const { attemptId } = await earn();
    expect(await readEarnings()).toMatchObject({ balance: 0, on_its_way: 1800 });
    await run();
    expect(ofMentor()).toMatchObject([{ source: attemptId, amount: 180_000, recipient: "acc_ABC1234567" }]);
    expect(await readPayouts()).toMatchObject([
      { state: "sent", method: "route", reference: ofMentor()[0]?.id, paid_to: "4567" },
    ]);
    await poll();
    expect(await readPayouts()).toMatchObject([{ state: "sent" }]);
    razorpay.finishTransfer(ofMentor()[0]?.id ?? "", "processed");
    await poll();
    await poll();
    expect(await readPayouts()).toMatchObject([{ state: "paid" }]);
    expect(await readEarnings()).toMatchObject({ on_its_way: 0, paid_this_year: 1800 });
    expect(await readLedger(test, mentor)).toMatchObject({ balances: { bank: 180_000 }, faults: [] });
    const [left] = await rows<{ sealed_account: unknown }>(
      "select sealed_account from payouts where expert_id = $1",
      mentor.id,
    );
    expect(left?.sealed_account).toBeNull();
  });

  it.each(["fail_after", "stall", "close_before", "nonsense"] as const)(
    "is transferred once after the provider's %s",
    async (fault) => {
      await earn();
      razorpay.misbehave(fault, /^POST .*\/transfers$/);
      await expect(run()).rejects.toThrow("send_transfer");
      // Nothing is tried while the first call may be under way.
      await rows("update graphile_worker._private_jobs set run_at = now(), last_error = null");
      await expect(run()).rejects.toThrow("another call");
      expect(await readPayouts()).toMatchObject([{ state: "sent", reference: null }]);
      await letClaimsEnd();
      await run();
      expect(ofMentor()).toHaveLength(1);
      expect(await readPayouts()).toMatchObject([{ state: "sent", reference: ofMentor()[0]?.id }]);
    },
  );

  it("is asked for by one of two workers at one moment; the twin, without the claim, by both", async () => {
    const { transfers } = provider;
    if (!transfers) throw new Error("Razorpay makes transfers.");
    let underWay = 0;
    let most = 0;
    const slow: PaymentProvider = {
      ...provider,
      transfers: {
        ...transfers,
        transfer: async (request) => {
          most = Math.max(most, ++underWay);
          await sleep(200);
          return transfers.transfer(request).finally(() => underWay--);
        },
      },
    };
    const workers = payoutTasks({ database: test.db.database, secret: testSecret }, slow);
    const twice = async () => {
      const [payout] = await rows<{ id: string }>(
        "select id from payouts where expert_id = $1 order by requested_at desc limit 1",
        mentor.id,
      );
      const payload = { mentor_id: mentor.id, payout_id: payout?.id };
      return Promise.allSettled([1, 2].map(async () => workers.send_transfer?.(payload, {} as never)));
    };
    await earn();
    const ends = await twice();
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect([most, ofMentor().length]).toEqual([1, 1]);
    await rows("delete from graphile_worker._private_jobs where payload ->> 'payout_id' is not null");

    attempts.clear();
    await earn();
    const [definition] = await rows<{ sql: string }>(
      "select pg_get_functiondef('private.claim_transfer'::regproc) as sql",
    );
    await rows((definition?.sql ?? "").replace("known.calling_until > now()", "false"));
    await twice();
    expect(most).toBe(2);
    await rows(definition?.sql ?? "");
    await rows("delete from graphile_worker._private_jobs where payload ->> 'payout_id' is not null");
  });

  it("goes back to the balance when the transfer fails, and does not leave it twice", async () => {
    await earn();
    await run();
    razorpay.finishTransfer(ofMentor()[0]?.id ?? "", "failed");
    await poll();
    await poll();
    expect(await readPayouts()).toMatchObject([{ state: "failed" }]);
    expect(await readEarnings()).toMatchObject({ balance: 1800, on_its_way: 0 });
    const [flag] = await rows<{ attention: string }>(
      "select attention from payments where expert_id = $1",
      mentor.id,
    );
    expect(flag?.attention).toContain("transfer_failed");
  });
});

describe("a refund of what was transferred", () => {
  const callsSince = (first: number) =>
    razorpay.calls
      .slice(first)
      .map(({ method, path }) => `${method} /${path.join("/")}`)
      .filter((call) => /^POST .*\/(reversals|refund)$/.test(call));

  it("takes the mentor's part back before it is sent", async () => {
    const { bookingId, attemptId, transferId } = await transferred();
    const first = razorpay.calls.length;
    await refund(bookingId, 100_000);
    expect(await readLedger(test, mentor)).toMatchObject({ balances: { losses: -90_000 }, faults: [] });
    await run();
    expect(callsSince(first)).toEqual([
      `POST /transfers/${transferId}/reversals`,
      `POST /payments/${attemptId}/refund`,
    ]);
    expect(razorpay.reversals()).toMatchObject([{ transfer_id: transferId, amount: 90_000 }]);
    expect(razorpay.refundsOf(attemptId)).toMatchObject([{ amount: 100_000 }]);
    expect(await readPayouts()).toMatchObject([{ state: "paid", amount: 1800, reversed: 900 }]);
    const { balances, faults } = await readLedger(test, mentor);
    expect([balances.bank, balances.losses, balances.fees, faults]).toEqual([90_000, undefined, 10_000, []]);
    // The rest as well: the payout is reversed.
    await refund(bookingId, 100_000);
    await run();
    expect(await readPayouts()).toMatchObject([{ state: "reversed", reversed: 1800 }]);
    expect(await readLedger(test, mentor)).toMatchObject({ faults: [] });
  });

  it("is not sent before it is clear whether the reversal was made, which is made once", async () => {
    const { bookingId, attemptId, transferId } = await transferred();
    await refund(bookingId, 200_000);
    razorpay.misbehave("fail_after", /^POST .*\/reversals$/);
    await expect(run()).rejects.toThrow("send_refund");
    expect(razorpay.refundsOf(attemptId)).toEqual([]);
    await letClaimsEnd();
    await run();
    expect(razorpay.reversals().filter(({ transfer_id }) => transfer_id === transferId)).toHaveLength(1);
    expect(razorpay.refundsOf(attemptId)).toHaveLength(1);
    expect(await readLedger(test, mentor)).toMatchObject({ faults: [] });
  });

  it("waits for a transfer that has not arrived", async () => {
    const { bookingId, attemptId } = await earn();
    await run();
    await refund(bookingId, 200_000);
    await expect(run()).rejects.toThrow("not arrived");
    razorpay.finishTransfer(ofMentor()[0]?.id ?? "", "processed");
    await letClaimsEnd();
    await run();
    expect(razorpay.refundsOf(attemptId)).toHaveLength(1);
    expect(await readPayouts()).toMatchObject([{ state: "reversed" }]);
    expect((await readLedger(test, mentor)).balances.losses).toBeUndefined();
  });

  it("cancels a transfer that was not sent", async () => {
    const { bookingId, attemptId } = await earn();
    await refund(bookingId, 200_000);
    await run();
    expect(ofMentor()).toEqual([]);
    expect(razorpay.refundsOf(attemptId)).toHaveLength(1);
    expect(await readPayouts()).toMatchObject([{ state: "failed" }]);
    const { balances, faults } = await readLedger(test, mentor);
    expect([balances.mentor, balances.losses, balances.fees, faults]).toEqual([
      undefined,
      undefined,
      undefined,
      [],
    ]);
  });

  it("that the mentor's account does not cover is taken from the balance, and sent all the same", async () => {
    const { bookingId, attemptId, transferId } = await transferred();
    const transfer = razorpay.transfers().find(({ id }) => id === transferId);
    if (transfer) transfer.amount_reversed = transfer.amount;
    await refund(bookingId, 200_000);
    await run();
    expect(razorpay.refundsOf(attemptId)).toHaveLength(1);
    expect(await readLedger(test, mentor)).toMatchObject({ balances: { losses: -180_000 }, faults: [] });
    const [flag] = await rows<{ attention: string }>(
      "select attention from payments where booking_id = $1",
      bookingId,
    );
    expect(flag?.attention).toContain("reversal_refused");
  });
});

describe("a package", () => {
  interface Bought {
    id: string;
    paymentId: string;
    orderId: string;
    attemptId: string;
  }
  const settle = () => rows("select private.settle_offers($1, 100)", mentor.id);
  const sync = async ({ id }: Bought) =>
    (await student.call("POST", `/package-purchases/${id}/payment/refresh`)).expect(200);

  /** Three sessions for 4000: 1333.33, 1333.33 and 1333.34, each less a tenth. */
  async function buy(price = 4000): Promise<Bought> {
    const terms = {
      service_id: mentor.services[0]?.id,
      minutes: 60,
      sessions: 3,
      price,
      valid_days: 90,
    };
    const offered = (await mentor.call("POST", "/mentors/me/packages", terms)).expect(201).read(ownPackage);
    const { id } = (await student.call("POST", `/packages/${offered.id}/purchases`))
      .expect(201)
      .read(packagePurchase);
    const order = (await student.call("POST", `/package-purchases/${id}/payment/checkout`))
      .expect(200)
      .read(checkout);
    if (order.provider !== "razorpay") throw new Error("Not Razorpay.");
    const attemptId = razorpay.pay(order.order_id);
    attempts.add(attemptId);
    const [payment] = await rows<{ id: string }>(
      "select id from payments where package_purchase_id = $1",
      id,
    );
    const bought = { id, paymentId: payment?.id ?? "", orderId: order.order_id, attemptId };
    await sync(bought);
    return bought;
  }
  /** A session of it is booked, takes place and is earned. */
  async function earnSession({ id }: Bought): Promise<string> {
    const slots = await readSlots(student.call, mentor, { from: dateIn(mentor, 3) });
    const fields = { package_purchase_id: id, total_amount: 0 };
    const made = await student.call(
      "POST",
      "/bookings",
      bookingOf(mentor, slots[0]?.starts_at ?? "", fields),
    );
    const { id: bookingId } = made.expect(201).read(booking);
    await rows("set session_replication_role = replica");
    await rows(
      `update bookings set starts_at = now() - interval '100 hours', ends_at = now() - interval '99 hours',
         status = 'completed' where id = $1`,
      bookingId,
    );
    await rows("reset session_replication_role");
    await settle();
    return bookingId;
  }
  async function finishAll(): Promise<void> {
    for (const { id, status } of ofMentor())
      if (status === "pending") razorpay.finishTransfer(id, "processed");
    await poll();
  }
  const amounts = () => ofMentor().map(({ amount }) => amount);
  const statement = async () => {
    const lines = (await mentor.call("GET", "/mentors/me/earnings/statement?limit=50"))
      .expect(200)
      .read(statementPage).data;
    const sum = (of: (line: StatementLine) => number) =>
      Math.round(lines.reduce((total, line) => total + of(line) * 100, 0));
    return {
      net: sum(({ net }) => net),
      fee: sum(({ fee }) => fee),
      refunded: sum(({ refunded }) => refunded),
    };
  };
  /** The mentor has, or will have, what the statement says, and the ledger adds up. */
  async function expectAgreement(): Promise<void> {
    const { balances, faults } = await readLedger(test, mentor);
    expect(faults).toEqual([]);
    const { net, fee } = await statement();
    const { in_packages_net } = await readEarnings();
    expect(net - Math.round(in_packages_net * 100)).toBe(
      (balances.mentor ?? 0) + (balances.payouts_pending ?? 0) + (balances.bank ?? 0),
    );
    const held = Math.round(((await readEarnings()).in_packages - in_packages_net) * 100);
    expect(fee - held).toBe(balances.fees ?? 0);
  }

  it("is transferred session by session, as each is earned, and what expires as well", async () => {
    const bought = await buy();
    await earnSession(bought);
    await settle();
    await run();
    expect(ofMentor()).toMatchObject([
      { source: bought.attemptId, amount: 120_000, recipient: "acc_ABC1234567" },
    ]);
    await earnSession(bought);
    await run();
    expect(amounts()).toEqual([120_000, 120_000]);
    await rows("update package_purchases set expires_at = now() where id = $1", bought.id);
    await settle();
    await settle();
    await run();
    expect(amounts()).toEqual([120_000, 120_000, 120_001]);
    await finishAll();
    expect((await readPayouts()).map(({ state, method }) => [state, method])).toEqual(
      Array.from({ length: 3 }, () => ["paid", "route"]),
    );
    expect(await readEarnings()).toMatchObject({ balance: 0, on_its_way: 0, paid_this_year: 3600.01 });
    expect(await readLedger(test, mentor)).toMatchObject({
      balances: { bank: 360_001, fees: 39_999 },
      faults: [],
    });
    await expectAgreement();
  });

  it("is transferred once per session: the twin, without the index, is not", async () => {
    const bought = await buy();
    await earnSession(bought);
    const again = () =>
      rows<{ id: string | null }>(
        `select private.request_route_payout(p.expert_id, p.payment_id, p.earning_id, p.amount_minor) as id
         from payouts p where p.payment_id = $1 limit 1`,
        bought.paymentId,
      );
    expect(await again()).toEqual([{ id: null }]);
    await rows("begin");
    await rows("drop index payouts_one_per_earning");
    await expect(again()).rejects.toMatchObject({ constraint: "ledger_accounts_never_below_zero" });
    await rows("rollback");
    await run();
    expect(amounts()).toEqual([120_000]);
  });

  it("that was refunded in part stays in the balance: Razorpay makes no transfers of it", async () => {
    const bought = await buy();
    await rows(
      `select private.lock_mentor(expert_id), private.request_refund(expert_id, id, accepted_attempt_id, 133333, 'administrator')
       from payments where id = $1`,
      bought.paymentId,
    );
    await run();
    await earnSession(bought);
    await run();
    expect(ofMentor()).toEqual([]);
    expect(await readEarnings()).toMatchObject({ balance: 1200 });
    await expectAgreement();
  });

  it("whose payment is lost in a dispute is taken back from all its transfers", async () => {
    const bought = await buy(4500);
    for (let count = 0; count < 2; count++) {
      await earnSession(bought);
      await run();
    }
    await finishAll();
    razorpay.dispute(bought.attemptId, "lost");
    await sync(bought);
    // The third session had not been earned; of the two others the mentor's part is ours to pay until it is back.
    expect(await readLedger(test, mentor)).toMatchObject({
      balances: { bank: 270_000, losses: -270_000 },
      faults: [],
    });
    await run();
    const [first, second] = ofMentor();
    expect(
      razorpay
        .reversals()
        .filter(({ transfer_id }) => [first?.id, second?.id].includes(transfer_id))
        .map(({ transfer_id, amount }) => [transfer_id, amount])
        .sort(),
    ).toEqual(
      [
        [first?.id, 135_000],
        [second?.id, 135_000],
      ].sort(),
    );
    expect((await readPayouts()).map(({ state }) => state)).toEqual(["reversed", "reversed"]);
    const { balances } = await readLedger(test, mentor);
    expect([balances.bank, balances.losses, balances.fees, balances.mentor]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    await expectAgreement();
  });

  it("that is refunded at Razorpay for more than is left comes back as far as needed, from the latest transfer", async () => {
    const bought = await buy();
    for (let count = 0; count < 2; count++) {
      await earnSession(bought);
      await run();
    }
    await finishAll();
    // The unused session and half of a used one.
    const sent = await provider.refund({
      refundId: crypto.randomUUID(),
      attemptId: bought.attemptId,
      amount: moneyOfMinor(133_334 + 66_667, "INR"),
    });
    expect(sent.kind).toBe("done");
    await sync(bought);
    await run();
    const [first, second] = ofMentor();
    expect([first?.amount_reversed, second?.amount_reversed]).toEqual([0, 60_000]);
    expect((await readPayouts()).map(({ state, reversed }) => [state, reversed])).toEqual([
      ["paid", 600],
      ["paid", 0],
    ]);
    await expectAgreement();
  });

  it("is not transferred any more when it is refunded before the call: the balance pays", async () => {
    const bought = await buy();
    await earnSession(bought);
    await earnSession(bought);
    razorpay.dispute(bought.attemptId, "lost");
    await sync(bought);
    await run();
    expect(ofMentor()).toEqual([]);
    expect((await readPayouts()).map(({ state }) => state)).toEqual(["failed", "failed"]);
    expect((await readLedger(test, mentor)).balances.losses).toBeUndefined();
    await expectAgreement();
  });
});
