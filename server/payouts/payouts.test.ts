import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { earnings } from "#contract/earnings.ts";
import {
  bankOutcomes,
  duePayouts,
  payoutAccount,
  payoutOutcome,
  payoutPage,
  payoutRuns,
  runPayouts,
  startedRun,
} from "#contract/payouts.ts";
import { makeAdministrator } from "../testing/administrator.ts";
import { bookPaid, letEarn, readLedger } from "../testing/earnings.ts";
import { runJobs } from "../testing/jobs.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import { letProofAge } from "../testing/twoFactor.ts";
import { fillRun } from "./runs.ts";

let test: TestApp;
let provider: TestProvider;
let student: Person;
let admin: Person;
let second: Person;
let mentor: Mentor;
beforeAll(async () => {
  provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  [student] = (await test.signUpCrowd(1)) as [Person];
  admin = await makeAdministrator(test);
  second = await makeAdministrator(test);
  await setApproval(1_000_000_000);
});
afterAll(() => test.close());
beforeEach(async () => {
  mentor = await test.makeMentor({ settings: { instant_confirm: true } });
});

const rows = async <Row>(text: string, ...values: unknown[]) =>
  (await test.db.owner.query(text, values)).rows as Row[];
const setApproval = (minor: number) => rows("select private.set_payout_settings($1)", minor);
const details = { holder: "Asha Rao", account_number: "001234567890", ifsc: "hdfc0001234" };
const setBank = (who: Mentor, given: Partial<typeof details> = {}) =>
  who.call("PUT", "/mentors/me/payout-account/bank", { ...details, ...given });

/** A mentor who has earned this session's price, less a tenth. */
async function earned(sessions = 1): Promise<string[]> {
  const ids: string[] = [];
  for (let count = 0; count < sessions; count++) ids.push((await bookPaid(provider, student, mentor)).id);
  await letEarn(test, mentor, ids);
  return ids;
}
const reason = "Payouts of the week.";
const startRun = async (who = admin) =>
  (await who.call("POST", "/admin/payout-runs", { reason })).expect(201).read(startedRun);
const payoutOf = async (run: { id: string }) => {
  const { data } = (await admin.call("GET", `/admin/payout-runs/${run.id}/payouts?limit=100`))
    .expect(200)
    .read(runPayouts);
  const own = data.find(({ mentor_id }) => mentor_id === mentor.id);
  if (!own) throw new Error("The mentor is not in the run.");
  return own;
};
const takeFile = (run: { id: string }, who = admin) => who.call("POST", `/admin/payout-runs/${run.id}/file`);
const approve = (run: { id: string }, who = admin, body: object = { reason }) =>
  who.call("POST", `/admin/payout-runs/${run.id}/approve`, body);
const result = (run: { id: string }, payout: { id: string }, body: object) =>
  admin.call("POST", `/admin/payout-runs/${run.id}/payouts/${payout.id}/result`, body);
const readEarnings = async () =>
  (await mentor.call("GET", "/mentors/me/earnings")).expect(200).read(earnings);
const readPayouts = async () =>
  (await mentor.call("GET", "/mentors/me/payouts")).expect(200).read(payoutPage).data;

async function sentPayout() {
  await earned();
  (await setBank(mentor)).expect(200);
  const run = await startRun();
  (await takeFile(run)).expect(200);
  return { run, payout: await payoutOf(run) };
}

