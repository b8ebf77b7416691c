import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { adminLog } from "#contract/administration.ts";
import { type Booking, booking } from "#contract/bookings.ts";
import { payment } from "#contract/payments.ts";
import { type AdminPayment, adminPayment, adminPayments, moneyOverview } from "#contract/reconciliation.ts";
import { moneyOfMinor } from "#rules/money.ts";
import { DAY_MS, epochMs } from "#scheduling/units.ts";
import { changeAdministrator } from "../administration/grantAdministrator.ts";
import type { SettledAttempt } from "../payments/provider.ts";
import { makeAdministrator, turnOnTwoFactor } from "../testing/administrator.ts";
import type { Answer } from "../testing/answer.ts";
import { bookAny } from "../testing/booking.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let provider: TestProvider;
let mentor: Mentor;
let approving: Mentor;
let student: Person;
let admin: Person;
let second: Person;
beforeAll(async () => {
  provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  mentor = await test.makeMentor({ settings: { instant_confirm: true } });
  approving = await test.makeMentor({ settings: { instant_confirm: false } });
  [student] = (await test.signUpCrowd(1)) as [Person];
  admin = await makeAdministrator(test);
  second = await makeAdministrator(test);
  await rows("update auth.sessions set proved_at = now() where user_id = any ($1)", [admin.id, second.id]);
});
afterAll(() => test.close());
beforeEach(() => {
  provider.faults.clear();
  provider.refundsAtOnce = true;
});

const reason = "The student wrote to us.";
const rows = async <Row>(text: string, ...values: unknown[]) =>
  (await test.db.owner.query(text, values)).rows as Row[];
const work = () => runJobs(test.db, { provider });

interface Paid {
  held: Booking;
  id: string;
  mentorId: string;
  path: string;
  orderId: string;
  /** In major units. */
  price: number;
}

async function pay(to: Mentor = mentor, settle = true): Promise<Paid> {
  const held = await bookAny(student, to);
  (await student.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200);
  const { id } = (await student.call("GET", `/bookings/${held.id}/payment`)).read(payment);
  const order = provider.orderOf(id);
  provider.pay(order.id);
  if (settle) (await student.call("POST", `/bookings/${held.id}/payment/refresh`)).expect(200);
  const path = `/admin/payments/${to.id}/${id}`;
  return { held, id, mentorId: to.id, path, orderId: order.id, price: held.total_amount };
}
const see = async ({ path }: Paid): Promise<AdminPayment> =>
  (await admin.call("GET", path)).expect(200).read(adminPayment);
const list = async (query = "") =>
  (await admin.call("GET", `/admin/payments?${query}`)).expect(200).read(adminPayments).data;
const overview = async () => (await admin.call("GET", "/admin/money")).expect(200).read(moneyOverview);
const statusOf = async ({ held }: Paid) =>
  (await student.call("GET", `/bookings/${held.id}`)).read(booking).payment_status;
const refund = ({ path }: Paid, amount: number, refundable: number, by = admin) =>
  by.call("POST", `${path}/refunds`, { amount, refundable, reason });
const statuses = (answers: Answer[]) => answers.map(({ status }) => status).sort();

/** A refund that the bank sent back. */
async function failRefund(paid: Paid): Promise<string> {
  provider.refundsAtOnce = false;
  await work();
  provider.settleRefunds("failed");
  await student.call("POST", `/bookings/${paid.held.id}/payment/refresh`);
  provider.refundsAtOnce = true;
  return (await see(paid)).refunds.at(-1)?.id ?? "";
}

/** The sums of a payment's accounts in the ledger and what a refund has not returned yet; all in paise. */
async function ledgerOf({ held, id }: Paid) {
  const found = await rows<{ kind: string; balance: number }>(
    "select kind, balance_minor as balance from private.ledger_accounts where owner_id in ($1, $2) and balance_minor > 0",
    held.id,
    id,
  );
  return Object.fromEntries(found.map(({ kind, balance }) => [kind, balance]));
}

