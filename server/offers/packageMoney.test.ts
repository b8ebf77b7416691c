import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { z } from "zod";
import { type Booking, booking } from "#contract/bookings.ts";
import { documentPage, moneyDocument } from "#contract/documents.ts";
import { earnings, type StatementLine, statementPage } from "#contract/earnings.ts";
import { packagePurchase, purchasePayment } from "#contract/offers.ts";
import { paymentPage } from "#contract/payments.ts";
import { goOnWithDeletion } from "../personalData/deletion.ts";
import { makeAdministrator } from "../testing/administrator.ts";
import { bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { moneyFaults } from "../testing/moneyFaults.ts";
import { type BoughtPackage, beginPurchase, buyPackage } from "../testing/packages.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { whileRewritten } from "../testing/rewriteFunction.ts";
import { type Mentor, openTestApp, type Person, password, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let provider: TestProvider;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
});
afterAll(() => test.close());
beforeEach(async () => {
  provider.faults.clear();
  provider.refundsAtOnce = true;
  mentor = await test.makeMentor({ name: "Asha Rao", settings: { instant_confirm: true } });
  student = await test.signUp("Ravi Kumar");
});

const rows = async <Row>(text: string, ...values: unknown[]) =>
  (await test.db.owner.query(text, values)).rows as Row[];
const run = () => runJobs(test.db, { provider });
/** Behind the triggers' backs. */
async function shift(text: string, ...values: unknown[]): Promise<void> {
  await rows("set session_replication_role = replica");
  await rows(text, ...values);
  await rows("reset session_replication_role");
}
const settle = () => rows("select private.settle_offers($1, 100)", mentor.id);

const begin = (terms?: object) => beginPurchase(provider, student, mentor, terms);
const refresh = async ({ id }: Pick<BoughtPackage, "id">) =>
  (await student.call("POST", `/package-purchases/${id}/payment/refresh`)).expect(200).read(purchasePayment);
const buy = (terms?: object) => buyPackage(provider, student, mentor, terms);
const readPurchase = async ({ id }: Pick<BoughtPackage, "id">) => {
  const { data } = (await student.call("GET", "/me/packages")).json as { data: { id: string }[] };
  return packagePurchase.parse(data.find((one) => one.id === id));
};
async function ask({ id }: Pick<BoughtPackage, "id">) {
  const slots = await readSlots(student.call, mentor, { from: dateIn(mentor, 3) });
  const fields = { package_purchase_id: id, total_amount: 0 };
  return student.call("POST", "/bookings", bookingOf(mentor, slots.at(0)?.starts_at ?? "", fields));
}
const book = async (bought: Pick<BoughtPackage, "id">): Promise<Booking> =>
  (await ask(bought)).expect(201).read(booking);
const cancel = (who: Person, { id }: Pick<Booking, "id">) => who.call("POST", `/bookings/${id}/cancel`);
/** The session took place, and its dispute window is over. */
async function hold({ id }: Pick<Booking, "id">): Promise<void> {
  await shift(
    `update bookings set starts_at = now() - interval '100 hours', ends_at = now() - interval '99 hours',
       status = 'completed' where id = $1`,
    id,
  );
}
async function balances() {
  const found = await rows<{ kind: string; balance: number }>(
    `select kind, sum(balance_minor)::integer as balance from private.ledger_accounts
     where expert_id = $1 and balance_minor > 0 group by kind order by kind`,
    mentor.id,
  );
  return Object.fromEntries(found.map(({ kind, balance }) => [kind, balance]));
}
async function documents(who: Person, kind: string) {
  const { data } = (await who.call("GET", `/documents?kind=${kind}&limit=50`)).expect(200).read(documentPage);
  return Promise.all(
    data
      .toReversed()
      .map(async ({ id }) => (await who.call("GET", `/documents/${id}`)).expect(200).read(moneyDocument)),
  );
}
const readStatement = async () =>
  (await mentor.call("GET", "/mentors/me/earnings/statement?limit=50")).expect(200).read(statementPage).data;
const readEarnings = async () =>
  (await mentor.call("GET", "/mentors/me/earnings")).expect(200).read(earnings);
