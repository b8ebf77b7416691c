import type { TaskList } from "graphile-worker";
import type { Finding } from "#contract/reconciliation.ts";
import { paymentWindows } from "#rules/paymentWindows.ts";
import { addMs, type EpochMs } from "#scheduling/units.ts";
import type { PaymentKey } from "../payments/paymentKey.ts";
import type { PaymentProvider, ProviderOrder, SettledAttempt } from "../payments/provider.ts";
import { describeOrder, settlePayment } from "../payments/settle.ts";
import type { Database } from "../platform/database/database.ts";
import type { Dependencies } from "../platform/http/route.ts";

const minute = 60_000;
/** The days of two checks overlap, so that one which failed leaves no gap. */
const rangeMs = 3 * 24 * 60 * minute;
/** A payment at the edges of the time may be listed or not. */
const edgeMs = 60 * minute;
/** When a check that failed is repeated, minutes. */
const repeatAfter = 30;
/** Of which payments are looked at that were not paid out: the days of checks overlap here too. */
const settlementMs = paymentWindows.settlement * minute;
const mostUnsettled = 1_000;
const mostFindings = 100;
const ordersPerPage = 200;
const reason = "what a provider says concerns both parties";

/** Compares payments with the provider's own list, daily and on demand. */
export function reconciliationTasks(
  { database, now }: Pick<Dependencies, "database" | "now">,
  provider: PaymentProvider | null,
): TaskList {
  return {
    reconcile_payments: async () => {
      if (provider) await reconcile({ database, provider, now });
    },
  };
}

interface Reconciling {
  database: Database;
  provider: PaymentProvider;
  now: () => EpochMs;
}

interface Key {
  mentor_id: string;
  payment_id: string;
}

interface Comparison extends Key {
  faults: Finding["kind"][];
}

/** What the check has found so far. */
class Findings {
  readonly shown: Finding[] = [];
  putRight = 0;
  differing = 0;

  add(finding: Finding): void {
    if (finding.put_right) this.putRight++;
    else this.differing++;
    if (this.shown.length < mostFindings) this.shown.push(finding);
  }
}

