import { z } from "zod";
import { moneyOfMinor } from "#rules/money.ts";
import { fromDate } from "#scheduling/units.ts";
import { sandboxFailures } from "#words/sandbox.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Outcome, PaymentProvider, ProviderTransfer, SettledAttempt } from "../provider.ts";
import {
  type payMethods,
  presentOrder,
  type StoredOrder,
  storedOrder,
  type WebhookManner,
} from "./sandboxOrders.ts";
import { type SandboxWebhooks, sandboxWebhooks } from "./webhooks.ts";

export interface SandboxOptions {
  database: Database;
  /** The accounts' secret, from which that of the webhooks is derived. */
  secret: string;
  /** Where webhooks are sent. */
  publicUrl: string;
  /** How long a refund is under way, s; 0: it is done when it is made. */
  refundSeconds?: number;
}

/** What a payer does. `manner`: how the app is told of this order from now on; null leaves it. */
export interface SandboxPayer {
  find(orderId: string): Promise<StoredOrder | null>;
  /**
   * @param options.times how often at once; 1 if left out
   * @param options.tooLate also if the order is closed
   * @param options.afterSeconds the attempt begins now, and succeeds later
   */
  pay(
    orderId: string,
    options?: {
      method?: (typeof payMethods)[number];
      times?: number;
      tooLate?: boolean;
      afterSeconds?: number;
      manner?: WebhookManner | null;
    },
  ): Promise<Outcome<StoredOrder>>;
  fail(orderId: string, manner?: WebhookManner | null): Promise<Outcome<StoredOrder>>;
  /** Disputes a payment, or decides the dispute. */
  dispute(
    orderId: string,
    verdict: "open" | "won" | "lost",
    manner?: WebhookManner | null,
  ): Promise<Outcome<StoredOrder>>;
  /** Whether refunds of this order fail from now on. */
  setRefunds(orderId: string, doFail: boolean): Promise<Outcome<StoredOrder>>;
}

/** The sandbox: a payment provider that moves no money, with its payers and its own jobs. */
export interface Sandbox extends PaymentProvider {
  readonly name: "sandbox";
  readonly payer: SandboxPayer;
  readonly webhooks: SandboxWebhooks;
  /** An attempt that was under way succeeds. */
  finishPayment(attemptId: string): Promise<void>;
  /** A refund that was under way is done, or fails if the payer wants it so. */
  finishRefund(refundId: string): Promise<void>;
}

/** Whether a provider is this one: only then its page and its jobs exist. */
export function isSandbox(provider: PaymentProvider | null): provider is Sandbox {
  return provider?.name === "sandbox" && "payer" in provider;
}

const reason = "the sandbox is another company: it knows none of our people";
/** How long a refund is under way: long enough to be seen. */
const defaultRefundSeconds = 3;
const ordersPerPage = 100;

const refusal = z.object({ refused: z.string() });
const transferState = z.object({
  id: z.string(),
  state: z.enum(["done", "reversed"]),
  amount_minor: z.int(),
  currency: z.string(),
});
const reversal = z.object({ id: z.string() });