describe("who may look and act", () => {
  const calls = (path: string): [Parameters<Person["call"]>[0], string, unknown?][] => [
    ["GET", "/admin/money"],
    ["POST", "/admin/money/check"],
    ["GET", "/admin/payments"],
    ["GET", path],
    ["POST", `${path}/sync`, { reason }],
    ["POST", `${path}/refunds`, { amount: 1, refundable: 1, reason }],
    ["POST", `${path}/refunds/${admin.id}/retry`, { reason }],
    ["POST", `${path}/release`, { reason }],
    ["POST", `${path}/settled`, { attention: "dispute", reason }],
  ];

  it("for everyone but administrators with two factors there is nothing, and nothing happens", async () => {
    const paid = await pay();
    const newcomer = await test.signUp("New administrator");
    await changeAdministrator(test.db.owner, newcomer.email, "grant");
    for (const [method, path, body] of calls(paid.path)) {
      for (const person of [student, mentor])
        expect((await person.call(method, path, body)).problem().code).toBe("not_found");
      expect((await test.visitor(method, path, body)).problem().code).toBe("unauthenticated");
      expect((await newcomer.call(method, path, body)).problem().code).toBe("two_factor_required");
    }
    await turnOnTwoFactor(test.db.owner, newcomer.id);
    (await newcomer.call("GET", "/admin/money")).expect(200);
    expect(await see(paid)).toMatchObject({ refunds: [], refundable: paid.price });
  });

  it("money moves only after a fresh proof of who the administrator is", async () => {
    const paid = await pay();
    const tired = await makeAdministrator(test);
    await rows(
      "update auth.sessions set proved_at = now() - interval '11 minutes' where user_id = $1",
      tired.id,
    );
    for (const [path, body] of [
      ["refunds", { amount: 1, refundable: paid.price, reason }],
      [`refunds/${admin.id}/retry`, { reason }],
      ["release", { reason }],
    ] as const)
      expect((await tired.call("POST", `${paid.path}/${path}`, body)).problem().code).toBe("proof_required");
    (await tired.call("POST", `${paid.path}/sync`, { reason })).expect(204);
    // The twin: with the proof it does.
    (await refund(paid, 1, paid.price)).expect(204);
  });

  it("twin: the database checks by itself", async () => {
    const paid = await pay();
    const [login] = await rows<{ id: string }>("select id from auth.sessions where user_id = $1", student.id);
    for (const call of [
      "private.money_overview($1)",
      "private.admin_payments($1, 'r', 'all', '', null, 10)",
      `private.refund_by_hand($1, 'r', '${mentor.id}', '${paid.id}', 100, 100, 'x')`,
      `private.retry_refund($1, 'r', '${mentor.id}', '${paid.id}', '${paid.id}', 'x')`,
      `private.release_by_hand($1, 'r', '${mentor.id}', '${paid.id}', 'x')`,
      `private.clear_attention($1, 'r', '${mentor.id}', '${paid.id}', 'x', 'x')`,
      "private.start_reconciliation($1, 'r')",
    ]) {
      const attack = test.db.database.asSystem("an attack", student.id, ({ client }) =>
        client.query(`select * from ${call}`, [login?.id]),
      );
      await expect(attack).rejects.toMatchObject({ code: "42501" });
    }
  });
});

describe("payments that agree", () => {
  it("need no attention, and are found by booking, student, address and order", async () => {
    const paid = await pay();
    expect((await list()).map(({ id }) => id)).not.toContain(paid.id);
    for (const q of [paid.held.id, paid.id, student.id, student.email, paid.orderId])
      expect((await list(`show=all&q=${encodeURIComponent(q)}`)).map(({ id }) => id)).toContain(paid.id);
    expect(await list(`show=all&q=${mentor.services[0]?.id}`)).toEqual([]);
    const seen = await see(paid);
    expect(seen).toMatchObject({
      state: "captured",
      troubles: [],
      since: null,
      books: [],
      order_id: paid.orderId,
      refundable: paid.price,
      booking: { id: paid.held.id, status: "confirmed", payment_status: "completed" },
      ledger: { held: paid.price, owed: 0, earned_at: null },
      attempts: [{ state: "captured", verdict: "accepted", amount: paid.price }],
      transfers: [{ kind: "captured", from: "provider", to: "escrow", amount: paid.price }],
    });
    expect(seen.events.map(({ kind }) => kind)).toEqual(["paid"]);
  });

  it("have pages", async () => {
    await pay();
    await pay();
    const first = (await admin.call("GET", "/admin/payments?show=all&limit=1")).read(adminPayments);
    const next = (
      await admin.call("GET", `/admin/payments?show=all&limit=1&cursor=${first.next_cursor}`)
    ).read(adminPayments);
    expect(next.data[0]?.id).not.toBe(first.data[0]?.id);
    expect((await admin.call("GET", "/admin/payments?cursor=x")).status).toBe(422);
  });

  it("name each amount in its own currency, also what was paid in another one", async () => {
    const held = await bookAny(student, mentor);
    (await student.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200);
    const { id } = (await student.call("GET", `/bookings/${held.id}/payment`)).read(payment);
    provider.pay(provider.orderOf(id).id, { amount: moneyOfMinor(123_450, "USD") });
    (await student.call("POST", `/bookings/${held.id}/payment/refresh`)).expect(200);
    await work();
    const seen = (await admin.call("GET", `/admin/payments/${mentor.id}/${id}`))
      .expect(200)
      .read(adminPayment);
    expect(seen.events.map(({ kind }) => kind)).toEqual(["late", "refund_requested", "refund_done"]);
    for (const line of [...seen.events, ...seen.attempts, ...seen.refunds, ...seen.transfers])
      expect(line).toMatchObject({ amount: 1234.5, currency: "USD" });
    expect(seen).toMatchObject({ currency: "INR", captured: 0, refunded: 0 });
  });

  it("another mentor's payment is not found, and leaves no entry in the log", async () => {
    const paid = await pay();
    const wrong = `/admin/payments/${approving.id}/${paid.id}`;
    expect((await admin.call("GET", wrong)).problem().code).toBe("payment_not_found");
    expect((await admin.call("POST", `${wrong}/sync`, { reason })).problem().code).toBe("payment_not_found");
    const { data } = (await admin.call("GET", "/admin/log?action=payment_synced&limit=1")).read(adminLog);
    expect(data[0]?.details.mentor_id).not.toBe(approving.id);
  });
});

