import type { PackagePurchase, PurchasePayment } from "#contract/offers.ts";

/** What the page of a package's payment shows. */
export type PurchaseView = "pay" | "processing" | "bought" | "over";

/** @param expectsPayment whether the payer comes back from a payment that succeeded as far as the browser knows */
export function purchaseViewOf(
  { state }: Pick<PackagePurchase, "state">,
  payment: Pick<PurchasePayment, "state" | "is_underway" | "failure" | "refunded" | "amount">,
  expectsPayment: boolean,
): PurchaseView {
  if (payment.state === "open") {
    const isUnderway = payment.is_underway || (expectsPayment && payment.failure === null);
    return isUnderway ? "processing" : "pay";
  }
  if (payment.state !== "captured" || payment.refunded >= payment.amount) return "over";
  // The purchase was read before its payment.
  return state === "unpaid" || state === "lapsed" ? "processing" : "bought";
}
