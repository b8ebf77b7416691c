import type { Payment } from "#contract/payments.ts";

/** Whether money has arrived for it: a receipt is issued with it, and everything else later. */
export function hasDocuments({ paid_at }: Pick<Payment, "paid_at">): boolean {
  return paid_at !== null;
}