describe("a refund by hand", () => {
  it("sends back what was asked for, and is in the log with its reason", async () => {
    const paid = await pay();
    (await refund(paid, 500, paid.price)).expect(204);
    await work();
    expect(await see(paid)).toMatchObject({
      refundable: paid.price - 500,
      refunds: [{ amount: 500, why: "administrator", state: "done" }],
      books: [],
      booking: { status: "confirmed", payment_status: "partially_refunded" },
    });
    const { data } = (await admin.call("GET", "/admin/log?action=refunded_by_hand")).read(adminLog);
    expect(data[0]).toMatchObject({
      reason,
      actor_id: admin.id,
      subject_id: student.id,
      details: { payment_id: paid.id, amount_minor: 50_000 },
    });
  });

  it("is never more than is left, and never decided from an old page", async () => {
    const paid = await pay();
    expect((await refund(paid, paid.price + 1, paid.price)).problem().code).toBe("validation_failed");
    (await refund(paid, 100, paid.price)).expect(204);
    expect((await refund(paid, 100, paid.price)).problem().code).toBe("payment_changed");
    for (const amount of [0, -1, 0.001])
      expect((await refund(paid, amount, paid.price - 100)).status).toBe(422);
    expect((await see(paid)).refunds).toHaveLength(1);
  });

  it("by two administrators at once is made once", async () => {
    const paid = await pay();
    const answers = await Promise.all([
      refund(paid, 500, paid.price),
      refund(paid, 500, paid.price, second),
      refund(paid, 500, paid.price),
    ]);
    expect(statuses(answers)).toEqual([204, 409, 409]);
    await work();
    expect(provider.orders.get(paid.orderId)?.attempts[0]?.refunds).toHaveLength(1);
  });

  it("and one by policy at once send back exactly what was paid", async () => {
    for (const amount of [500, 2000]) {
      const paid = await pay();
      const [byHand, cancelled] = await Promise.all([
        refund(paid, Math.min(amount, paid.price), paid.price),
        mentor.call("POST", `/bookings/${paid.held.id}/cancel`, { reason: "I am ill." }),
      ]);
      expect([204, 409]).toContain(byHand.status);
      cancelled.expect(200);
      await work();
      const [sent] = provider.orders.get(paid.orderId)?.attempts ?? [];
      const total = sent?.refunds.reduce((sum, { amount }) => sum + amount.minor, 0);
      expect(total).toBe(paid.price * 100);
      expect(await ledgerOf(paid)).toEqual({});
      expect(await statusOf(paid)).toBe("refunded");
    }
  });

  it("that failed does not stop a cancellation: the rest goes back, and the failed part stays owed", async () => {
    const paid = await pay();
    (await refund(paid, 500, paid.price)).expect(204);
    const failed = await failRefund(paid);
    (await mentor.call("POST", `/bookings/${paid.held.id}/cancel`, { reason: "I am ill." })).expect(200);
    await work();
    expect(await ledgerOf(paid)).toEqual({ refunds_payable: 50_000 });
    expect(await see(paid)).toMatchObject({ refundable: 0, books: [], troubles: ["refund_failed"] });
    (await admin.call("POST", `${paid.path}/refunds/${failed}/retry`, { reason })).expect(204);
    await work();
    expect(await ledgerOf(paid)).toEqual({});
    expect(await statusOf(paid)).toBe("refunded");
  });
});