describe("a payout through the bank", () => {
  it("is told to its mentor once the bank has made it, and if it sends it back: each once", async () => {
    const { run, payout } = await sentPayout();
    await runJobs(test.db, { provider });
    const told = () =>
      rows<{ kind: string; account: string; amount: number }>(
        `select kind, content -> 'facts' ->> 'account' as account, (content -> 'facts' -> 'amount')::integer as amount
         from private.deliveries where user_id = $1 and kind like 'payout_%' and kind <> 'payout_account_changed'
         order by created_at`,
        mentor.id,
      );
    expect(await told()).toEqual([]);
    const paid = { result: "paid", reference: "HDFCN52026119999" };
    for (let time = 0; time < 2; time++) (await result(run, payout, paid)).expect(200);
    await runJobs(test.db, { provider });
    expect(await told()).toEqual([{ kind: "payout_sent", account: "7890", amount: 1800 }]);
    await rows(
      "select private.enqueue('notify_payout', $1)",
      JSON.stringify({ mentor_id: mentor.id, payout_id: payout.id, state: "paid" }),
    );
    (await result(run, payout, { result: "returned", reason: "The account is closed" })).expect(200);
    await runJobs(test.db, { provider });
    expect((await told()).map(({ kind }) => kind)).toEqual(["payout_sent", "payout_failed"]);
  });

  it("is requested, sent with the file, and paid when the reference is entered", async () => {
    await earned(2);
    (await setBank(mentor)).expect(200);
    expect(await readEarnings()).toMatchObject({ balance: 3600, on_its_way: 0 });
    const run = await startRun();
    expect(await payoutOf(run)).toMatchObject({ amount: 3600, state: "requested", paid_to: "7890" });
    expect(await readEarnings()).toMatchObject({ balance: 0, on_its_way: 3600, paid_this_year: 0 });
    const file = (await takeFile(run)).expect(200);
    expect(file.headers["content-type"]).toContain("text/csv");
    expect(file.text).toContain(",Asha Rao,001234567890,HDFC0001234,3600.00,INR,MatePeak payout,");
    const payout = await payoutOf(run);
    expect(payout.state).toBe("sent");
    const paid = { result: "paid", reference: "HDFCN52026112901" };
    expect((await result(run, payout, paid)).expect(200).read(payoutOutcome).outcome).toBe("paid");
    expect(await readEarnings()).toMatchObject({ balance: 0, on_its_way: 0, paid_this_year: 3600 });
    expect(await readPayouts()).toMatchObject([
      { amount: 3600, state: "paid", reference: "HDFCN52026112901", paid_to: "7890" },
    ]);
    expect(await readLedger(test, mentor)).toEqual({
      balances: { provider: -400_000, fees: 40_000, bank: 360_000 },
      faults: [],
    });
    const log = await rows<{ action: string }>(
      "select action from private.admin_log where details ->> 'run_id' = $1 or details ->> 'payout_id' = $2 order by id",
      run.id,
      payout.id,
    );
    expect(log.map(({ action }) => action)).toEqual([
      "payout_run_started",
      "payout_run_viewed",
      "payout_file_taken",
      "payout_run_viewed",
      "payout_paid",
    ]);
  });

  it("that fails is back in the balance, and in the next run", async () => {
    const { run, payout } = await sentPayout();
    (await result(run, payout, { result: "failed", reason: "Account closed." })).expect(200);
    expect(await readEarnings()).toMatchObject({ balance: 1800, on_its_way: 0 });
    const next = await startRun();
    expect(await payoutOf(next)).toMatchObject({ amount: 1800, state: "requested" });
  });

  it("that the bank sends back later is back in the balance", async () => {
    const { run, payout } = await sentPayout();
    (await result(run, payout, { result: "paid", reference: "UTR000001" })).expect(200);
    (await result(run, payout, { result: "returned", reason: "Account closed." })).expect(200);
    expect(await readEarnings()).toMatchObject({ balance: 1800, paid_this_year: 0 });
    expect(await readLedger(test, mentor)).toMatchObject({ balances: { mentor: 180_000 }, faults: [] });
  });

  it("succeeds once: success, then failed, then success again has one effect", async () => {
    const { run, payout } = await sentPayout();
    const paid = { result: "paid", reference: "UTR000002" };
    (await result(run, payout, paid)).expect(200);
    (await result(run, payout, { result: "failed", reason: "Too late." })).problem("payout_settled");
    const again = (await result(run, payout, paid)).expect(200).read(payoutOutcome);
    expect(again.outcome).toBe("unchanged");
    expect(await readLedger(test, mentor)).toMatchObject({ balances: { bank: 180_000 }, faults: [] });
    (await result(run, payout, { result: "paid", reference: "UTR000003" })).problem("payout_settled");
  });

  it("all at once: twenty results of one payout have one effect", async () => {
    const { run, payout } = await sentPayout();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        result(
          run,
          payout,
          index % 2 ? { result: "paid", reference: "UTR000004" } : { result: "failed", reason: "?" },
        ),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    const { balances, faults } = await readLedger(test, mentor);
    expect([balances.bank ?? 0, balances.mentor ?? 0].sort()).toEqual([0, 180_000]);
    expect(faults).toEqual([]);
  });

  it("requested twice at once is requested once", async () => {
    await earned();
    (await setBank(mentor)).expect(200);
    const runs = await Promise.all([startRun(), startRun(second), startRun(), startRun(second)]);
    await Promise.all(runs.map(({ id }) => fillRun(test.db.database, id)));
    expect(await readPayouts()).toMatchObject([{ amount: 1800 }]);
    expect(await readLedger(test, mentor)).toMatchObject({
      balances: { payouts_pending: 180_000 },
      faults: [],
    });
  });

  it("twins: without the index there are two open ones; without the floor more than the balance; without the trigger back", async () => {
    const { payout } = await sentPayout();
    const { owner } = test.db;
    const again = `insert into payouts (expert_id, run_id, amount_minor, currency, method)
      select expert_id, private.uuid_v7(), amount_minor, currency, method from payouts where id = $1`;
    const back = "update payouts set state = 'requested', sent_at = null where id = $1";
    const more =
      "select private.transfer($1, 'payout_requested', $2, 'mentor', $1, 'payouts_pending', $2, 'INR', 1)";
    const guarded = async (statement: string, values: unknown[], constraint: string, removal: string) => {
      await owner.query("begin");
      await owner.query("savepoint guarded");
      await expect(owner.query(statement, values)).rejects.toMatchObject({ constraint });
      await owner.query("rollback to guarded");
      await owner.query(removal);
      await owner.query(statement, values);
      await owner.query("rollback");
    };
    await rows("set session_replication_role = default");
    await owner.query("alter table payouts drop constraint payouts_run_id_fkey");
    await guarded(again, [payout.id], "payouts_one_open", "drop index payouts_one_open");
    await owner.query(
      "alter table payouts add constraint payouts_run_id_fkey foreign key (run_id) references private.payout_runs (id)",
    );
    await guarded(back, [payout.id], "payouts_forward_only", "drop trigger payouts_10_keep on payouts");
    await guarded(
      more,
      [mentor.id, student.id],
      "ledger_accounts_never_below_zero",
      "alter table private.ledger_accounts drop constraint ledger_accounts_never_below_zero",
    );
  });

  it("interrupted while a run is filled is completed by the job, once", async () => {
    await earned();
    (await setBank(mentor)).expect(200);
    const other = await test.makeMentor({ settings: { instant_confirm: true } });
    const login = await rows<{ id: string }>("select id from auth.sessions where user_id = $1", admin.id);
    const run = await test.db.database.asSystem("a test", admin.id, async ({ client }) => {
      const { rows: started } = await client.query<{ id: string }>(
        "select private.start_payout_run($1, 'r', 'A test.') as id",
        [login[0]?.id],
      );
      return started[0]?.id ?? "";
    });
    // The process ends here; before it did, one mentor was added.
    await test.db.database.asSystem("a test", null, ({ client }) =>
      client.query("select private.request_run_payouts($1, $2)", [run, mentor.id]),
    );
    (await takeFile({ id: run })).problem("payout_run_closed");
    await rows("update graphile_worker._private_jobs set run_at = now()");
    await runJobs(test.db, { provider });
    expect(await payoutOf({ id: run })).toMatchObject({ amount: 1800 });
    expect(await fillRun(test.db.database, run)).toBe(0);
    expect(await readLedger(test, other)).toEqual({ balances: {}, faults: [] });
  });

  it("is not made for less than the least amount, without details, during a day after a change, or while suspended", async () => {
    const due = async () => {
      const { data } = (await admin.call("GET", "/admin/payouts?limit=100")).expect(200).read(duePayouts);
      return data.find(({ id }) => id === mentor.id);
    };
    await earned();
    expect(await due()).toMatchObject({ balance: 1800, bank: null, payable: false });
    (await setBank(mentor)).expect(200);
    expect(await due()).toMatchObject({ bank: "7890", payable: true });
    (await setBank(mentor, { account_number: "999988887777" })).expect(200);
    expect(await due()).toMatchObject({ bank: "7777", payable: false });
    await startRun();
    expect(await readPayouts()).toEqual([]);
    await rows("update private.payout_accounts set usable_from = now() where expert_id = $1", mentor.id);
    await rows("insert into private.closed_accounts (user_id, why) values ($1, 'suspended')", mentor.id);
    expect(await due()).toMatchObject({ suspended: true, payable: false });
    await startRun();
    await rows("delete from private.closed_accounts where user_id = $1", mentor.id);
    expect(await readPayouts()).toEqual([]);
    await rows(
      "update private.ledger_accounts set balance_minor = 9999 where owner_id = $1 and kind = 'mentor'",
      mentor.id,
    );
    expect(await due()).toMatchObject({ balance: 99.99, payable: false });
    await startRun();
    expect(await readPayouts()).toEqual([]);
  });

  it("whose details were changed before the file was taken goes back to the balance", async () => {
    await earned();
    (await setBank(mentor)).expect(200);
    const run = await startRun();
    (await setBank(mentor, { account_number: "999988887777" })).expect(200);
    await takeFile(run);
    await runJobs(test.db, { provider });
    expect(await payoutOf(run)).toMatchObject({ state: "failed", failure: "not_sent" });
    expect(await readEarnings()).toMatchObject({ balance: 1800, on_its_way: 0 });
  });

  it("is settled by the bank's file, line by line, and the same file again changes nothing", async () => {
    const { run, payout } = await sentPayout();
    const csv = `payout_id,result,reference,reason\r\n${payout.id},PAID,"UTR000005",\r\n${payout.id},,,\r\nnonsense,paid,UTR000006,\r\n`;
    const send = async (given = csv) =>
      (await admin.call("POST", `/admin/payout-runs/${run.id}/results`, { csv: given }))
        .expect(200)
        .read(bankOutcomes).data;
    expect(await send()).toMatchObject([
      { line: 2, outcome: "paid" },
      { line: 4, outcome: "rejected" },
    ]);
    expect(await send()).toMatchObject([{ outcome: "unchanged" }, { outcome: "rejected" }]);
    // A line that the database refuses does not stop the others.
    const late = `payout_id,result,reference,reason\r\n${payout.id},failed,,Closed\r\n${payout.id},paid,UTR000005,\r\n`;
    expect(await send(late)).toMatchObject([
      { outcome: "rejected", problem: expect.stringMatching(/^This payout can no longer be changed/) },
      { outcome: "unchanged" },
    ]);
    const bad = await admin.call("POST", `/admin/payout-runs/${run.id}/results`, { csv: "a,b\n1,2\n" });
    expect(bad.problem("validation_failed").errors?.[0]?.field).toBe("csv");
  });

  it("of a run that is cancelled goes back to the balance", async () => {
    await earned();
    (await setBank(mentor)).expect(200);
    const run = await startRun();
    (await admin.call("POST", `/admin/payout-runs/${run.id}/cancel`, { reason: "A mistake." })).expect(204);
    await runJobs(test.db, { provider });
    expect(await readEarnings()).toMatchObject({ balance: 1800 });
    (await takeFile(run)).problem("payout_run_closed");
  });

  it("is not seen by others: mentors see their own, and the console is for administrators", async () => {
    const { run, payout } = await sentPayout();
    const other = await test.makeMentor();
    expect((await other.call("GET", "/mentors/me/payouts")).read(payoutPage).data).toEqual([]);
    for (const path of ["/admin/payouts", "/admin/payout-runs", `/admin/payout-runs/${run.id}/payouts`])
      (await mentor.call("GET", path)).problem("not_found");
    for (const [path, body] of [
      ["/admin/payout-runs", { reason }],
      [`/admin/payout-runs/${run.id}/file`, undefined],
      [`/admin/payout-runs/${run.id}/approve`, { reason }],
      [`/admin/payout-runs/${run.id}/payouts/${payout.id}/result`, { result: "failed", reason: "x" }],
    ] as const)
      (await mentor.call("POST", path, body)).problem("not_found");
    (await student.call("GET", "/mentors/me/earnings")).problem("not_a_mentor");
  });
});

