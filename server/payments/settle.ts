import { moneyOfMinor } from "#rules/money.ts";
import { judgeTogether } from "#scheduling/series.ts";
import { epochMs, fromDate, type Minutes, parseInstant } from "#scheduling/units.ts";
import { batchedBy } from "../platform/database/batches.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import { readSchedule, scheduleForId } from "../slots/queries.ts";
import type { PaymentKey } from "./paymentKey.ts";
import type { Attempt, PaymentProvider, ProviderOrder } from "./provider.ts";
import { captureOf, settleCapture } from "./settleCaptures.ts";

export interface Settling {
  database: Database;
  provider: PaymentProvider;
}

/** Of private.payment_facts(). */
export interface PaymentFacts {
  provider: string;
  capture: "automatic" | "manual";
  state: string;
  amount_minor: number;
  currency: string;
  order_id: string | null;
  /** null, and so on: the payment of a package. */
  booking_id: string | null;
  booking_status: string | null;
  is_unpaid: boolean;
  starts_at: Date | null;
  duration: Minutes;
  booked_at: Date;
  service_id: string;
  service_title: string;
  mentor_name: string;
  student_name: string;
  student_email: string;
  /** Of a basket, in the order of their starts; null: it is for one thing. */
  sessions: { starts_at: string; duration: Minutes; service_id: string }[] | null;
  /** Its seats are those of a programme. */
  is_programme: boolean;
}

const reason = "what a provider says concerns both parties";

export async function readPaymentFacts(
  { database }: Pick<Settling, "database">,
  { mentorId, paymentId }: PaymentKey,
): Promise<PaymentFacts | undefined> {
  const { rows } = await database.commands.query<PaymentFacts>({
    name: "payment_facts",
    text: "select * from private.payment_facts($1, $2)",
    values: [mentorId, paymentId],
  });
  return rows[0];
}

type Ordered = Pick<PaymentFacts, "provider" | "order_id" | "state">;

/** The order of a payment; those of payments that are asked about at one moment with one call. */
const readOrder = batchedBy<PaymentKey, Ordered | undefined>((database) => async (keys) => {
  const { rows } = await database.commands.query<Ordered & { payment_id: string }>({
    name: "orders_of",
    text: "select * from private.orders_of($1, $2)",
    values: [keys.map(({ mentorId }) => mentorId), keys.map(({ paymentId }) => paymentId)],
  });
  const found = new Map(rows.map((row) => [row.payment_id, row]));
  return keys.map(({ paymentId }) => found.get(paymentId));
});

/** The provider does not know, or cannot say now, what became of an order. The question is repeated. */
export class ProviderUnclear extends Error {}

/**
 * Asks the provider about a payment's order and applies the answer. Webhooks, polls and returning browsers all lead here, so
 * the answer may be applied any number of times, at once, and late. Returns the payment's state.
 * @throws ProviderUnclear
 */
export async function syncPayment(settling: Settling, key: PaymentKey): Promise<string | undefined> {
  const { provider, database } = settling;
  const ordered = await readOrder(database, key);
  if (!ordered) return undefined;
  if (ordered.order_id === null) return ordered.state;
  requireProvider(provider, ordered);
  const fetched = await provider.fetchOrder(ordered.order_id);
  if (fetched.kind !== "done") {
    await database.commands.query("select private.note_unclear($1, $2)", [key.mentorId, key.paymentId]);
    throw new ProviderUnclear(fetched.message);
  }
  return settlePayment(settling, key, fetched.value);
}

/**
 * `syncPayment` for a person who waits for the answer.
 * @throws Refusal `payment_provider_unavailable`
 */
export async function refreshPayment(
  { database, provider }: { database: Database; provider: PaymentProvider | null },
  key: PaymentKey,
): Promise<void> {
  if (!provider) return;
  await syncPayment({ database, provider }, key).catch((error: unknown) => {
    if (error instanceof ProviderUnclear) throw new Refusal("payment_provider_unavailable");
    throw error;
  });
}