describe("a failed refund", () => {
  it("is shown, repeated once by two administrators at once, and then arrives", async () => {
    const paid = await pay();
    (await mentor.call("POST", `/bookings/${paid.held.id}/cancel`, { reason: "I am ill." })).expect(200);
    const failed = await failRefund(paid);
    const shown = (await list()).find(({ id }) => id === paid.id);
    expect(shown).toMatchObject({ troubles: ["refund_failed"], ledger: { held: 0, owed: paid.price } });
    expect(shown?.since).toBeTruthy();
    expect((await see(paid)).refunds).toMatchObject([{ state: "failed", can_retry: true }]);

    const retry = (by: Person) => by.call("POST", `${paid.path}/refunds/${failed}/retry`, { reason });
    expect(statuses(await Promise.all([retry(admin), retry(second), retry(admin)]))).toEqual([204, 409, 409]);
    await work();
    expect(await see(paid)).toMatchObject({
      troubles: [],
      books: [],
      refunds: [
        { state: "failed", can_retry: false },
        { state: "done", why: "mentor_cancelled" },
      ],
    });
    expect(await statusOf(paid)).toBe("refunded");
    expect(await ledgerOf(paid)).toEqual({});
  });

  it("one that has not failed is not repeated", async () => {
    const paid = await pay();
    (await refund(paid, 500, paid.price)).expect(204);
    await work();
    const [done] = (await see(paid)).refunds;
    const again = await admin.call("POST", `${paid.path}/refunds/${done?.id}/retry`, { reason });
    expect(again.problem().code).toBe("payment_changed");
  });

  it("that was sent again at the provider by hand is settled by what the provider says", async () => {
    const paid = await pay();
    (await mentor.call("POST", `/bookings/${paid.held.id}/cancel`, { reason: "I am ill." })).expect(200);
    await failRefund(paid);
    const [attempt] = provider.orders.get(paid.orderId)?.attempts ?? [];
    attempt?.refunds.push({ id: "rfnd_by_hand", reference: null, amount: attempt.amount, state: "done" });
    (await admin.call("POST", `${paid.path}/sync`, { reason })).expect(204);
    expect(await statusOf(paid)).toBe("refunded");
    expect(await see(paid)).toMatchObject({ books: [], ledger: { held: 0, owed: 0 } });
  });

  it("one that the provider does not take for an hour is overdue, and one on its way for ten days", async () => {
    const paid = await pay();
    const before = (await overview()).refunds_overdue;
    (await refund(paid, 500, paid.price)).expect(204);
    const age = (by: string) =>
      rows("update refunds set requested_at = now() - $2::interval where payment_id = $1", paid.id, by);
    await age("59 minutes");
    expect((await see(paid)).troubles).toEqual([]);
    await age("61 minutes");
    expect((await see(paid)).troubles).toEqual(["refund_overdue"]);
    expect((await overview()).refunds_overdue).toBe(before + 1);
    provider.refundsAtOnce = false;
    await work();
    expect((await see(paid)).troubles).toEqual([]);
    await age("11 days");
    expect((await see(paid)).troubles).toEqual(["refund_overdue"]);
    provider.settleRefunds("done");
    (await admin.call("POST", `${paid.path}/sync`, { reason })).expect(204);
    expect((await see(paid)).troubles).toEqual([]);
  });
});