/** What the mails to a person were about so far. */
async function told(who: Person) {
  await run();
  return rows<{ kind: string; facts: Record<string, unknown> }>(
    `select kind, content -> 'facts' as facts from private.deliveries
     where user_id = $1 and kind <> 'code_confirm_address' order by created_at, kind`,
    who.id,
  );
}
const kindsTold = async (who: Person) => (await told(who)).map(({ kind }) => kind);
const dispute = async (bought: BoughtPackage, state: "open" | "won" | "lost") => {
  const [attempt] = provider.orderOf(bought.paymentId).attempts;
  if (attempt) attempt.dispute = state;
  await refresh(bought);
};

afterAll(async () => expect(await moneyFaults(test.db.owner)).toEqual([]));

describe("documents of a package", () => {
  it("are a receipt for all of it, a fee invoice per session that is earned, and one for what expires", async () => {
    const bought = await buy();
    const [receipt] = await documents(student, "receipt");
    expect(receipt).toMatchObject({
      total: 4000,
      booking_id: null,
      session: null,
      package: { title: mentor.services[0]?.title, mentor: "Asha Rao", sessions: 3, minutes: 60 },
      lines: [{ kind: "package", amount: 4000 }],
      recipient: { name: "Ravi Kumar" },
    });
    const held = await book(bought);
    await hold(held);
    await settle();
    await shift("update package_purchases set expires_at = now() where id = $1", bought.id);
    await settle();
    const invoices = await documents(mentor, "fee_invoice");
    expect(invoices).toMatchObject([
      { total: 133.33, booking_id: held.id, fee: { percent: 10, of: 1333.33 }, session: { minutes: 60 } },
      { total: 266.67, booking_id: null, fee: { percent: 10, of: 2666.67 }, session: null },
    ]);
    await settle();
    expect((await documents(mentor, "fee_invoice")).length).toBe(2);
    const ofPackage = async (who: Person) =>
      (await who.call("GET", `/documents?package_purchase_id=${bought.id}`))
        .read(documentPage)
        .data.map(({ kind }) => kind);
    expect(await ofPackage(student)).toEqual(["receipt"]);
    expect(await ofPackage(mentor)).toEqual(["fee_invoice", "receipt"]);
    expect(await ofPackage(await test.signUp("Rival"))).toEqual([]);
    const page = (await mentor.call("GET", `/documents/${invoices[1]?.id}.html`)).expect(200).text;
    expect(page).toContain("Kept from the payment for this package.");
    expect(page).toContain("3 sessions of 1 hour with Asha Rao");
  });

  it("are a credit note when it is refunded", async () => {
    const bought = await buy();
    await rows("select private.refund_package($1, $2)", mentor.id, bought.id);
    await run();
    expect(await documents(student, "credit_note")).toMatchObject([
      { total: 4000, refund: { why: "unused" }, package: { sessions: 3 } },
    ]);
  });
});

it("a session with a recording has one fee invoice for each of the two payments", async () => {
  mentor = await test.makeMentor({
    settings: { instant_confirm: true },
    services: [{ recording_price: 250 }],
  });
  const bought = await buy();
  const slots = await readSlots(student.call, mentor, { from: dateIn(mentor, 3) });
  const fields = { package_purchase_id: bought.id, add_recording: true, total_amount: 250 };
  const held = (await student.call("POST", "/bookings", bookingOf(mentor, slots[0]?.starts_at ?? "", fields)))
    .expect(201)
    .read(booking);
  (await student.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200);
  const [owed] = await rows<{ id: string }>("select id from payments where booking_id = $1", held.id);
  provider.pay(provider.orderOf(owed?.id ?? "").id);
  (await student.call("POST", `/bookings/${held.id}/payment/refresh`)).expect(200);
  await hold(held);
  await shift("update payments set due_at = now() where id = $1", owed?.id);
  await rows("select private.earn_payments($1, 10)", mentor.id);
  await settle();
  expect((await documents(mentor, "fee_invoice")).map(({ total }) => total)).toEqual([25, 133.33]);
});