/** Opens the sandbox on its own tables. Makes no call. */
export function openSandbox({
  database,
  secret,
  publicUrl,
  refundSeconds = defaultRefundSeconds,
}: SandboxOptions): Sandbox {
  const webhooks = sandboxWebhooks(secret, publicUrl);

  async function ask<T>(shape: z.ZodType<T>, call: string, values: unknown[]): Promise<Outcome<T>> {
    try {
      const { rows } = await database.asSystem(reason, null, ({ last }) =>
        last.client.query<{ answer: unknown }>(`select private.${call} as answer`, values),
      );
      return outcomeOf(shape, rows[0]?.answer ?? { refused: "not_found" });
    } catch (error) {
      // As with any provider: without an answer it is not known what was done.
      return { kind: "unknown", message: (error as Error).message };
    }
  }
  const askForOrder = (call: string, ...values: unknown[]) => ask(storedOrder, call, values);

  const payer: SandboxPayer = {
    async find(orderId) {
      const { rows } = await database.commands.query<{ found: unknown }>({
        name: "sandbox_order",
        text: "select private.sandbox_order($1) as found",
        values: [orderId],
      });
      return storedOrder.nullable().parse(rows[0]?.found ?? null);
    },
    pay: (orderId, { method = "upi", times = 1, tooLate = false, afterSeconds, manner = null } = {}) =>
      askForOrder(
        "sandbox_pay($1, $2, $3, $4, $5, $6)",
        orderId,
        method,
        times,
        tooLate,
        manner,
        afterSeconds ?? null,
      ),
    fail: (orderId, manner = null) =>
      askForOrder(
        "sandbox_fail($1, $2, $3, $4, $5)",
        orderId,
        "upi",
        "payment_declined",
        sandboxFailures.declined,
        manner,
      ),
    dispute: (orderId, verdict, manner = null) =>
      askForOrder("sandbox_dispute($1, $2, $3)", orderId, verdict, manner),
    setRefunds: (orderId, doFail) => askForOrder("sandbox_set_refunds($1, $2)", orderId, doFail),
  };

  return {
    name: "sandbox",
    payer,
    webhooks,
    createOrder: async ({ paymentId, amount, capture, description }) =>
      map(
        await askForOrder(
          "sandbox_create_order($1, $2, $3, $4, $5)",
          paymentId,
          amount.minor,
          amount.currency,
          capture,
          description,
        ),
        presentOrder,
      ),
    fetchOrder: async (orderId) => map(await askForOrder("sandbox_order($1)", orderId), presentOrder),
    checkout: async (orderId) => ({
      kind: "done",
      value: { provider: "sandbox", url: `/sandbox-checkout/${orderId}` },
    }),
    closeOrder: async (orderId) => map(await askForOrder("sandbox_close_order($1)", orderId), () => null),
    capture: async ({ orderId, attemptId, amount }) =>
      map(
        await askForOrder(
          "sandbox_capture($1, $2, $3, $4)",
          orderId,
          attemptId,
          amount.minor,
          amount.currency,
        ),
        () => null,
      ),
    release: async ({ orderId, attemptId, amount }) =>
      map(
        await askForOrder(
          "sandbox_release($1, $2, $3, $4)",
          orderId,
          attemptId,
          amount.minor,
          amount.currency,
        ),
        () => null,
      ),
    async refund({ refundId, attemptId, amount }) {
      const answer = await askForOrder(
        "sandbox_refund($1, $2, $3, $4, $5)",
        attemptId,
        refundId,
        amount.minor,
        amount.currency,
        refundSeconds,
      );
      return map(answer, (order) => {
        const refunds = presentOrder(order).attempts.flatMap(({ refunds }) => refunds);
        const made = refunds.find(({ reference }) => reference === refundId);
        if (!made) throw new Error("The sandbox has not kept a refund.");
        return made;
      });
    },
    async *listOrders({ from, to }) {
      let after: { at: string | null; id: string | null } = { at: null, id: null };
      for (;;) {
        const { rows } = await database.asSystem(reason, null, ({ last }) =>
          last.client.query<{ id: string; changed_at: string; contents: unknown }>(
            "select * from private.sandbox_changed_orders($1, $2, $3, $4, $5)",
            [new Date(from), new Date(to), after.at, after.id, ordersPerPage],
          ),
        );
        for (const { contents } of rows) yield presentOrder(storedOrder.parse(contents));
        const end = rows.at(-1);
        if (!end || rows.length < ordersPerPage) return;
        after = { at: end.changed_at, id: end.id };
      }
    },
    async *listSettlements({ from, to }) {
      let after: string | null = null;
      for (;;) {
        const { rows } = await database.asSystem(reason, null, ({ last }) =>
          last.client.query<SettlementRow>("select * from private.sandbox_settlements($1, $2, $3, $4)", [
            new Date(from),
            new Date(to),
            after,
            ordersPerPage,
          ]),
        );
        yield* rows.map(presentSettlement);
        after = rows.at(-1)?.attempt_id ?? null;
        if (rows.length < ordersPerPage) return;
      }
    },
    readWebhook: webhooks.read,
    transfers: {
      transfer: async ({ payoutId, attemptId, account, amount }) =>
        map(
          await ask(transferState, "sandbox_transfer($1, $2, $3, $4, $5)", [
            attemptId,
            payoutId,
            account,
            amount.minor,
            amount.currency,
          ]),
          presentTransfer,
        ),
      fetchTransfer: async (id) =>
        map(await ask(transferState, "sandbox_transfer_state($1)", [id]), presentTransfer),
      reverse: ({ reversalId, transferId, amount }) =>
        ask(reversal, "sandbox_reverse($1, $2, $3, $4)", [
          transferId,
          reversalId,
          amount.minor,
          amount.currency,
        ]),
    },
    async finishPayment(attemptId) {
      requireAnswer(await askForOrder("sandbox_finish_payment($1)", attemptId));
    },
    async finishRefund(refundId) {
      requireAnswer(await askForOrder("sandbox_finish_refund($1)", refundId));
    },
  };
}

/** Of private.sandbox_settlements(). */
interface SettlementRow {
  order_id: string;
  attempt_id: string;
  settlement_id: string;
  settled_at: Date;
  amount_minor: number;
  fee_minor: number;
  currency: string;
}

function presentSettlement(row: SettlementRow): SettledAttempt {
  return {
    orderId: row.order_id,
    attemptId: row.attempt_id,
    settlementId: row.settlement_id,
    settledAt: fromDate(row.settled_at),
    amount: moneyOfMinor(row.amount_minor, row.currency),
    fee: moneyOfMinor(row.fee_minor, row.currency),
  };
}

function presentTransfer({ id, state, amount_minor, currency }: z.infer<typeof transferState>) {
  return { id, state, amount: moneyOfMinor(amount_minor, currency) } satisfies ProviderTransfer;
}

/** @throws Error unless it is known how the call ended */
function requireAnswer(outcome: Outcome<unknown>): void {
  if (outcome.kind === "unknown") throw new Error(outcome.message);
}

function outcomeOf<T>(shape: z.ZodType<T>, answer: unknown): Outcome<T> {
  const refused = refusal.safeParse(answer);
  if (!refused.success) return { kind: "done", value: shape.parse(answer) };
  const { refused: code } = refused.data;
  return { kind: "refused", code, message: sandboxFailures.refused(code) };
}

function map<T, U>(outcome: Outcome<T>, present: (value: T) => U): Outcome<U> {
  return outcome.kind === "done" ? { kind: "done", value: present(outcome.value) } : outcome;
}
