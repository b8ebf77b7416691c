import type Stripe from "stripe";
import type { z } from "zod";
import { currencies, isSameMoney, type Money, moneyOfMinor } from "#rules/money.ts";
import { DAY_MS, type EpochMs } from "#scheduling/units.ts";
import { otherAmount } from "#words/refusals.ts";
import { type Bounds, usualBounds } from "../../platform/http/fetchBounded.ts";
import { attemptLifeMs } from "../attemptLife.ts";
import { andThen, done, readOrders, refused, refusedForAmount, unknown } from "../outcome.ts";
import type { NewOrder, Outcome, PaymentProvider, ProviderOrder } from "../provider.ts";
import { openStripeApi, type StripeApi, type StripeApiOptions } from "./api.ts";
import * as shapes from "./shapes.ts";
import { readStripeWebhook } from "./webhook.ts";

export interface StripeOptions extends Pick<StripeApiOptions, "secretKey" | "address"> {
  publishableKey: string;
  webhookSecret: string;
  bounds?: Bounds;
  now: () => EpochMs;
}

type Intent = z.output<typeof shapes.intent>;

/** How long Stripe remembers an idempotency key. */
const keyLifeMs = DAY_MS;
/** Keys that an order may need, see `createOrder`. */
const mostKeys = 5;

export function openStripe(options: StripeOptions): PaymentProvider {
  const { publishableKey, webhookSecret, now, bounds = usualBounds } = options;
  const api = openStripeApi({ ...options, bounds });
  const { sdk } = api;

  const readIntent = (id: string) => api.call(shapes.intent, () => sdk.paymentIntents.retrieve(id));
  const fetchOrder = async (id: string) =>
    andThen(await readIntent(id), (intent) => withAttempts(api, intent));

  /** Cancels, which also lets go of what is authorized. A second time is refused, though the first has done it. */
  async function cancel(id: string): Promise<Outcome<null>> {
    const cancelled = await api.call(shapes.intent, () => sdk.paymentIntents.cancel(id));
    if (cancelled.kind === "done") return done(null);
    if (cancelled.kind === "unknown") return cancelled;
    const intent = await readIntent(id);
    if (intent.kind === "unknown") return intent;
    return intent.kind === "done" && intent.value.status === "canceled" ? done(null) : cancelled;
  }

  return {
    name: "stripe",
    /** Connect does not pay mentors in India. */
    transfers: null,
    fetchOrder,

    /**
     * Stripe gives the first answer again for the same key, for a day, even if it was an error that may have created the order;
     * and it refuses the key with another description. The order is then looked for, and only if there is none, the next key is
     * used.
     */
    async createOrder(order) {
      for (let count = 1; count <= mostKeys; count++) {
        const { outcome, isRepeat } = await create(api, order, count);
        if (outcome.kind === "done") {
          return isRepeat ? fetchOrder(outcome.value.id) : done(orderOf(outcome.value, []));
        }
        if (!isRepeat) return outcome;
        const found = await findRecent(api, order.paymentId, now());
        if (found.kind !== "done") return found;
        if (found.value !== null) return andThen(await fetchOrder(found.value), sameAmount(order.amount));
      }
      return unknown("Stripe failed to create the order several times");
    },

    async checkout(orderId) {
      return andThen(await readIntent(orderId), ({ client_secret }) =>
        client_secret
          ? done({ provider: "stripe", publishable_key: publishableKey, client_secret })
          : unknown("Stripe gave no client secret"),
      );
    },

    /** What is authorized or captured stays so: cancelling would let go of it. */
    async closeOrder(orderId) {
      return andThen(await readIntent(orderId), (intent) =>
        shapes.isClosed(intent) ? done(null) : cancel(orderId),
      );
    },

    async capture({ orderId, amount }) {
      const intent = await readIntent(orderId);
      if (intent.kind !== "done") return intent;
      if (isCaptured(intent.value, amount)) return done(null);
      // Stripe would charge a part, and let go of the rest.
      if (intent.value.status === "requires_capture" && intent.value.amount_capturable !== amount.minor) {
        return refused("other_amount", otherAmount.reserved);
      }
      const captured = await api.call(shapes.intent, () =>
        sdk.paymentIntents.capture(orderId, { amount_to_capture: amount.minor }),
      );
      if (captured.kind === "done") return done(null);
      if (captured.kind === "unknown") return captured;
      const after = await readIntent(orderId);
      if (after.kind === "unknown") return after;
      return after.kind === "done" && isCaptured(after.value, amount) ? done(null) : captured;
    },

    release: ({ orderId }) => cancel(orderId),

    /** The first answer comes again for the same key for a day, even if it was an error: what it has left is looked for. */
    async refund({ refundId, attemptId, amount }) {
      const earlier = await api.collect(shapes.refund, (page) =>
        sdk.refunds.list({ ...page, charge: attemptId }),
      );
      if (earlier.kind !== "done") return earlier;
      const same = earlier.value.map(shapes.refundOf).find(({ reference }) => reference === refundId);
      if (same) {
        return isSameMoney(same.amount, amount) ? done(same) : refusedForAmount(same.id);
      }
      const made = await api.call(shapes.refund, () =>
        sdk.refunds.create(
          { charge: attemptId, amount: amount.minor, metadata: { reference: refundId } },
          { idempotencyKey: `refund-${refundId}` },
        ),
      );
      return andThen(made, (refund) => done(shapes.refundOf(refund)));
    },

    async *listOrders(range) {
      yield* readOrders(await changedOrders(api, range), fetchOrder);
    },

    async *listSettlements({ from, to }) {
      const within = { gte: Math.floor(from / 1000), lte: Math.floor(to / 1000) };
      const payouts = await api.collect(shapes.payout, (page) =>
        sdk.payouts.list({ ...page, arrival_date: within }),
      );
      for (const payout of listed(payouts)) {
        if (payout.status !== "paid" || !payout.automatic) continue;
        const entries = await api.collect(shapes.balanceEntry, (page) =>
          sdk.balanceTransactions.list({ ...page, payout: payout.id, expand: ["data.source"] }),
        );
        for (const entry of listed(entries)) {
          const attempt = shapes.settledAttemptOf(entry, payout);
          if (attempt) yield attempt;
        }
      }
    },

    readWebhook: (request) => readStripeWebhook(sdk.webhooks, request, webhookSecret),
  };
}

