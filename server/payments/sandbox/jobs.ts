import type { TaskList } from "graphile-worker";
import { z } from "zod";
import type { Dependencies } from "../../platform/http/route.ts";
import type { PaymentProvider } from "../provider.ts";
import { isSandbox } from "./sandboxProvider.ts";
import { sandboxEvent } from "./webhooks.ts";

/** A webhook that was not taken is sent again after these pauses, s, and then no more: the app asks by itself. */
const pauses = [5, 30, 120, 600, 3_600];

const sending = sandboxEvent.extend({ tries: z.int().default(0) });

/**
 * The sandbox's own jobs; none for another provider. PUBLIC_URL may be out of reach from here, so a webhook that was not
 * taken is no failed job.
 */
export function sandboxTasks(
  { database }: Pick<Dependencies, "database">,
  provider: PaymentProvider | null,
): TaskList {
  if (!isSandbox(provider)) return {};
  return {
    sandbox_send_webhook: async (payload, { abortSignal }) => {
      const { tries, ...event } = sending.parse(payload);
      if (await provider.webhooks.send(event, abortSignal)) return;
      const pause = pauses[tries];
      if (pause === undefined) return;
      await database.asSystem("webhooks are sent again later", null, ({ last }) =>
        last.client.query("select private.enqueue($1, $2, run_at => now() + $3 * interval '1 second')", [
          "sandbox_send_webhook",
          JSON.stringify({ ...event, tries: tries + 1 }),
          pause,
        ]),
      );
    },
    sandbox_finish_payment: (payload) =>
      provider.finishPayment(z.object({ attempt_id: z.string() }).parse(payload).attempt_id),
    sandbox_finish_refund: (payload) =>
      provider.finishRefund(z.object({ refund_id: z.string() }).parse(payload).refund_id),
  };
}