describe("what was noticed", () => {
  it("is settled with a reason, but only what was seen", async () => {
    const paid = await pay();
    await rows("select private.flag_payment($1, $2, 'wrong_amount')", paid.mentorId, paid.id);
    const { attention } = await see(paid);
    await rows("select private.flag_payment($1, $2, 'dispute')", paid.mentorId, paid.id);
    const settle = (seen: string | null) =>
      admin.call("POST", `${paid.path}/settled`, { attention: seen, reason });
    expect((await settle(attention)).problem().code).toBe("payment_changed");
    expect((await see(paid)).troubles).toEqual(["dispute", "wrong_amount"]);
    (await settle("wrong_amount, dispute")).expect(204);
    expect((await see(paid)).troubles).toEqual([]);
    expect((await list()).map(({ id }) => id)).not.toContain(paid.id);
  });

  it("a provider that does not say what became of a payment is unclear since then, until it does", async () => {
    const paid = await pay(mentor, false);
    provider.faults.set("fetchOrder", ["unknown_before", "unknown_before"]);
    const sync = () => admin.call("POST", `${paid.path}/sync`, { reason });
    expect((await sync()).problem().code).toBe("payment_provider_unavailable");
    const [first] = (await list()).filter(({ id }) => id === paid.id);
    expect(first?.troubles).toEqual(["unclear"]);
    expect((await sync()).problem().code).toBe("payment_provider_unavailable");
    expect((await see(paid)).since).toBe(first?.since);
    (await sync()).expect(204);
    expect(await see(paid)).toMatchObject({ troubles: [], state: "captured" });
  });

  it("a reservation that is not charged or let go of is shown after ten minutes, and let go of by hand", async () => {
    const late = (paid: Paid) =>
      rows("update payments set updated_at = now() - interval '11 minutes' where id = $1", paid.id);
    const wanted = await pay(approving);
    await late(wanted);
    expect((await see(wanted)).troubles).toEqual([]);
    const notWanted = await admin.call("POST", `${wanted.path}/release`, { reason });
    expect(notWanted.problem().code).toBe("payment_changed");
    (await approving.call("POST", `/bookings/${wanted.held.id}/confirm`)).expect(200);
    await late(wanted);
    expect((await see(wanted)).troubles).toEqual(["not_captured"]);

    const declined = await pay(approving);
    (await approving.call("POST", `/bookings/${declined.held.id}/decline`, {})).expect(200);
    await rows("delete from graphile_worker._private_jobs where payload ->> 'payment_id' = $1", declined.id);
    expect((await see(declined)).troubles).toEqual([]);
    await late(declined);
    expect((await see(declined)).troubles).toEqual(["not_released"]);
    (await admin.call("POST", `${declined.path}/release`, { reason })).expect(204);
    await work();
    expect(await see(declined)).toMatchObject({ state: "released", troubles: [] });
    expect(await see(wanted)).toMatchObject({ state: "captured", troubles: [] });
  });

  it("refused webhooks are counted and shown without what they said", async () => {
    const before = (await overview()).webhooks.refused;
    (await test.visitor("POST", "/webhooks/sandbox", { secret: "Asha's card" })).expect(400);
    const { body, headers } = provider.webhook("order_of_others", "order.paid");
    (await test.visitor("POST", "/webhooks/sandbox", JSON.parse(body), headers)).expect(200);
    const { webhooks } = await overview();
    expect(webhooks.refused).toBe(before + 2);
    expect(webhooks.latest).toMatchObject([
      { verdict: "unknown_order", kind: "order.paid", order_id: "order_of_others" },
      { verdict: "forged", kind: null, order_id: null, provider: "sandbox" },
    ]);
    expect(JSON.stringify(webhooks)).not.toContain("Asha");
  });
});

describe("a captured payment with neither a booking nor a refund", () => {
  /** Calls off a session past the trigger that sends the money back. */
  async function callOff({ held }: Paid, by: "student" | "mentor", minutesAgo: number): Promise<void> {
    await rows("set session_replication_role = replica");
    await rows(
      `with gone as (
         update bookings set status = 'cancelled', occupancy_id = null where id = $1 returning id, expert_id)
       insert into booking_events (booking_id, expert_id, kind, actor, from_status, to_status, created_at)
         select id, expert_id, 'cancelled', $2, 'confirmed', 'cancelled', now() - make_interval(mins => $3) from gone`,
      held.id,
      by,
      minutesAgo,
    );
    await rows("reset session_replication_role");
  }

  it("raises the alarm after ten minutes, until it is refunded", async () => {
    const paid = await pay();
    const { orphaned } = await overview();
    await callOff(paid, "mentor", 9);
    expect((await overview()).orphaned).toBe(orphaned);
    await rows(
      "update booking_events set created_at = now() - interval '11 minutes' where booking_id = $1 and kind = 'cancelled'",
      paid.held.id,
    );
    expect((await overview()).orphaned).toBe(orphaned + 1);
    expect((await see(paid)).troubles).toEqual(["orphaned"]);
    const [counted] = await rows<{ orphaned: number }>("select * from private.count_money_troubles()");
    expect(counted?.orphaned).toBe(orphaned + 1);
    (await refund(paid, paid.price, paid.price)).expect(204);
    expect((await overview()).orphaned).toBe(orphaned);
    await work();
  });

  it("is none if the stored policy says that nothing goes back", async () => {
    const paid = await pay();
    const { orphaned } = await overview();
    await rows(
      "update bookings set refund_full_cutoff = 100000, refund_partial_cutoff = 100000 where id = $1",
      paid.held.id,
    );
    await callOff(paid, "student", 20);
    expect((await overview()).orphaned).toBe(orphaned);
    expect((await see(paid)).troubles).toEqual([]);
  });

  it("is one that pays for nothing and whose refund is missing", async () => {
    const paid = await pay();
    const surplus = provider.pay(paid.orderId);
    (await admin.call("POST", `${paid.path}/sync`, { reason })).expect(204);
    await work();
    expect((await see(paid)).troubles).toEqual([]);
    await rows(
      "update payment_attempts set refunded_minor = 0, updated_at = now() - interval '11 minutes' where attempt_id = $1",
      surplus.id,
    );
    expect((await see(paid)).troubles).toEqual(["orphaned"]);
    await rows(
      "update payment_attempts set refunded_minor = captured_minor where attempt_id = $1",
      surplus.id,
    );
  });
});

