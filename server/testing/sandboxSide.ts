import { randomBytes } from "node:crypto";
import { epochMs } from "#scheduling/units.ts";
import { openSandbox, type Sandbox } from "../payments/sandbox/sandboxProvider.ts";
import { sandboxEvent } from "../payments/sandbox/webhooks.ts";
import { openTestDatabase } from "./testDatabase.ts";

const secret = randomBytes(24).toString("hex");

/** The sandbox with a database of its own, and its payers: what the local servers are for the other providers. */
export async function openSandboxSide() {
  const db = await openTestDatabase();
  const sandbox = openSandbox({ database: db.database, secret, publicUrl: "http://127.0.0.1:9" });
  const rows = async <Row extends object>(text: string, ...values: unknown[]) =>
    (await db.owner.query<Row>(text, values)).rows;
  const orderOf = async (attemptId: string) =>
    (
      await rows<{ id: string }>(
        "select order_id as id from private.sandbox_attempts where id = $1",
        attemptId,
      )
    )[0]?.id ?? "";

  return {
    provider: sandbox satisfies Sandbox,
    secrets: [secret],
    async pay(orderId: string, { state }: { state?: "created" | "authorized" | "failed" } = {}) {
      const made =
        state === "failed"
          ? await sandbox.payer.fail(orderId)
          : await sandbox.payer.pay(orderId, state === "created" ? { afterSeconds: 900 } : {});
      if (made.kind !== "done") throw new Error(made.message);
      return made.value.attempts.at(-1)?.id ?? "";
    },
    orders: () => rows<{ id: string }>("select id from private.sandbox_orders"),
    refundsOf: (attemptId: string) =>
      rows<{ amount: number }>(
        "select amount_minor as amount from private.sandbox_refunds where attempt_id = $1 order by created_at, id",
        attemptId,
      ),
    async finishRefund(refundId: string, state: "done" | "failed") {
      const [made] = await rows<{ attempt_id: string }>(
        "select attempt_id from private.sandbox_refunds where id = $1",
        refundId,
      );
      await sandbox.payer.setRefunds(await orderOf(made?.attempt_id ?? ""), state === "failed");
      await sandbox.finishRefund(refundId);
    },
    dispute: async (attemptId: string, state: "open" | "won" | "lost") =>
      void (await sandbox.payer.dispute(await orderOf(attemptId), state)),
    /** The webhooks that are enqueued, as they would be sent now. */
    async deliveries() {
      const enqueued = await rows<{ payload: unknown }>(
        `select j.payload from graphile_worker._private_jobs j
           join graphile_worker._private_tasks t on t.id = j.task_id
         where t.identifier = 'sandbox_send_webhook' order by j.id`,
      );
      return enqueued.map(({ payload }) => {
        const { body, headers } = sandbox.webhooks.write(
          sandboxEvent.parse(payload),
          Math.floor(Date.now() / 1000),
        );
        return { body: Buffer.from(body), headers };
      });
    },
    /** Lets the days pass until what was captured is paid out. */
    async settle() {
      await rows(
        "update private.sandbox_attempts set created_at = now() - interval '3 days' where state = 'captured'",
      );
      return epochMs(Date.now());
    },
    close: () => db.drop(),
  };
}