describe("messages about a package", () => {
  it("go to the student with the receipt, and to the mentor", async () => {
    const bought = await buy();
    const [receipt] = await documents(student, "receipt");
    expect(await told(student)).toEqual([
      {
        kind: "payment_received",
        facts: expect.objectContaining({
          sessions: 3,
          amount: 4000,
          purchase_id: bought.id,
          document_id: receipt?.id,
        }),
      },
    ]);
    expect(await told(mentor)).toEqual([
      { kind: "package_sold", facts: expect.objectContaining({ counterpart: "Ravi Kumar", sessions: 3 }) },
    ]);
  });

  it("say that an attempt failed, that a second payment goes back, and what became of a refund", async () => {
    const bought = await begin();
    provider.fail(bought.orderId);
    await refresh(bought);
    await rows("update money_events set notify_at = now() where payment_id = $1", bought.paymentId);
    expect(await kindsTold(student)).toEqual(["payment_failed"]);
    provider.pay(bought.orderId);
    provider.pay(bought.orderId);
    await refresh(bought);
    expect((await kindsTold(student)).slice(1)).toEqual(["payment_received", "payment_twice", "refund_done"]);
    provider.refundsAtOnce = false;
    await rows("select private.refund_package($1, $2)", mentor.id, bought.id);
    expect((await kindsTold(student)).slice(4)).toEqual(["refund_requested"]);
    provider.settleRefunds("failed");
    await refresh(bought);
    expect((await kindsTold(student)).slice(5)).toEqual(["refund_failed"]);
  });

  it("say once, a week before, that sessions expire, unless there are none left", async () => {
    const bought = await buy();
    const spent = await buy({ sessions: 2, price: 3000 });
    await book(spent);
    await book(spent);
    await told(student);
    const soon = async ({ id }: BoughtPackage) => {
      await shift("update package_purchases set expires_at = now() + interval '7 days' where id = $1", id);
      await shift(
        `update money_events e set notify_at = g.expires_at - interval '7 days' from payments p, package_purchases g
         where p.id = e.payment_id and g.id = p.package_purchase_id and g.id = $1 and e.kind = 'expiring'`,
        id,
      );
    };
    const before = (await kindsTold(student)).length;
    await soon(bought);
    await soon(spent);
    const news = (await told(student)).slice(before);
    expect(news).toEqual([
      { kind: "package_expiring", facts: expect.objectContaining({ sessions: 3, purchase_id: bought.id }) },
    ]);
  });

  it("plan another reminder when a session that comes back postpones the expiry", async () => {
    const bought = await buy();
    const held = await book(bought);
    await shift(
      "update package_purchases set expires_at = now() + interval '1 day' where id = $1",
      bought.id,
    );
    (await cancel(mentor, held)).expect(200);
    const planned = await rows<{ is_right: boolean }>(
      `select e.notify_at = g.expires_at - interval '7 days' as is_right from money_events e
         join payments p on p.id = e.payment_id join package_purchases g on g.id = p.package_purchase_id
       where g.id = $1 and e.kind = 'expiring' order by e.id`,
      bought.id,
    );
    expect(planned).toEqual([{ is_right: false }, { is_right: true }]);
  });

  it("count its sessions in the mentor's daily sum", async () => {
    const bought = await buy();
    await hold(await book(bought));
    await settle();
    await rows(
      "update money_events set notify_at = now() where expert_id = $1 and kind = 'earned'",
      mentor.id,
    );
    expect((await told(mentor)).find(({ kind }) => kind === "earned")).toEqual({
      kind: "earned",
      facts: expect.objectContaining({ count: 1, amount: 1200 }),
    });
  });
});

it("the student's list of payments has packages, with their state", async () => {
  const begun = await begin();
  const bought = await buy({ sessions: 2, price: 3000 });
  await rows("select private.refund_package($1, $2)", mentor.id, bought.id);
  await run();
  const { data } = (await student.call("GET", "/payments")).expect(200).read(paymentPage);
  expect(data).toMatchObject([
    {
      booking_id: null,
      starts_at: null,
      package: { purchase_id: bought.id, sessions: 2 },
      payment_status: "refunded",
      awaits_payment: false,
      refunds: [{ amount: 3000, why: "unused", state: "done" }],
    },
    { package: { purchase_id: begun.id, sessions: 3 }, awaits_payment: true, duration: 60, price_lines: [] },
  ]);
});