describe("administrators", () => {
  it("say why they start and approve a run, and the log keeps it", async () => {
    await setApproval(50_000);
    await earned();
    (await setBank(mentor)).expect(200);
    for (const body of [undefined, {}, { reason: " " }])
      (await admin.call("POST", "/admin/payout-runs", body)).problem("validation_failed");
    const run = await startRun();
    (await approve(run, second, {})).problem("validation_failed");
    (await takeFile(run)).problem("payout_approval_required");
    (await approve(run, second, { reason: "I have compared the sums." })).expect(204);
    const logged = await rows<{ action: string; reason: string }>(
      `select action, reason from private.admin_log where details ->> 'run_id' = $1
         and action in ('payout_run_started', 'payout_run_approved') order by id`,
      run.id,
    );
    expect(logged).toEqual([
      { action: "payout_run_started", reason },
      { action: "payout_run_approved", reason: "I have compared the sums." },
    ]);
    await setApproval(1_000_000_000);
  });

  it("cannot do either without a reason, whatever the app lets through", async () => {
    const [login] = await rows<{ id: string }>("select id from auth.sessions where user_id = $1", admin.id);
    for (const call of ["start_payout_run($1, 'r', null)", "approve_payout_run($1, 'r', $1, null)"])
      await expect(
        test.db.database.asSystem("an attack", admin.id, ({ client }) =>
          client.query(`select private.${call}`, [login?.id]),
        ),
      ).rejects.toMatchObject({ constraint: "admin_log_reason_length" });
  });

  it("prove who they are before they take a file with account numbers, and before they approve", async () => {
    await setApproval(50_000);
    await earned();
    (await setBank(mentor)).expect(200);
    const run = await startRun();
    await letProofAge(test, second);
    (await approve(run, second)).problem("proof_required");
    (await takeFile(run, second)).problem("proof_required");
    const state = () =>
      rows("select approved_at, exported_at from private.payout_runs where id = $1", run.id);
    expect(await state()).toEqual([{ approved_at: null, exported_at: null }]);
    // The twin: with the proof both are done.
    await rows("update auth.sessions set proved_at = now() where user_id = $1", second.id);
    (await approve(run, second)).expect(204);
    expect((await takeFile(run, second)).expect(200).text).toContain(details.account_number);
    await setApproval(1_000_000_000);
  });
});

