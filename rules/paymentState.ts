/** The states of payments and refunds. The database enforces the same lists; db/tests/limits.test.ts compares them. */

/**
 * What has become of a booking's money, in the guide's words. `free`: nothing is charged through the app. `failed`: the last
 * attempt failed, or nothing was paid in time.
 */
export const paymentStatuses = [
  "pending",
  "completed",
  "failed",
  "refunded",
  "refund_pending",
  "partially_refunded",
  "free",
] as const;

/** `authorized`: reserved until the mentor answers. `closed`: not wanted any more, and nothing was charged for it. */
export const paymentStates = ["open", "authorized", "captured", "released", "closed"] as const;

export const refundStates = ["requested", "sent", "done", "failed"] as const;

/**
 * What entitles to a refund. `provider`: made at the provider by hand. `dispute`: taken back by the payer's bank. `unused`:
 * sessions of a package that cannot be used any more.
 */
export const refundWhys = [
  "student_cancelled",
  "mentor_cancelled",
  "declined",
  "expired",
  "no_show",
  "late",
  "surplus",
  "wrong_amount",
  "unwanted",
  "administrator",
  "provider",
  "dispute",
  "unused",
] as const;

/** The lines of a payment's history. */
export const moneyEventKinds = [
  "paid",
  "authorized",
  "failed",
  "released",
  "late",
  "surplus",
  "refund_requested",
  "refund_done",
  "refund_failed",
  "dispute_opened",
  "dispute_won",
  "dispute_lost",
  "earned",
  "fee_returned",
  "expiring",
  "due",
] as const;

/** Why a payment needs an administrator. */
export const moneyTroubles = [
  "orphaned",
  "order_differs",
  "wrong_amount",
  "reservation_ended",
  "refund_failed",
  "refund_overdue",
  "refund_by_hand",
  "dispute",
  "not_captured",
  "not_released",
  "unclear",
  "provider_differs",
  "settlement_differs",
  "fee_differs",
  "not_settled",
] as const;
export type MoneyTrouble = (typeof moneyTroubles)[number];

/** Where the ledger can have another amount than a payment's attempts and refunds. */
export const bookFaults = ["captured", "refunded", "owed", "held"] as const;

/** What the check against the provider's list can find. */
export const findingKinds = [
  "unknown_order",
  "missing_order",
  "unclear",
  "order_differs",
  "not_captured_here",
  "not_captured_there",
  "attempt_differs",
  "refunds_differ",
  "dispute_differs",
  "ledger_differs",
  "settlement_differs",
  "fee_differs",
  "not_settled",
] as const;