it("its mentor sees how often a package was sold, and how many sessions are booked", async () => {
  const bought = await buy();
  await book(bought);
  const back = await book(bought);
  (await cancel(student, back)).expect(200);
  const { data } = (await mentor.call("GET", "/mentors/me/packages")).json as { data: unknown[] };
  expect(data).toMatchObject([{ sold: 1, sessions_sold: 3, sessions_booked: 1 }]);
});

describe("the mentor's earnings", () => {
  const paise = (amount: number) => Math.round(amount * 100);
  const sum = (lines: StatementLine[], of: (line: StatementLine) => number) =>
    lines.reduce((total, line) => total + paise(of(line)), 0);

  it("have what is booked, what is not, what is earned and what expired, and count nothing twice", async () => {
    const bought = await buy();
    const first = await book(bought);
    const second = await book(bought);
    const back = await book(bought);
    (await cancel(student, back)).expect(200);
    await hold(first);
    await settle();
    const lines = await readStatement();
    const net = (line: StatementLine | undefined) => line && [line.paid, line.fee, line.net, line.state];
    const lineOf = (id: string) => net(lines.find((line) => line.id === id));
    expect(lineOf(first.id)).toEqual([1333.33, 133.33, 1200, "earned"]);
    expect(lineOf(second.id)).toEqual([1333.33, 133.33, 1200, "held"]);
    expect(lineOf(back.id)).toBeUndefined();
    expect(lineOf(bought.id)).toEqual([1333.34, 133.33, 1200.01, "held"]);
    expect(sum(lines, ({ paid }) => paid)).toBe(400_000);
    expect(await readEarnings()).toMatchObject({
      balance: 1200,
      held: 1333.33,
      in_packages: 1333.34,
      in_packages_net: 1200.01,
    });
    expect((await readEarnings()).months.at(-1)).toMatchObject({ net: 1200, fee: 133.33 });
    await shift("update package_purchases set expires_at = now() where id = $1", bought.id);
    await settle();
    const after = await readStatement();
    expect(net(after.find(({ id }) => id === bought.id))).toEqual([1333.34, 133.33, 1200.01, "earned"]);
    expect((await readEarnings()).months.at(-1)).toMatchObject({ net: 2400.01, fee: 266.66 });
    const csv = await mentor.call("GET", "/mentors/me/earnings/statement.csv");
    expect(csv.text).toContain(`${mentor.services[0]?.title}: 3 sessions`);
  });

  it("pages through sessions and packages together", async () => {
    const bought = await buy();
    for (let place = 0; place < 3; place++) await book(bought);
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = cursor ? `?limit=1&cursor=${cursor}` : "?limit=1";
      const page: z.infer<typeof statementPage> = (
        await mentor.call("GET", `/mentors/me/earnings/statement${query}`)
      ).read(statementPage);
      seen.push(...page.data.map(({ id, state }) => (id === bought.id ? state : id)));
      cursor = page.next_cursor;
    }
    expect(seen.length).toBe(4);
    expect(new Set(seen).size).toBe(4);
    expect(seen.at(-1)).toBe("used");
  });
});

