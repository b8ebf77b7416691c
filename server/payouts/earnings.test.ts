import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import { earnings, type StatementLine, statementPage } from "#contract/earnings.ts";
import { payoutPage } from "#contract/payouts.ts";
import { makeAdministrator } from "../testing/administrator.ts";
import { bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { bookPaid, letEarn, readLedger } from "../testing/earnings.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import { buyPackage } from "../testing/packages.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let provider: TestProvider;
let student: Person;
let admin: Person;
beforeAll(async () => {
  provider = openTestProvider();
  // No round share of a price.
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_333 } } });
  [student] = (await test.signUpCrowd(1)) as [Person];
  admin = await makeAdministrator(test);
});
afterAll(() => test.close());

const rows = async <Row>(text: string, ...values: unknown[]) =>
  (await test.db.owner.query(text, values)).rows as Row[];
const paise = (amount: number) => Math.round(amount * 100);
const readEarnings = async (mentor: Mentor) =>
  (await mentor.call("GET", "/mentors/me/earnings")).expect(200).read(earnings);

async function readStatement(mentor: Mentor): Promise<StatementLine[]> {
  const lines: StatementLine[] = [];
  for (let cursor = ""; ; ) {
    const query = cursor ? `?limit=3&cursor=${cursor}` : "?limit=3";
    const page = (await mentor.call("GET", `/mentors/me/earnings/statement${query}`))
      .expect(200)
      .read(statementPage);
    lines.push(...page.data);
    if (!page.next_cursor) return lines;
    cursor = page.next_cursor;
  }
}

/** A mentor whose hour costs an odd number of paise. */
const makeMentor = (price = 333.33) =>
  test.makeMentor({
    settings: { instant_confirm: true },
    services: [{ durations: [{ minutes: 60, price }] }],
  });

const bank = { holder: "Asha Rao", account_number: "001234567890", ifsc: "HDFC0001234" };
let references = 0;

type Step =
  | { do: "pay" }
  | { do: "cancel"; by: "student" | "mentor"; which: number }
  | { do: "earn"; which: number }
  | { do: "refund"; which: number; share: number }
  | { do: "buy" }
  | { do: "use" }
  | { do: "expire" }
  | { do: "payOut"; result: "paid" | "failed" | "returned" | "none" };

const which = fc.nat(20);
const history = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Step>({ do: "pay" }) },
    fc.constant<Step>({ do: "buy" }),
    { weight: 2, arbitrary: fc.constant<Step>({ do: "use" }) },
    fc.constant<Step>({ do: "expire" }),
    fc.record({ do: fc.constant("cancel" as const), by: fc.constantFrom("student", "mentor"), which }),
    { weight: 3, arbitrary: fc.record({ do: fc.constant("earn" as const), which }) },
    fc.record({
      do: fc.constant("refund" as const),
      which,
      share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    }),
    fc.record({
      do: fc.constant("payOut" as const),
      result: fc.constantFrom("paid", "failed", "returned", "none"),
    }),
  ),
  { minLength: 4, maxLength: 14 },
) as fc.Arbitrary<Step[]>;

/** Three sessions for the price of two and a bit. */
const terms = { price: 701.23, valid_days: 30 };

async function spendCredit(mentor: Mentor, purchase: string | undefined): Promise<string[]> {
  if (purchase === undefined) return [];
  // As for paid sessions: one day has fewer times than a history may take.
  const [slot] = await readSlots(student.call, mentor, { from: dateIn(mentor, 3), to: dateIn(mentor, 9) });
  const fields = { package_purchase_id: purchase, total_amount: 0 };
  const answer = await student.call("POST", "/bookings", bookingOf(mentor, slot?.starts_at ?? "", fields));
  return answer.status === 201 ? [answer.read(booking).id] : [];
}