function sameAmount(amount: Money): (order: ProviderOrder) => Outcome<ProviderOrder> {
  return (order) => (isSameMoney(order.amount, amount) ? done(order) : refusedForAmount(order.id));
}

/**
 * @param count which key: the first unless its answer was an error
 * @returns `isRepeat`: the key was used before
 */
async function create(
  { sdk, call }: StripeApi,
  { paymentId, amount, capture, description }: NewOrder,
  count: number,
): Promise<{ outcome: Outcome<Intent>; isRepeat: boolean }> {
  let isRepeat = false;
  const note = (headers: Record<string, string> | undefined) => {
    // The SDK's type is a record; with `fetch` it is a `Headers`.
    isRepeat = new Headers(headers).get("idempotent-replayed") === "true";
  };
  const outcome = await call(
    shapes.intent,
    async () => {
      const answer = await sdk.paymentIntents.create(
        {
          amount: amount.minor,
          currency: amount.currency.toLowerCase(),
          capture_method: capture,
          allowed_payment_method_types: ["card"],
          description,
          metadata: { payment_id: paymentId },
        },
        { idempotencyKey: count === 1 ? `order-${paymentId}` : `order-${paymentId}-${count}` },
      );
      note(answer.lastResponse.headers);
      return answer;
    },
    (error) => {
      note(error.headers);
      isRepeat ||= error.rawType === "idempotency_error";
    },
  );
  return { outcome, isRepeat };
}