describe("a refund of a part", () => {
  async function refundByHand(bought: BoughtPackage, amount: number, left: number) {
    const admin = await makeAdministrator(test);
    const path = `/admin/payments/${mentor.id}/${bought.paymentId}/refunds`;
    const answer = await admin.call("POST", path, { amount, refundable: left, reason: "As agreed." });
    if (answer.status >= 300) throw new Error(answer.text);
    await run();
  }

  it("by hand takes away the sessions that it is worth, and those that are left can be booked", async () => {
    const bought = await buy();
    await refundByHand(bought, 1333.33, 4000);
    expect(await readPurchase(bought)).toMatchObject({
      sessions_left: 2,
      refunded: 1333.33,
      state: "active",
    });
    const made = [await book(bought), await book(bought)];
    (await ask(bought)).problem("package_not_usable");
    expect(await balances()).toMatchObject({ escrow: 266_667, credits_reserved: 2 });
    for (const one of made) (await cancel(student, one)).expect(200);
    expect(await balances()).toEqual({ package_money: 266_667, credits: 2 });
  });

  it("out of kindness takes none", async () => {
    const bought = await buy();
    await refundByHand(bought, 100, 4000);
    expect((await readPurchase(bought)).sessions_left).toBe(3);
    const made = [await book(bought), await book(bought), await book(bought)];
    expect(await balances()).toEqual({ escrow: 390_000, credits_reserved: 3 });
    for (const one of made) (await cancel(student, one)).expect(200);
  });

  it("twin: without that, the last booking would take money that is not there", async () => {
    await whileRewritten(
      test.db,
      ["private.reserve_credit", "share := money / credits;"],
      "share := case when credits = 1 then money else bought.price_minor / bought.sessions end;",
      async () => {
        const bought = await buy();
        await refundByHand(bought, 600, 4000);
        await book(bought);
        await book(bought);
        expect((await balances()).package_money).toBe(400_000 - 60_000 - 2 * 133_333);
        expect(400_000 - 60_000 - 2 * 133_333).toBeLessThan(133_333);
      },
    );
  });

  it("at the provider, of more than is left, comes from sessions that are not earned yet, then from the mentor and the fee", async () => {
    const bought = await buy();
    const first = await book(bought);
    const second = await book(bought);
    await hold(first);
    await settle();
    expect(await balances()).toMatchObject({ mentor: 120_000, escrow: 133_333, package_money: 133_334 });
    const { attempts } = provider.orderOf(bought.paymentId);
    attempts[0]?.refunds.push({
      id: "by_hand",
      reference: null,
      amount: { minor: 300_000, currency: "INR" } as never,
      state: "done",
    });
    await refresh(bought);
    // 33,333 are of the session that was earned: a tenth of it was our fee.
    expect(await balances()).toEqual({ credits_reserved: 1, mentor: 90_000 });
    expect(await documents(mentor, "fee_credit_note")).toMatchObject([
      { total: 33.33, booking_id: null, package: { sessions: 3 }, refund: { why: "provider" } },
    ]);
    expect(await readPurchase(bought)).toMatchObject({
      state: "refunded",
      sessions_left: 0,
      sessions_reserved: 1,
    });
    await hold(second);
    await settle();
    expect(await balances()).toEqual({ mentor: 90_000 });
    const lines = await readStatement();
    expect(lines.find(({ id }) => id === second.id)).toMatchObject({
      paid: 1333.33,
      refunded: 1333.33,
      net: 0,
    });
    expect(lines.find(({ id }) => id === bought.id)).toMatchObject({
      paid: 1333.34,
      refunded: 1666.67,
      net: -300,
      fee: -33.33,
    });
  });
});

describe("a dispute of a package", () => {
  it("keeps its sessions from being booked, earned or expired until it is decided", async () => {
    const bought = await buy();
    const held = await book(bought);
    await hold(held);
    await dispute(bought, "open");
    expect((await ask(bought)).problem("package_not_usable").detail).toBe(
      "The payment of this package is disputed. It can be used once that’s decided.",
    );
    expect(await readPurchase(bought)).toMatchObject({ disputed: true });
    await shift("update package_purchases set expires_at = now() where id = $1", bought.id);
    await settle();
    expect(await balances()).toEqual({
      credits: 2,
      credits_reserved: 1,
      escrow: 133_333,
      package_money: 266_667,
    });
    expect((await readStatement()).map(({ state }) => state)).toEqual(["paused", "paused"]);
    await dispute(bought, "won");
    await settle();
    expect(await balances()).toEqual({ mentor: 360_000 });
    expect(new Set(await kindsTold(mentor))).toEqual(
      new Set(["package_sold", "booking_booked", "dispute_opened", "dispute_won"]),
    );
  });

  it.each([
    [
      "private.credit_refusal",
      "when private.is_purchase_disputed(mentor, p.id) then 'disputed'",
      "when false then 'disputed'",
    ],
    ["private.settle_offers", "and not private.is_purchase_disputed(mentor, p.id) or", "or"],
  ])("twin: without its line in %s something moves", async (name, line, replacement) => {
    await whileRewritten(test.db, [name, line], replacement, async () => {
      const bought = await buy();
      await dispute(bought, "open");
      await ask(bought);
      await shift("update package_purchases set expires_at = now() where id = $1", bought.id);
      await settle();
      expect(await balances()).not.toEqual({ credits: 3, package_money: 400_000 });
    });
  });

  it("that is lost takes everything back", async () => {
    const bought = await buy();
    const held = await book(bought);
    await dispute(bought, "lost");
    await run();
    expect(await balances()).toEqual({ credits_reserved: 1 });
    expect(await readPurchase(bought)).toMatchObject({ state: "refunded", refunded: 4000, disputed: false });
    expect(await documents(student, "credit_note")).toMatchObject([
      { total: 4000, refund: { why: "dispute" } },
    ]);
    (await cancel(mentor, held)).expect(200);
    expect((await readPurchase(bought)).sessions_left).toBe(0);
    (await ask(bought)).problem("package_not_usable");
  });
});