describe("a large run", () => {
  it("needs another administrator's approval before its file", async () => {
    await setApproval(50_000);
    await earned();
    (await setBank(mentor)).expect(200);
    const run = await startRun();
    (await takeFile(run)).problem("payout_approval_required");
    const listed = (await admin.call("GET", "/admin/payout-runs")).expect(200).read(payoutRuns).data;
    expect(listed.find(({ id }) => id === run.id)).toMatchObject({ needs_approval: true });
    (await approve(run)).problem("payout_approval_required");
    const payout = await payoutOf(run);
    (await result(run, payout, { result: "paid", reference: "UTR000007" })).problem("payout_settled");
    (await approve(run, second)).expect(204);
    (await approve(run, second)).problem("payout_run_closed");
    (await takeFile(run)).expect(200);
    await setApproval(1_000_000_000);
  });

  it("needs none while there is only one administrator, or it is small", async () => {
    await setApproval(50_000);
    await rows("delete from private.administrators where user_id = $1", second.id);
    await earned();
    (await setBank(mentor)).expect(200);
    const run = await startRun();
    (await takeFile(run)).expect(200);
    await rows("insert into private.administrators (user_id) values ($1)", second.id);
    await setApproval(1_000_000_000);
  });
});

describe("bank details", () => {
  const read = async () =>
    (await mentor.call("GET", "/mentors/me/payout-account")).expect(200).read(payoutAccount);

  it("are encrypted, shown by four digits, and a change is mailed", async () => {
    expect(await read()).toMatchObject({ bank: null, linked: null, can_link: false, usable_from: null });
    expect((await setBank(mentor)).expect(200).read(payoutAccount)).toMatchObject({ bank: "7890" });
    const [stored] = await rows<{ text: string }>(
      "select row_to_json(a)::text || encode(a.bank_sealed, 'escape') as text from private.payout_accounts a where expert_id = $1",
      mentor.id,
    );
    for (const secret of ["Asha", "001234567890", "HDFC"]) expect(stored?.text).not.toContain(secret);
    const mails = await rows<{ facts: unknown }>(
      "select content -> 'facts' as facts from private.deliveries where user_id = $1 and kind = 'payout_account_changed'",
      mentor.id,
    );
    expect(mails).toEqual([{ facts: { change: "set", account: "7890" } }]);
    (await mentor.call("DELETE", "/mentors/me/payout-account/bank")).expect(200);
    expect(await read()).toMatchObject({ bank: null, usable_from: null });
  });

  it("need a fresh proof of who it is, and a mentor", async () => {
    await letProofAge(test, mentor);
    (await setBank(mentor)).problem("proof_required");
    (await mentor.call("DELETE", "/mentors/me/payout-account/bank")).problem("proof_required");
    (await student.call("PUT", "/mentors/me/payout-account/bank", details)).problem("not_a_mentor");
  });

  it.each([
    ["holder", "=HYPERLINK(1)"],
    ["holder", ""],
    ["account_number", "12345678"],
    ["account_number", "12345678901234567890"],
    ["ifsc", "HDFC1001234"],
  ])("are rejected with %s %j", async (field, value) => {
    const problem = (await setBank(mentor, { [field]: value })).problem("validation_failed");
    expect(problem.errors?.[0]?.field).toBe(field);
  });

  it("of one mentor do not open as another's", async () => {
    const { run } = await sentPayout();
    await rows(
      `update private.payout_accounts set bank_sealed = (
         select bank_sealed from private.payout_accounts where expert_id <> $1 and bank_sealed is not null limit 1)
       where expert_id = $1`,
      mentor.id,
    );
    expect((await takeFile(run)).status).toBe(500);
  });

  it("cannot name an account at a provider that makes no transfers", async () => {
    const body = { account: "acc_ABC123456" };
    (await mentor.call("PUT", "/mentors/me/payout-account/linked", body)).problem("cannot_link");
  });
});
