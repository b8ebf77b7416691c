import type { TaskList } from "graphile-worker";
import { z } from "zod";
import { moneyOfMinor } from "#rules/money.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { inMentorSlices, sliceSizes } from "../platform/queue/slices.ts";
import type { PaymentKey } from "./paymentKey.ts";
import type { PaymentProvider, ProviderRefund } from "./provider.ts";
import { reverseTransfers } from "./reverseTransfers.ts";
import { ProviderUnclear, readPaymentFacts, requireProvider, syncPayment } from "./settle.ts";

const paymentPayload = z
  .object({ mentor_id: z.uuid(), payment_id: z.uuid() })
  .transform(({ mentor_id, payment_id }): PaymentKey => ({ mentorId: mentor_id, paymentId: payment_id }));
const refundPayload = z.object({ mentor_id: z.uuid(), refund_id: z.uuid() });
const bookingPayload = z.object({ mentor_id: z.uuid(), booking_id: z.uuid() });

const reason = "money concerns both parties";
/** How many payments are asked about at a time, and in one run. */
const lanes = 4;
const mostPolls = 200;

interface RefundFacts {
  state: "requested" | "sent" | "done" | "failed";
  amount_minor: number;
  currency: string;
  attempt_id: string;
  provider: string;
  payment_id: string;
}

/**
 * The calls of the provider, each repeated until it is clear how it ended. They are enqueued by the database in the
 * transaction that makes them necessary.
 */
export function paymentTasks(
  { database }: Pick<Dependencies, "database">,
  provider: PaymentProvider | null,
  sizes = sliceSizes,
): TaskList {
  const earnings: TaskList = {
    earn_payments: inMentorSlices(
      database,
      { task: "earn_payments", reason: "earnings belong to many mentors" },
      {
        mentors: "select private.mentors_with_due_earnings($1) as id",
        statement: "select private.earn_payments($1, $2) as count",
      },
      sizes,
    ),
    settle_offers: inMentorSlices(
      database,
      { task: "settle_offers", reason: "packages belong to many mentors" },
      {
        mentors: "select private.mentors_with_offers_to_settle($1) as id",
        statement: "select private.settle_offers($1, $2) as count",
      },
      sizes,
    ),
    refund_no_show: async (payload) => {
      const { mentor_id, booking_id } = bookingPayload.parse(payload);
      await database.asSystem(reason, null, ({ last }) =>
        last.client.query("select private.refund_no_show($1, $2)", [mentor_id, booking_id]),
      );
    },
  };
  if (!provider) return { ...earnings, poll_payments: async () => undefined };
  const settling = { database, provider };

  return {
    ...earnings,
    sync_payment: async (payload) => {
      await syncPayment(settling, paymentPayload.parse(payload));
    },
    poll_payments: async () => {
      const { rows } = await database.asSystem(reason, null, ({ last }) =>
        last.client.query<{ mentor_id: string; payment_id: string }>(
          "select * from private.claim_polls($1)",
          [mostPolls],
        ),
      );
      const due = rows.map(({ mentor_id, payment_id }) => ({ mentorId: mentor_id, paymentId: payment_id }));
      const lane = async () => {
        for (let key = due.pop(); key; key = due.pop()) {
          // It is due again soon; the others must not wait for it.
          await syncPayment(settling, key).catch(() => undefined);
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
    },
    send_refund: async (payload) => {
      const { mentor_id, refund_id } = refundPayload.parse(payload);
      const { rows } = await database.commands.query<RefundFacts>(
        "select * from private.refund_facts($1, $2)",
        [mentor_id, refund_id],
      );
      const [facts] = rows;
      if (!facts) return;
      requireProvider(provider, facts);
      // Also if the refund was made elsewhere: what went to the mentor comes back.
      await reverseTransfers(settling, mentor_id, facts.payment_id);
      if (facts.state !== "requested") return;
      const sent = await provider.refund({
        refundId: refund_id,
        attemptId: facts.attempt_id,
        amount: moneyOfMinor(facts.amount_minor, facts.currency),
      });
      if (sent.kind === "unknown") throw new ProviderUnclear(sent.message);
      const learnt = sent.kind === "done" ? stateOf(sent.value) : { state: "failed", failure: sent.message };
      await database.asSystem(reason, null, ({ last }) =>
        last.client.query("select private.note_refund($1, $2, $3, $4, $5)", [
          mentor_id,
          refund_id,
          learnt.state,
          sent.kind === "done" ? sent.value.id : null,
          learnt.failure ?? null,
        ]),
      );
    },
    capture_payment: async (payload) => {
      const key = paymentPayload.parse(payload);
      const order = await fetchOrder(key);
      const accepted = await acceptedAttempt(key);
      const authorized = order?.attempts.find(
        ({ id, state }) => state === "authorized" && id === accepted?.attempt_id,
      );
      if (order && authorized && !accepted?.is_unwanted) {
        const captured = await provider.capture({
          orderId: order.id,
          attemptId: authorized.id,
          amount: authorized.amount,
        });
        if (captured.kind !== "done") {
          await syncPayment(settling, key);
          throw new ProviderUnclear(captured.message);
        }
      }
      await syncPayment(settling, key);
    },
    release_authorizations: async (payload) => {
      const key = paymentPayload.parse(payload);
      const order = await fetchOrder(key);
      const accepted = await acceptedAttempt(key);
      for (const { id, state, amount } of order?.attempts ?? []) {
        if (state !== "authorized" || (id === accepted?.attempt_id && !accepted.is_unwanted)) continue;
        const released = await provider.release({ orderId: order?.id ?? "", attemptId: id, amount });
        if (released.kind !== "done") {
          await syncPayment(settling, key);
          throw new ProviderUnclear(released.message);
        }
      }
      await syncPayment(settling, key);
    },
    close_order: async (payload) => {
      const key = paymentPayload.parse(payload);
      const facts = await readPaymentFacts(settling, key);
      if (!facts?.order_id) return;
      requireProvider(provider, facts);
      const closed = await provider.closeOrder(facts.order_id);
      if (closed.kind === "unknown") throw new ProviderUnclear(closed.message);
      await syncPayment(settling, key);
    },
  };

  async function fetchOrder(key: PaymentKey) {
    const facts = await readPaymentFacts(settling, key);
    if (!facts?.order_id || !provider) return undefined;
    requireProvider(provider, facts);
    const fetched = await provider.fetchOrder(facts.order_id);
    if (fetched.kind !== "done") throw new ProviderUnclear(fetched.message);
    return fetched.value;
  }

  async function acceptedAttempt({ mentorId, paymentId }: PaymentKey) {
    const { rows } = await database.commands.query<{ attempt_id: string; is_unwanted: boolean }>(
      "select * from private.accepted_attempt($1, $2)",
      [mentorId, paymentId],
    );
    return rows[0];
  }
}

function stateOf({ state, failure }: ProviderRefund): { state: string; failure?: string | undefined } {
  return { state: state === "pending" ? "sent" : state, failure };
}