/** Applies what the provider says about an order. */
export async function settlePayment(
  { database }: Pick<Settling, "database">,
  key: PaymentKey,
  order: ProviderOrder,
): Promise<string | undefined> {
  const capture = captureOf(key, order);
  if (capture && (await settleCapture(database, capture))) return "captured";
  const settle = (mayRetake: boolean | null) =>
    database.asSystem(reason, null, async ({ last }) => {
      const { rows } = await last.client.query<{ state: string | null }>({
        name: "settle_payment",
        text: "select private.settle_payment($1, $2, $3, $4) as state",
        values: [key.mentorId, key.paymentId, describeOrder(order), mayRetake],
      });
      return rows[0]?.state ?? undefined;
    });
  const state = await settle(null);
  if (state !== "lapsed") return state;
  // Only now: it may have lapsed while the provider was asked, and few do.
  const facts = await readPaymentFacts({ database }, key);
  return facts && settle(await isStillFree(database, key, facts));
}

/** @throws ProviderUnclear for a payment of a provider that is no longer configured */
export function requireProvider(
  { name }: PaymentProvider,
  { provider }: Pick<PaymentFacts, "provider">,
): void {
  if (name !== provider)
    throw new ProviderUnclear(`The payment is with ${provider}, but ${name} is configured.`);
}

/** Whether the engine would offer the time of a lapsed booking again, or of all of a basket. As when it was booked: the notice has been kept. */
async function isStillFree(
  database: Database,
  { mentorId }: PaymentKey,
  facts: PaymentFacts,
): Promise<boolean> {
  if (!facts.is_unpaid || facts.booking_status !== "cancelled" || !facts.starts_at) return false;
  // The engine offers no seat of one; the ledger knows whether there is one in each session.
  if (facts.is_programme) return true;
  const { starts_at, duration, service_id } = facts;
  const sessions = facts.sessions ?? [{ starts_at: starts_at.toISOString(), duration, service_id }];
  const starts = sessions.map((session) => parseInstant(session.starts_at));
  const found = await readSchedule(database.public, mentorId, {
    from: epochMs(Math.min(...starts)),
    until: epochMs(Math.max(...starts) + 1),
  }).catch((error: unknown) => {
    // Hidden: suspended or deleted.
    if (error instanceof Refusal && error.code === "mentor_not_found") return undefined;
    throw error;
  });
  if (!found) return false;
  const now = fromDate(facts.booked_at);
  const wanted = sessions.map((session, index) => ({
    schedule: scheduleForId(found, session.service_id),
    startsAt: starts[index]!,
    duration: session.duration,
    serviceId: session.service_id,
    capacity: found.services.find(({ id }) => id === session.service_id)?.capacity ?? 1,
    now,
  }));
  return judgeTogether(found.taken, wanted).every(({ verdict }) => verdict === "free");
}

/** An order as JSON that private.settle_payment() reads. */
export function describeOrder({ id, reference, amount, state, attempts }: ProviderOrder): string {
  return JSON.stringify({
    id,
    reference,
    amount_minor: amount.minor,
    currency: amount.currency,
    state,
    attempts: attempts.map(describeAttempt),
  });
}

function describeAttempt({ amount, fee, failure, createdAt, refunds, ...attempt }: Attempt) {
  return {
    ...attempt,
    amount_minor: amount.minor,
    currency: amount.currency,
    fee_minor: fee?.minor ?? null,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    created_at: new Date(createdAt),
    refunds: refunds.map(({ amount: refunded, ...refund }) => ({
      ...refund,
      reference: isUuid(refund.reference) ? refund.reference : null,
      amount_minor: refunded.minor,
    })),
  };
}

/** What a provider returns as our reference may be anything. */
function isUuid(text: string | null): boolean {
  return text !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

/** The price of a payment. */
export function amountOf({ amount_minor, currency }: Pick<PaymentFacts, "amount_minor" | "currency">) {
  return moneyOfMinor(amount_minor, currency);
}