async function check() {
  await runTask(test.db, "reconcile_payments", {}, { provider });
  const [latest] = (await overview()).checks;
  if (!latest) throw new Error("There was no check.");
  return latest;
}

describe("the check against the provider’s own list", () => {
  it("finds nothing when all agrees", async () => {
    const ignored = (await check()).findings;
    const again = await check();
    expect(again).toMatchObject({ state: "done", put_right: 0, failure: null });
    expect(again.orders).toBe(provider.orders.size);
    expect(again.findings).toEqual(ignored.filter(({ put_right }) => !put_right));
  });

  it("puts right a payment that no webhook and no poll has told of", async () => {
    const paid = await pay(mentor, false);
    const found = await check();
    expect(found).toMatchObject({ put_right: 1 });
    expect(found.findings).toContainEqual({
      kind: "not_captured_here",
      order_id: paid.orderId,
      mentor_id: mentor.id,
      payment_id: paid.id,
      put_right: true,
    });
    expect(await see(paid)).toMatchObject({ booking: { status: "confirmed" }, troubles: [] });
  });

  it("puts right refunds made at the provider, and brings them to attention", async () => {
    const paid = await pay();
    const [attempt] = provider.orders.get(paid.orderId)?.attempts ?? [];
    attempt?.refunds.push({ id: "rfnd_there", reference: null, amount: attempt.amount, state: "done" });
    expect((await check()).findings).toContainEqual(
      expect.objectContaining({ kind: "refunds_differ", payment_id: paid.id, put_right: true }),
    );
    expect(await see(paid)).toMatchObject({ troubles: ["refund_by_hand"], books: [] });
  });

  it("brings to attention what differs after the provider was asked", async () => {
    const paid = await pay();
    await rows("delete from private.ledger_transfers where to_owner = $1", paid.held.id);
    const found = await check();
    expect(found.findings).toContainEqual(
      expect.objectContaining({ kind: "ledger_differs", payment_id: paid.id, put_right: false }),
    );
    expect(found.differing).toBeGreaterThan(0);
    expect(await see(paid)).toMatchObject({ troubles: ["provider_differs"], books: ["captured"] });
  });

  it("names paid orders that are not ours, and ours that the provider does not know", async () => {
    const paid = await pay();
    const order = provider.orders.get(paid.orderId);
    if (!order) throw new Error("There is no order.");
    const orders = provider.orders as Map<string, typeof order>;
    const [attempt] = order.attempts;
    if (!attempt) throw new Error("There is no attempt.");
    orders.delete(paid.orderId);
    orders.set("order_of_others", { ...order, id: "order_of_others", reference: null });
    orders.set("order_never_paid", { ...order, id: "order_never_paid", reference: null, attempts: [] });
    await rows(
      "update payment_attempts set created_at = now() - interval '1 day' where attempt_id = $1",
      attempt.id,
    );
    const { findings } = await check();
    const kinds = Object.fromEntries(findings.map(({ order_id, kind }) => [order_id, kind]));
    expect(kinds).toMatchObject({ order_of_others: "unknown_order", [paid.orderId]: "missing_order" });
    expect(kinds).not.toHaveProperty("order_never_paid");
    orders.delete("order_of_others");
    orders.delete("order_never_paid");
    orders.set(paid.orderId, order);
  });

  it("is recorded as failed when the provider does not answer, and repeated by itself", async () => {
    const { listOrders } = provider;
    provider.listOrders = async function* () {
      yield* [];
      throw new Error("Bad gateway");
    };
    expect(await check()).toMatchObject({ state: "failed", failure: "Bad gateway" });
    provider.listOrders = listOrders;
    const [again] = await rows<{ minutes: number }>(
      "select round(extract(epoch from run_at - now()) / 60)::int as minutes from graphile_worker.jobs where task_identifier = 'reconcile_payments'",
    );
    expect(again?.minutes).toBe(30);
    expect(await check()).toMatchObject({ state: "done" });
  });

  it("that was killed is over when the next one begins", async () => {
    await rows("select private.begin_reconciliation('sandbox', now(), now())");
    await check();
    const { checks } = await overview();
    expect(checks[1]).toMatchObject({ state: "failed", failure: "interrupted" });
  });

  it("is begun by a button, which is logged", async () => {
    (await admin.call("POST", "/admin/money/check")).expect(204);
    const { length } = (await overview()).checks;
    await work();
    expect((await overview()).checks[0]).toMatchObject({ state: "done" });
    expect(length).toBeLessThanOrEqual(7);
    const { data } = (await admin.call("GET", "/admin/log?action=reconciliation_started")).read(adminLog);
    expect(data[0]).toMatchObject({ actor_id: admin.id });
  });
});

