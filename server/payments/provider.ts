/**
 * What the app asks of a payment provider. Every call may be repeated: it names what it is for by our own id, which the
 * provider receives as idempotency key. A provider is never called inside a transaction.
 */
import type { Money } from "#rules/money.ts";
import type { EpochMs } from "#scheduling/units.ts";

export type ProviderName = "sandbox" | "razorpay" | "stripe";

/**
 * How a call ended. `refused`: the provider has answered that it did not do it, and will not. `unknown`: it may have done it
 * or not (no answer in time, a 5xx, nonsense): ask for the state, or repeat the same call.
 */
export type Outcome<T> =
  | { kind: "done"; value: T }
  | { kind: "refused"; code: string; message: string }
  | { kind: "unknown"; message: string };

/** A refund as the provider has it. */
export interface ProviderRefund {
  /** The provider's id. */
  id: string;
  /** Our id of the refund; null if it was not made by the app. */
  reference: string | null;
  amount: Money;
  state: "pending" | "done" | "failed";
  failure?: string;
}

/** One attempt to pay an order: a card or a UPI transaction, called a payment by Razorpay and a charge by Stripe. */
export interface Attempt {
  /** The provider's id. */
  id: string;
  /** `created`: the payer is at it. `authorized`: reserved, not charged. `released`: the reservation has ended without a charge. */
  state: "created" | "failed" | "authorized" | "captured" | "released";
  /** What was authorized or captured, or was to be. */
  amount: Money;
  /** Such as "upi" or "card". */
  method: string | null;
  /** What the provider keeps of it; null until it says so. */
  fee: Money | null;
  failure: { code: string; message: string } | null;
  /** Whether the payer has disputed it, and how that ended. */
  dispute: "open" | "won" | "lost" | null;
  createdAt: EpochMs;
  refunds: readonly ProviderRefund[];
}

/** An order with everything that has happened to it: the truth about a payment. */
export interface ProviderOrder {
  /** The provider's id: Razorpay's order, Stripe's PaymentIntent. */
  id: string;
  /** Our id of the payment, as it was given when the order was created. */
  reference: string | null;
  amount: Money;
  /** `closed`: it cannot be paid any more. */
  state: "open" | "closed";
  attempts: readonly Attempt[];
}

export interface NewOrder {
  /** Our id of the payment: the idempotency key and the order's reference. */
  paymentId: string;
  amount: Money;
  /** `manual`: authorized only, until it is captured. */
  capture: "automatic" | "manual";
  /** What is paid for, one line. */
  description: string;
  payer: { name: string; email: string };
}

/** What the page needs to let the payer pay: contents depend on the provider. */
export type Checkout =
  | { provider: "sandbox"; url: string }
  | { provider: "razorpay"; key_id: string; order_id: string }
  | { provider: "stripe"; publishable_key: string; client_secret: string };

/**
 * A webhook that was checked. It is a hint that something happened to an order; what that was is read from the provider.
 * `refused`: a wrong signature, or a signature that is too old.
 */
export type WebhookVerdict =
  | { kind: "genuine"; eventId: string; type: string; orderId: string | null }
  | { kind: "refused"; why: "forged" | "stale" | "unreadable" };

export interface WebhookRequest {
  /** As received: the signature is over these bytes. */
  body: Uint8Array;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  receivedAt: EpochMs;
}

/** Payouts through the provider: Razorpay Route. */
export interface Transfers {
  /** Moves captured money to a mentor's linked account. @param payoutId our id, the idempotency key */
  transfer(request: {
    payoutId: string;
    attemptId: string;
    account: string;
    amount: Money;
  }): Promise<Outcome<ProviderTransfer>>;
  fetchTransfer(id: string): Promise<Outcome<ProviderTransfer>>;
  /** Takes it back, which a refund of transferred money requires first. @param reversalId our id, the idempotency key */
  reverse(request: {
    reversalId: string;
    transferId: string;
    amount: Money;
  }): Promise<Outcome<{ id: string }>>;
}

export interface ProviderTransfer {
  id: string;
  state: "pending" | "done" | "failed" | "reversed";
  amount: Money;
  failure?: string;
}

/** An attempt whose money the provider has paid out to the platform's bank. */
export interface SettledAttempt {
  orderId: string;
  attemptId: string;
  /** The provider's id of the sum that it has paid out: Razorpay's settlement, Stripe's payout. */
  settlementId: string;
  settledAt: EpochMs;
  /** What was paid, in the currency of the settlement. */
  amount: Money;
  /** What the provider has kept of it. */
  fee: Money;
}

export interface PaymentProvider {
  readonly name: ProviderName;
  /** Creates the order, or returns the one that this payment already has. */
  createOrder(order: NewOrder): Promise<Outcome<ProviderOrder>>;
  /** The order with all attempts and refunds. `refused` with code `not_found` if there is none. */
  fetchOrder(orderId: string): Promise<Outcome<ProviderOrder>>;
  /** What the payer's browser needs. No call, but for providers whose secret must be fetched. */
  checkout(orderId: string): Promise<Outcome<Checkout>>;
  /** Makes the order unpayable. Providers that cannot (Razorpay) do nothing: a late payment is refunded. */
  closeOrder(orderId: string): Promise<Outcome<null>>;
  /** Charges an authorized attempt. @param amount the whole of it */
  capture(request: { orderId: string; attemptId: string; amount: Money }): Promise<Outcome<null>>;
  /** Lets go of an authorized attempt. */
  release(request: { orderId: string; attemptId: string; amount: Money }): Promise<Outcome<null>>;
  /** @param refundId our id: the idempotency key and the refund's reference */
  refund(request: { refundId: string; attemptId: string; amount: Money }): Promise<Outcome<ProviderRefund>>;
  /** The orders that changed in this time, for the daily check against our own records. */
  listOrders(range: { from: EpochMs; to: EpochMs }): AsyncIterable<ProviderOrder>;
  /** What was paid out to our bank in this time, attempt by attempt, of all that the account has taken. */
  listSettlements(range: { from: EpochMs; to: EpochMs }): AsyncIterable<SettledAttempt>;
  /** Checks the signature in constant time, over the bytes as received. No call. */
  readWebhook(request: WebhookRequest): WebhookVerdict;
  /** null: payouts are made by hand. */
  readonly transfers: Transfers | null;
}