describe("a session comes back to its package", () => {
  it("when the mentor did not come, and can be used for another thirty days", async () => {
    const bought = await buy();
    const held = await book(bought);
    await shift(
      "update bookings set starts_at = now() - interval '3 hours', ends_at = now() - interval '2 hours' where id = $1",
      held.id,
    );
    await shift(
      "update package_purchases set expires_at = now() + interval '1 day' where id = $1",
      bought.id,
    );
    (await student.call("POST", `/bookings/${held.id}/no-show`, { reason: "I waited." })).expect(200);
    (await mentor.call("POST", `/bookings/${held.id}/no-show/answer`, { answer: "agree" })).expect(200);
    await run();
    const after = await readPurchase(bought);
    expect(after).toMatchObject({ sessions_left: 3, state: "active" });
    expect(Date.parse(after.expires_at ?? "") - Date.now()).toBeGreaterThan(29 * 86_400_000);
  });

  it("when the student cancels in time, but not when it is too late for a full refund", async () => {
    const bought = await buy();
    (await cancel(student, await book(bought))).expect(200);
    expect((await readPurchase(bought)).sessions_left).toBe(3);
    const late = await book(bought);
    await shift(
      "update bookings set starts_at = now() + interval '5 hours', ends_at = now() + interval '6 hours' where id = $1",
      late.id,
    );
    (await cancel(student, late)).expect(200);
    expect(await readPurchase(bought)).toMatchObject({ sessions_left: 2, sessions_reserved: 0 });
  });
});

describe("when the account is deleted of", () => {
  async function leave({ id, call }: Person): Promise<void> {
    (await call("POST", "/me/delete", { confirmed: true, password })).expect(202);
    await goOnWithDeletion(test.db.database, id, async () => {}, { cancelled: 3, erased: 5, patience: 0 });
    await rows("select private.settle_offers(m, 100) from private.mentors_with_offers_to_settle(100) m");
    await run();
  }
  const stateOf = async ({ id }: BoughtPackage) => {
    const [found] = await rows<object>(
      `select g.state, p.state as payment, p.closed_because, p.refunded_minor from package_purchases g
         join payments p on p.package_purchase_id = g.id where g.id = $1`,
      id,
    );
    return found;
  };

  it.each(["student", "mentor"] as const)(
    "the %s, unused sessions are refunded, those of a cancelled session too",
    async (side) => {
      const bought = await buy();
      await book(bought);
      await leave(side === "student" ? student : mentor);
      expect(await stateOf(bought)).toMatchObject({ state: "refunded", refunded_minor: 400_000 });
      expect(await balances()).toEqual({});
    },
  );

  it.each(["student", "mentor"] as const)("the %s, what is paid afterwards goes back", async (side) => {
    const begun = await begin();
    await leave(side === "student" ? student : mentor);
    expect(await stateOf(begun)).toMatchObject({
      state: "lapsed",
      payment: "closed",
      closed_because: "cancelled",
    });
    provider.pay(begun.orderId);
    await rows("select private.enqueue_for_payment('sync_payment', $1, $2)", mentor.id, begun.paymentId);
    await run();
    expect(await stateOf(begun)).toMatchObject({ state: "lapsed", refunded_minor: 400_000 });
    expect(await balances()).toEqual({});
  });

  it("the student, what is paid at that very moment goes back", async () => {
    const begun = await begin();
    (await student.call("POST", "/me/delete", { confirmed: true, password })).expect(202);
    provider.pay(begun.orderId);
    await rows("select private.enqueue_for_payment('sync_payment', $1, $2)", mentor.id, begun.paymentId);
    await run();
    expect(await stateOf(begun)).toMatchObject({ refunded_minor: 400_000 });
    expect(await balances()).toEqual({});
  });
});