describe("what the provider has paid out to our bank", () => {
  const settledAt = () => epochMs(Date.now() - DAY_MS);
  /** @param more what differs from the payment as it is */
  function settle(paid: Paid, more: Partial<SettledAttempt> = {}): SettledAttempt {
    const [attempt] = provider.orders.get(paid.orderId)?.attempts ?? [];
    if (!attempt) throw new Error("There is no attempt.");
    const settled: SettledAttempt = {
      orderId: paid.orderId,
      attemptId: attempt.id,
      settlementId: "setl_1",
      settledAt: settledAt(),
      amount: attempt.amount,
      fee: attempt.fee ?? moneyOfMinor(0, "INR"),
      ...more,
    };
    provider.settlements.push(settled);
    return settled;
  }
  async function payWithFee(fee = 4_000) {
    const paid = await pay(mentor, false);
    const [attempt] = provider.orders.get(paid.orderId)?.attempts ?? [];
    if (attempt) attempt.fee = moneyOfMinor(fee, "INR");
    (await student.call("POST", `/bookings/${paid.held.id}/payment/refresh`)).expect(200);
    return paid;
  }
  const findingsOf = async ({ id }: Paid) =>
    (await check()).findings.filter((one) => one.payment_id === id).map(({ kind }) => kind);
  const fees = async () => {
    const [sums] = await rows<{ booked: number; stored: number }>(
      `select coalesce(sum(case when t.to_kind = 'provider_fees' then t.amount_minor else -t.amount_minor end), 0)::int as booked,
         (select sum(a.fee_minor)::int from payment_attempts a where a.expert_id = $1) as stored
       from private.ledger_transfers t
       where t.expert_id = $1 and t.kind like 'provider_fee%'`,
      mentor.id,
    );
    return sums;
  };
  beforeEach(() => {
    provider.settlements.length = 0;
  });

  it("is noted with the payment, once, and shown", async () => {
    const paid = await payWithFee();
    expect((await see(paid)).attempts).toMatchObject([{ settlement_id: null, settled_at: null, fee: 40 }]);
    const settled = settle(paid);
    expect(await findingsOf(paid)).toEqual([]);
    const shown = { settlement_id: "setl_1", settled_at: new Date(settled.settledAt).toISOString() };
    expect((await see(paid)).attempts).toMatchObject([shown]);
    expect(await findingsOf(paid)).toEqual([]);
    expect(await see(paid)).toMatchObject({ troubles: [], attempts: [shown], books: [] });
  });

  it("that was noted is not written again: the twin of a line that differs", async () => {
    const paid = await payWithFee();
    settle(paid);
    const version = async () =>
      (await rows<{ xmin: string }>("select xmin from payments where id = $1", paid.id))[0]?.xmin;
    await check();
    const before = await version();
    await check();
    expect(await version()).toBe(before);
  });

  it("tells the fee of a payment whose order had not said it, and books it", async () => {
    const paid = await pay();
    expect((await see(paid)).attempts).toMatchObject([{ fee: null }]);
    settle(paid, { fee: moneyOfMinor(4_720, "INR") });
    expect(await findingsOf(paid)).toEqual([]);
    expect((await see(paid)).attempts).toMatchObject([{ fee: 47.2 }]);
    const sums = await fees();
    expect(sums?.booked).toBe(sums?.stored);
  });

  it("with another fee needs attention until the provider confirms the fee, which is booked", async () => {
    const paid = await payWithFee();
    const settled = settle(paid, { fee: moneyOfMinor(4_100, "INR") });
    expect(await findingsOf(paid)).toEqual(["fee_differs"]);
    expect(await see(paid)).toMatchObject({ troubles: ["fee_differs"], attention: "fee_differs" });
    expect((await list()).map(({ id }) => id)).toContain(paid.id);
    // The order says what it said before: the button changes nothing.
    (await admin.call("POST", `${paid.path}/sync`, { reason })).expect(204);
    expect(await findingsOf(paid)).toEqual(["fee_differs"]);
    for (const fee of [4_100, 3_900]) {
      const [attempt] = provider.orders.get(paid.orderId)?.attempts ?? [];
      if (attempt) attempt.fee = moneyOfMinor(fee, "INR");
      settled.fee = moneyOfMinor(fee, "INR");
      (await admin.call("POST", `${paid.path}/sync`, { reason })).expect(204);
      expect(await findingsOf(paid)).toEqual([]);
      expect(await see(paid)).toMatchObject({
        troubles: [],
        attention: null,
        attempts: [{ fee: fee / 100 }],
      });
      const sums = await fees();
      expect(sums?.booked).toBe(sums?.stored);
    }
  });

  it.each<[string, () => Partial<SettledAttempt>, string[]]>([
    ["another amount", () => ({ amount: moneyOfMinor(1, "INR") }), ["settlement_differs"]],
    ["an attempt that we do not know", () => ({ attemptId: "pay_unknown" }), ["settlement_differs"]],
    [
      "another amount and another fee",
      () => ({ amount: moneyOfMinor(1, "INR"), fee: moneyOfMinor(1, "INR") }),
      ["settlement_differs", "fee_differs"],
    ],
    ["another currency, in which nothing can be compared", () => ({ amount: moneyOfMinor(1, "USD") }), []],
  ])("of %s", async (_what, more, kinds) => {
    const paid = await payWithFee();
    settle(paid, more());
    expect(await findingsOf(paid)).toEqual(kinds);
    expect(await see(paid)).toMatchObject({ troubles: kinds.toSorted() });
    if (kinds.length === 0) return;
    // What an administrator has settled comes back while it is wrong, and goes by itself once it is right.
    const { attention } = await see(paid);
    (await admin.call("POST", `${paid.path}/settled`, { attention, reason })).expect(204);
    expect((await see(paid)).troubles).toEqual([]);
    expect(await findingsOf(paid)).toEqual(kinds);
    provider.settlements.length = 0;
    settle(paid);
    expect(await findingsOf(paid)).toEqual([]);
    expect((await see(paid)).troubles).toEqual([]);
  });

  it("twice in two sums differs", async () => {
    const paid = await payWithFee();
    settle(paid);
    settle(paid, { settlementId: "setl_2" });
    expect(await findingsOf(paid)).toEqual(["settlement_differs"]);
    expect((await see(paid)).attempts).toMatchObject([{ settlement_id: "setl_1" }]);
  });

  it("of an order that is not ours is another product’s", async () => {
    const paid = await payWithFee();
    settle(paid, { orderId: "order_of_others" });
    const { findings } = await check();
    expect(findings.map(({ order_id }) => order_id)).not.toContain("order_of_others");
  });

  it("lacks a payment ten days later: it needs attention until it is paid out", async () => {
    const paid = await payWithFee();
    const ageBy = (days: number) =>
      rows(
        "update payment_attempts set created_at = now() - make_interval(secs => $2) where payment_id = $1",
        paid.id,
        days * 86_400,
      );
    await ageBy(9.99);
    expect(await findingsOf(paid)).toEqual([]);
    await ageBy(10.01);
    expect(await findingsOf(paid)).toEqual(["not_settled"]);
    expect(await see(paid)).toMatchObject({ troubles: ["not_settled"] });
    settle(paid, { settledAt: epochMs(Date.now() - 12 * DAY_MS) });
    expect(await findingsOf(paid)).toEqual([]);
    expect(await see(paid)).toMatchObject({ troubles: [], attempts: [{ settlement_id: "setl_1" }] });
  });

  it("that cannot be listed makes the check fail, not the payments", async () => {
    const { listSettlements } = provider;
    const paid = await payWithFee();
    await rows(
      "update payment_attempts set created_at = now() - interval '11 days' where payment_id = $1",
      paid.id,
    );
    provider.listSettlements = async function* () {
      yield* [];
      throw new Error("The settlements could not be listed: Bad gateway");
    };
    expect(await check()).toMatchObject({ state: "failed", failure: expect.stringContaining("settlements") });
    provider.listSettlements = listSettlements;
    expect((await see(paid)).troubles).toEqual([]);
    expect(await findingsOf(paid)).toEqual(["not_settled"]);
  });

  it("is noted by the app’s role only", async () => {
    await expect(
      test.db.database.asUser(student.id, ({ client }) =>
        client.query("select private.note_settlement('sandbox', 'o', 'a', 's', now(), 1, 'INR', 1)"),
      ),
    ).rejects.toMatchObject({ code: "42501" });
  });
});
