import { z } from "zod";
import type { Outcome } from "../provider.ts";
import { type StoredOrder, webhookManners } from "./sandboxOrders.ts";
import type { SandboxPayer } from "./sandboxProvider.ts";

const payerActions = [
  "pay_upi",
  "pay_card",
  "pay_twice",
  "pay_told_late",
  "pay_later",
  "pay_too_late",
  "fail",
  "dispute",
  "dispute_won",
  "dispute_lost",
  "refunds_fail",
  "refunds_succeed",
] as const;
export type PayerAction = (typeof payerActions)[number];

const longestWait = 60;

/** The form of the checkout page; tests may send the same as JSON. */
export const payerForm = z.object({
  action: z.enum(payerActions),
  /** How the app is told from now on; left out: as before. */
  webhooks: z.enum(webhookManners).optional(),
  /** Of "pay_later". */
  minutes: z.coerce.number().int().min(0).max(longestWait).default(1),
  /** Where to go afterwards; any text, judged by returnPathOf(). */
  return: z.string().optional(),
});

/** Does what the payer has chosen. */
export function takePayerAction(
  payer: SandboxPayer,
  orderId: string,
  { action, webhooks: manner, minutes }: z.infer<typeof payerForm>,
): Promise<Outcome<StoredOrder>> {
  switch (action) {
    case "pay_upi":
      return payer.pay(orderId, { manner });
    case "pay_card":
      return payer.pay(orderId, { method: "card", manner });
    case "pay_twice":
      return payer.pay(orderId, { times: 2, manner });
    case "pay_told_late":
      return payer.pay(orderId, { manner: "late" });
    case "pay_later":
      return payer.pay(orderId, { afterSeconds: minutes * 60, manner });
    case "pay_too_late":
      return payer.pay(orderId, { tooLate: true, manner });
    case "fail":
      return payer.fail(orderId, manner);
    case "dispute":
      return payer.dispute(orderId, "open", manner);
    case "dispute_won":
      return payer.dispute(orderId, "won", manner);
    case "dispute_lost":
      return payer.dispute(orderId, "lost", manner);
    case "refunds_fail":
      return payer.setRefunds(orderId, true);
    case "refunds_succeed":
      return payer.setRefunds(orderId, false);
    default:
      return action satisfies never;
  }
}