async function reconcile({ database, provider, now }: Reconciling): Promise<void> {
  const to = now();
  const from = addMs(to, -rangeMs);
  const id = await begin();
  const findings = new Findings();
  const seen = new Set<string>();
  try {
    for await (const order of provider.listOrders({ from, to })) {
      seen.add(order.id);
      await check(order);
    }
    for await (const orderId of ownCapturedOrders()) if (!seen.has(orderId)) await checkUnlisted(orderId);
    // As far back as is judged below: what was paid out meanwhile is no trouble.
    for await (const settled of provider.listSettlements({ from: addMs(from, -settlementMs), to }))
      await checkSettled(settled);
    await findUnsettled();
  } catch (error) {
    // Recorded and shown; the next try is the same check.
    await end(error instanceof Error ? error.message || error.name : String(error));
    await database.asSystem(reason, null, ({ client }) =>
      client.query("select private.enqueue($1, $2, $1, now() + make_interval(mins => $3))", [
        "reconcile_payments",
        "{}",
        repeatAfter,
      ]),
    );
    return;
  }
  await end(null);

  async function begin(): Promise<string> {
    const { rows } = await database.commands.query<{ id: string }>(
      "select private.begin_reconciliation($1, $2, $3) as id",
      [provider.name, new Date(from), new Date(to)],
    );
    return rows[0]?.id ?? "";
  }

  async function end(failure: string | null): Promise<void> {
    const { putRight, differing, shown } = findings;
    await database.commands.query("select private.end_reconciliation($1, $2, $3, $4, $5, $6)", [
      id,
      seen.size,
      JSON.stringify(shown),
      putRight,
      differing,
      failure,
    ]);
  }

  async function compare(order: ProviderOrder): Promise<Comparison | undefined> {
    const { rows } = await database.commands.query<Comparison>({
      name: "compare_order",
      text: "select * from private.compare_order($1, $2)",
      values: [provider.name, describeOrder(order)],
    });
    return rows[0];
  }

  async function check(listed: ProviderOrder): Promise<void> {
    const found = await compare(listed);
    if (!found) {
      // An order without any attempt may be what is left of a call that was cut off.
      if (listed.attempts.some(({ state }) => state === "captured" || state === "authorized"))
        findings.add(strange(listed.id, "unknown_order"));
      return;
    }
    if (found.faults.length === 0) return;
    // The list may be older than what we know, so the order itself is asked for.
    const fetched = await provider.fetchOrder(listed.id);
    if (fetched.kind === "done") await putRight(fetched.value, found);
    else findings.add({ ...about(listed.id, found), kind: "unclear", put_right: false });
  }

  /** Applies the provider's answer; what differs then needs a person. */
  async function putRight(order: ProviderOrder, before: Comparison): Promise<void> {
    const key: PaymentKey = { mentorId: before.mentor_id, paymentId: before.payment_id };
    await settlePayment({ database }, key, order);
    const [left] = (await compare(order))?.faults ?? [];
    const [was] = before.faults;
    if (left) {
      await database.asSystem(reason, null, ({ last }) =>
        last.client.query("select private.note_difference($1, $2)", [key.mentorId, key.paymentId]),
      );
      findings.add({ ...about(order.id, before), kind: left, put_right: false });
    } else if (was) findings.add({ ...about(order.id, before), kind: was, put_right: true });
  }

  /** Orders that were paid in this time by our own records. */
  async function* ownCapturedOrders(): AsyncIterable<string> {
    let after: { created_at: Date; attempt_id: string } | undefined;
    for (;;) {
      const { rows } = await database.commands.query<{
        order_id: string;
        created_at: Date;
        attempt_id: string;
      }>("select * from private.captured_orders($1, $2, $3, $4, $5, $6)", [
        provider.name,
        new Date(addMs(from, edgeMs)),
        new Date(addMs(to, -edgeMs)),
        after?.created_at ?? null,
        after?.attempt_id ?? null,
        ordersPerPage,
      ]);
      for (const { order_id } of rows) yield order_id;
      after = rows.at(-1);
      if (!after || rows.length < ordersPerPage) return;
    }
  }

  async function checkSettled(settled: SettledAttempt): Promise<void> {
    const { orderId, attemptId, settlementId, settledAt, amount, fee } = settled;
    const { rows } = await database.asSystem(reason, null, ({ last }) =>
      last.client.query<Comparison>({
        name: "note_settlement",
        text: "select * from private.note_settlement($1, $2, $3, $4, $5, $6, $7, $8)",
        values: [
          provider.name,
          orderId,
          attemptId,
          settlementId,
          new Date(settledAt),
          amount.minor,
          amount.currency,
          fee.minor,
        ],
      }),
    );
    for (const found of rows)
      for (const kind of found.faults) findings.add({ ...about(orderId, found), kind, put_right: false });
  }

  async function findUnsettled(): Promise<void> {
    const { rows } = await database.commands.query<Key & { order_id: string }>(
      "select * from private.unsettled_orders($1, $2, $3, $4)",
      [
        provider.name,
        new Date(addMs(from, -settlementMs)),
        new Date(addMs(to, -settlementMs)),
        mostUnsettled,
      ],
    );
    for (const found of rows) {
      await database.asSystem(reason, null, ({ last }) =>
        last.client.query("select private.note_unsettled($1, $2)", [found.mentor_id, found.payment_id]),
      );
      findings.add({ ...about(found.order_id, found), kind: "not_settled", put_right: false });
    }
  }

  async function checkUnlisted(orderId: string): Promise<void> {
    const fetched = await provider.fetchOrder(orderId);
    if (fetched.kind === "done") return check(fetched.value);
    findings.add(strange(orderId, fetched.kind === "refused" ? "missing_order" : "unclear"));
  }
}

const about = (order_id: string, { mentor_id, payment_id }: Key) => ({
  order_id,
  mentor_id,
  payment_id,
});

const strange = (order_id: string, kind: "unknown_order" | "missing_order" | "unclear"): Finding => ({
  kind,
  order_id,
  mentor_id: null,
  payment_id: null,
  put_right: false,
});
