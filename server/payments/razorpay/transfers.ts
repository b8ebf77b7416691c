import { z } from "zod";
import { isSameMoney } from "#rules/money.ts";
import { andThen, done, refusedForAmount, unknown } from "../outcome.ts";
import type { Transfers } from "../provider.ts";
import type { RazorpayApi } from "./api.ts";
import * as shapes from "./shapes.ts";

/**
 * Razorpay Route. `X-Transfer-Idempotency` works for transfers from the balance only, not for those of a payment, nor for
 * reversals: a repeated call looks for what the first has left. So two calls for one payout must not be under way at once.
 * https://razorpay.com/docs/api/payments/route/
 */
export function razorpayTransfers(api: RazorpayApi): Transfers {
  return {
    async transfer({ payoutId, attemptId, account, amount }) {
      const path = ["payments", attemptId, "transfers"];
      const earlier = await api.list(path, shapes.transfer);
      if (earlier.kind !== "done") return earlier;
      const same = earlier.value.find(({ notes }) => shapes.referenceOf(notes) === payoutId);
      if (same) {
        const made = shapes.transferOf(same);
        return isSameMoney(made.amount, amount) ? done(made) : refusedForAmount(made.id);
      }
      const made = await api.call({
        path,
        shape: z.object({ items: z.array(shapes.transfer) }),
        body: {
          transfers: [
            {
              account,
              amount: amount.minor,
              currency: amount.currency,
              notes: { reference: payoutId },
              on_hold: false,
            },
          ],
        },
      });
      return andThen(made, ({ items: [transfer] }) =>
        transfer ? done(shapes.transferOf(transfer)) : unknown("Razorpay named no transfer"),
      );
    },

    async fetchTransfer(id) {
      const found = await api.call({ path: ["transfers", id], shape: shapes.transfer });
      return andThen(found, (transfer) => done(shapes.transferOf(transfer)));
    },

    async reverse({ reversalId, transferId, amount }) {
      const path = ["transfers", transferId, "reversals"];
      const earlier = await api.list(path, shapes.reversal);
      if (earlier.kind !== "done") return earlier;
      const same = earlier.value.find(({ notes }) => shapes.referenceOf(notes) === reversalId);
      if (same) {
        return same.amount === amount.minor ? done({ id: same.id }) : refusedForAmount(same.id);
      }
      const made = await api.call({
        path,
        shape: shapes.reversal,
        body: { amount: amount.minor, notes: { reference: reversalId } },
      });
      return andThen(made, ({ id }) => done({ id }));
    },
  };
}