async function play(mentor: Mentor, steps: Step[]): Promise<void> {
  const sessions: string[] = [];
  const purchases: string[] = [];
  const earned = new Set<string>();
  for (const step of steps) {
    if (step.do === "pay") {
      sessions.push((await bookPaid(provider, student, mentor)).id);
      continue;
    }
    if (step.do === "buy") {
      purchases.push((await buyPackage(provider, student, mentor, terms)).id);
      continue;
    }
    if (step.do === "use") {
      sessions.push(...(await spendCredit(mentor, purchases.at(-1))));
      continue;
    }
    if (step.do === "expire") {
      await rows("update package_purchases set expires_at = now() where id = $1", purchases.at(-1));
      await rows("select private.settle_offers($1, 100)", mentor.id);
      continue;
    }
    if (step.do === "payOut") {
      const run = (await admin.call("POST", "/admin/payout-runs", { reason: "A test." })).expect(201)
        .json as { id: string };
      const file = await admin.call("POST", `/admin/payout-runs/${run.id}/file`);
      if (file.status !== 200 || step.result === "none") continue;
      const [, line = ""] = file.text.split("\r\n");
      const path = `/admin/payout-runs/${run.id}/payouts/${line.split(",")[0]}/result`;
      const reference = `UTR${String(++references).padStart(8, "0")}`;
      if (step.result !== "failed")
        (await admin.call("POST", path, { result: "paid", reference })).expect(200);
      if (step.result !== "paid")
        (await admin.call("POST", path, { result: step.result, reason: "Account closed." })).expect(200);
      continue;
    }
    const id = sessions[step.which % Math.max(sessions.length, 1)];
    if (id === undefined) continue;
    if (step.do === "cancel") {
      await (step.by === "mentor" ? mentor : student).call("POST", `/bookings/${id}/cancel`);
      await runJobs(test.db, { provider });
    } else if (step.do === "earn") {
      const { status } = (await student.call("GET", `/bookings/${id}`)).read(booking);
      if (status === "cancelled") continue;
      await letEarn(test, mentor, [id]);
      await rows("select private.settle_offers($1, 100)", mentor.id);
      earned.add(id);
    } else {
      await rows(
        `select private.lock_mentor(p.expert_id), private.request_refund(p.expert_id, p.id, p.accepted_attempt_id,
           ceil((a.captured_minor - a.refunded_minor) * $2::float8)::bigint, 'administrator')
         from payments p join payment_attempts a on a.id = p.accepted_attempt_id
         where p.booking_id = $1 and a.captured_minor > a.refunded_minor`,
        id,
        step.share,
      );
      await runJobs(test.db, { provider });
    }
  }
}

/** A part of the package's money was earned with its expiry before a session came back to it. */
const sessionBackAfterExpiry: Step[] = [
  { do: "buy" },
  { do: "use" },
  { do: "expire" },
  { do: "cancel", by: "student", which: 0 },
];