/** Looks for the order of a payment among those that were created as long as keys live: Stripe's search lags behind. */
async function findRecent(
  { sdk, collect }: StripeApi,
  paymentId: string,
  now: EpochMs,
): Promise<Outcome<string | null>> {
  const since = Math.floor((now - keyLifeMs) / 1000);
  const recent = await collect(shapes.intentListed, (page) =>
    sdk.paymentIntents.list({ ...page, created: { gte: since } }),
  );
  return andThen(recent, (intents) =>
    done(intents.find(({ metadata }) => metadata?.payment_id === paymentId)?.id ?? null),
  );
}

async function withAttempts({ sdk, collect }: StripeApi, intent: Intent): Promise<Outcome<ProviderOrder>> {
  if (intent.latest_charge === null) return done(orderOf(intent, []));
  const of = { payment_intent: intent.id };
  const [charges, refunds] = await Promise.all([
    collect(shapes.charge, (page) =>
      sdk.charges.list({ ...page, ...of, expand: ["data.balance_transaction"] }),
    ),
    collect(shapes.refund, (page) => sdk.refunds.list({ ...page, ...of })),
  ]);
  if (charges.kind !== "done") return charges;
  if (refunds.kind !== "done") return refunds;
  const disputes = charges.value.some(({ disputed }) => disputed)
    ? await collect(shapes.dispute, (page) => sdk.disputes.list({ ...page, ...of }))
    : done([]);
  if (disputes.kind !== "done") return disputes;
  const about = { refunds: refunds.value, disputes: disputes.value };
  return done(
    orderOf(
      intent,
      charges.value.map((charge) => shapes.attemptOf(charge, intent, about)),
    ),
  );
}

function orderOf(intent: Intent, attempts: ProviderOrder["attempts"]): ProviderOrder {
  return {
    id: intent.id,
    reference: intent.metadata?.payment_id ?? null,
    amount: moneyOfMinor(intent.amount, intent.currency),
    state: shapes.isClosed(intent) ? "closed" : "open",
    attempts,
  };
}

/** @throws Error */
function listed<T>(found: Outcome<T[]>): T[] {
  if (found.kind !== "done") throw new Error(`The settlements could not be listed: ${found.message}`);
  return found.value;
}

function isCaptured({ status, amount_received }: Intent, amount: Money): boolean {
  return status === "succeeded" && amount_received === amount.minor;
}

/**
 * The ids of orders that were created, tried, captured, refunded or disputed in this time. Lists go by the time of creation, and
 * an attempt is captured some time after it was made. The account may have orders in currencies that are not the app's: left out.
 */
async function changedOrders(
  { sdk, call, collect }: StripeApi,
  range: { from: EpochMs; to: EpochMs },
): Promise<Outcome<Set<string>>> {
  const lte = Math.floor(range.to / 1000);
  const within = { gte: Math.floor(range.from / 1000), lte };
  const sinceMade = { gte: Math.floor((range.from - attemptLifeMs) / 1000), lte };
  const ids = new Set<string>();
  const lists: ((page: Stripe.PaginationParams) => Promise<unknown>)[] = [
    (page) => sdk.charges.list({ ...page, created: sinceMade }),
    (page) => sdk.refunds.list({ ...page, created: within }),
    (page) => sdk.disputes.list({ ...page, created: within }),
  ];
  for (const list of lists) {
    const found = await collect(shapes.ofIntent, list);
    if (found.kind !== "done") return found;
    for (const { payment_intent: id } of found.value) if (id) ids.add(id);
  }
  const created = await collect(shapes.intentListed, (page) =>
    sdk.paymentIntents.list({ ...page, created: within }),
  );
  if (created.kind !== "done") return created;
  for (const { id } of created.value) ids.add(id);
  const known = new Map(created.value.map((intent) => [intent.id, intent.currency]));
  for (const id of ids) {
    if (known.has(id)) continue;
    const intent = await call(shapes.intentListed, () => sdk.paymentIntents.retrieve(id));
    if (intent.kind !== "done") return unknown(`order ${id}: ${intent.message}`);
    known.set(id, intent.value.currency);
  }
  const isOurs = (currency: string) => currencies.some((each) => each.toLowerCase() === currency);
  return done(new Set([...ids].filter((id) => isOurs(known.get(id) ?? ""))));
}