describe("what a mentor sees", () => {
  it("is the ledger to the paisa, whatever was paid, refunded, earned and paid out", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 10_001, max: 77_777 }), async (steps, price) => {
        const mentor = await makeMentor(price / 100);
        (await mentor.call("PUT", "/mentors/me/payout-account/bank", bank)).expect(200);
        await play(mentor, steps);
        const summary = await readEarnings(mentor);
        const lines = await readStatement(mentor);
        const { balances, faults } = await readLedger(test, mentor);
        const { data: payouts } = (await mentor.call("GET", "/mentors/me/payouts?limit=100"))
          .expect(200)
          .read(payoutPage);
        const sum = (of: (line: StatementLine) => number) =>
          lines.reduce((total, line) => total + paise(of(line)), 0);

        expect(faults).toEqual([]);
        expect(Object.values(balances).reduce((total, each) => total + each, 0)).toBe(0);
        expect(paise(summary.balance)).toBe(balances.mentor ?? 0);
        expect(paise(summary.held)).toBe(balances.escrow ?? 0);
        expect(paise(summary.in_packages)).toBe(balances.package_money ?? 0);
        expect(paise(summary.on_its_way)).toBe(balances.payouts_pending ?? 0);
        expect(paise(summary.paid_this_year)).toBe(balances.bank ?? 0);
        // The lines: what was paid is refunded, the platform's or the mentor's, but for our losses.
        const losses = -(balances.losses ?? 0);
        expect(sum(({ paid }) => paid) + losses).toBe(
          sum(({ refunded }) => refunded) + sum(({ fee }) => fee) + sum(({ net }) => net),
        );
        // What is released is in the balance, on its way, or paid out; of a package that expired, a session may have come back.
        const expected = paise(summary.held_net) + paise(summary.in_packages_net);
        const released = (balances.mentor ?? 0) + (balances.payouts_pending ?? 0) + (balances.bank ?? 0);
        expect(sum(({ net }) => net)).toBe(expected + released);
        expect(sum(({ fee }) => fee)).toBe(
          (balances.fees ?? 0) + paise(summary.held) + paise(summary.in_packages) - expected,
        );
        const among = (...states: string[]) =>
          payouts
            .filter(({ state }) => states.includes(state))
            .reduce((total, { amount, reversed }) => total + paise(amount) - paise(reversed), 0);
        expect(among("paid")).toBe(balances.bank ?? 0);
        expect(among("requested", "sent")).toBe(balances.payouts_pending ?? 0);
        expect(summary.months.reduce((total, { net }) => total + paise(net), 0)).toBe(released);
        expect(summary.months.reduce((total, { fee }) => total + paise(fee), 0)).toBe(balances.fees ?? 0);
        await rows("delete from private.payout_accounts where expert_id = $1", mentor.id);
      }),
      { numRuns: 15, examples: [[sessionBackAfterExpiry, 10_001]] },
    );
  });

  it("twin: a line that the statement leaves out is found", async () => {
    const mentor = await makeMentor();
    await letEarn(test, mentor, [(await bookPaid(provider, student, mentor)).id]);
    const [definition] = await rows<{ sql: string }>(
      "select pg_get_functiondef('private.booking_money'::regproc) as sql",
    );
    const net = async () => (await readStatement(mentor)).map((line) => paise(line.net));
    const { balance } = await readEarnings(mentor);
    expect(await net()).toEqual([paise(balance)]);
    await rows((definition?.sql ?? "").replace("in ('earned', 'package_earned')", "in ('nothing')"));
    expect(await net()).not.toEqual([paise(balance)]);
    await rows(definition?.sql ?? "");
  });

  it("tells until when money is held, and that a report holds it up", async () => {
    const mentor = await makeMentor(1000);
    const paid = await bookPaid(provider, student, mentor);
    const { releases, held, held_net } = await readEarnings(mentor);
    expect([held, held_net]).toEqual([1000, 866.7]);
    expect(releases).toMatchObject([{ booking_id: paid.id, held: 1000, net: 866.7, paused: false }]);
    const due = Date.parse(releases[0]?.due_at ?? "") - Date.parse(paid.starts_at);
    expect(due).toBe((60 + 72 * 60) * 60_000);
    await rows("set session_replication_role = replica");
    await rows(
      `insert into no_show_claims (booking_id, expert_id, claimed_by, answer_until)
       values ($1, $2, 'student', now() + interval '1 day')`,
      paid.id,
      mentor.id,
    );
    await rows("reset session_replication_role");
    expect((await readEarnings(mentor)).releases).toMatchObject([{ paused: true }]);
    expect(await readStatement(mentor)).toMatchObject([{ state: "paused", net: 866.7 }]);
  });

  it("is a file for spreadsheets, by days of the mentor's zone, in which no cell is a formula", async () => {
    const mentor = await makeMentor(1000);
    const paid = await bookPaid(provider, student, mentor);
    await rows(`update bookings set user_name = '=cmd|''/c calc''!A1' where id = $1`, paid.id);
    const path = "/mentors/me/earnings/statement.csv";
    const file = (await mentor.call("GET", path)).expect(200);
    expect(file.headers["content-disposition"]).toContain("attachment");
    const [, line = "", end] = file.text.split("\r\n");
    expect(line).toContain(`,"'=cmd|'/c calc'!A1",`.replaceAll('"', ""));
    expect(line).toContain("1000.00,0.00,133.30,866.70,INR,Held,");
    expect(end).toBe("");
    const day = new Date(Date.parse(paid.starts_at) + 5.5 * 3_600_000).toISOString().slice(0, 10);
    const linesIn = async (query: string) =>
      (await mentor.call("GET", `${path}?${query}`)).expect(200).text.split("\r\n").length - 2;
    expect(await linesIn(`from=${day}&until=${day}`)).toBe(1);
    expect(await linesIn(`until=2020-01-01`)).toBe(0);
    expect(await linesIn(`from=2099-01-01`)).toBe(0);
    (await mentor.call("GET", `${path}?from=2026-02-02&until=2026-02-01`)).problem("validation_failed");
    (await student.call("GET", path)).problem("not_a_mentor");
    (await test.visitor("GET", path)).problem("unauthenticated");
  });

  it("is earned although older payments of others, as many as are looked at, are held up", async () => {
    const [blocked, free] = [await makeMentor(), await makeMentor()];
    const due = async (mentor: Mentor, daysAgo: number) => {
      const { id } = await bookPaid(provider, student, mentor);
      await rows("set session_replication_role = replica");
      await rows("update bookings set status = 'completed' where id = $1", id);
      await rows(
        "update payments set due_at = now() - $2 * interval '1 day' where booking_id = $1",
        id,
        daysAgo,
      );
      await rows("reset session_replication_role");
      return id;
    };
    const dispute = (id: string, state: string | null) =>
      rows(
        `update payment_attempts a set dispute = $2 from payments p
         where p.booking_id = $1 and a.payment_id = p.id and a.expert_id = p.expert_id`,
        id,
        state,
      );
    const disputed = await due(blocked, 900);
    await due(free, 899);
    const next = async () =>
      (await rows<{ id: string }>("select private.mentors_with_due_earnings(1) as id")).map(({ id }) => id);
    await dispute(disputed, "open");
    expect(await next()).toEqual([free.id]);
    // The twin: without the dispute it is the other's turn.
    await dispute(disputed, null);
    expect(await next()).toEqual([blocked.id]);
    await dispute(disputed, "open");
    await runTask(test.db, "earn_payments", {}, { provider });
    expect((await readEarnings(free)).balance).toBeGreaterThan(0);
    expect((await readEarnings(blocked)).balance).toBe(0);
  });

  it("is the mentor's own: another mentor's is empty", async () => {
    const mentor = await makeMentor();
    await bookPaid(provider, student, mentor);
    const other = await makeMentor();
    expect(await readStatement(other)).toEqual([]);
    expect(await readEarnings(other)).toMatchObject({ held: 0, balance: 0, releases: [] });
  });
});
