import type { TaskList } from "graphile-worker";
import { z } from "zod";
import { moneyOfMinor } from "#rules/money.ts";
import type { PaymentProvider, ProviderTransfer, Transfers } from "../payments/provider.ts";
import { ProviderUnclear, requireProvider } from "../payments/settle.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { inSlices, sliceSizes } from "../platform/queue/slices.ts";
import { openLinkedAccount } from "./payoutAccount.ts";
import { fillRun, returnPayouts } from "./runs.ts";

const runPayload = z.object({ run_id: z.uuid() });
const payoutPayload = z.object({ mentor_id: z.uuid(), payout_id: z.uuid() });
const reason = "payouts are of many mentors";
const mostTransfers = 100;

interface Claim {
  verdict: "claimed" | "busy" | "over";
  provider: string;
  attempt_id: string;
  transfer_id: string | null;
  sealed_account: Buffer | null;
  amount_minor: number;
  currency: string;
}

/** What moves payouts on. Each may run twice, at once or late. */
export function payoutTasks(
  { database, secret }: Pick<Dependencies, "database"> & { secret: string },
  provider: PaymentProvider | null,
): TaskList {
  const tasks: TaskList = {
    fill_payout_run: async (payload) => {
      await fillRun(database, runPayload.parse(payload).run_id);
    },
    return_run_payouts: async (payload) => returnPayouts(database, runPayload.parse(payload).run_id),
    forget_payout_accounts: inSlices(
      database,
      { task: "forget_payout_accounts", reason },
      "select private.forget_payout_accounts($1) as count",
      sliceSizes.plain,
    ),
    send_transfers: async () => undefined,
  };
  if (!provider) return tasks;
  const { transfers } = provider;
  return {
    ...tasks,
    send_transfer: async (payload) => {
      const { mentor_id, payout_id } = payoutPayload.parse(payload);
      await sendTransfer(mentor_id, payout_id);
    },
    send_transfers: async () => {
      const { rows } = await database.asSystem(reason, null, ({ client }) =>
        client.query<{ mentor_id: string; payout_id: string }>("select * from private.open_transfers($1)", [
          mostTransfers,
        ]),
      );
      for (const { mentor_id, payout_id } of rows) {
        // It is due again soon; the others must not wait for it.
        await sendTransfer(mentor_id, payout_id).catch((error: unknown) => {
          if (!(error instanceof ProviderUnclear)) throw error;
        });
      }
    },
  };

  /** @throws ProviderUnclear if it is not known how the transfer has ended */
  async function sendTransfer(mentorId: string, payoutId: string): Promise<void> {
    const { rows } = await database.asSystem(reason, null, ({ last }) =>
      last.client.query<Claim>("select * from private.claim_transfer($1, $2)", [mentorId, payoutId]),
    );
    const [claim] = rows;
    if (!claim || claim.verdict === "over") return;
    // Two calls at once would be two transfers: the provider knows no idempotency key here.
    if (claim.verdict === "busy") throw new ProviderUnclear("another call about this payout is under way");
    if (provider) requireProvider(provider, claim);
    if (!transfers || !claim.sealed_account) {
      await note(mentorId, payoutId, "failed", null, "no_account");
      return;
    }
    const said = await ask(transfers, mentorId, payoutId, claim);
    // The claim stays: the call may still be under way.
    if (said.kind === "unknown") throw new ProviderUnclear(said.message);
    if (said.kind === "refused") {
      await note(mentorId, payoutId, "failed", claim.transfer_id, `${said.code}: ${said.message}`);
      return;
    }
    const { id, failure } = said.value;
    await note(mentorId, payoutId, stateOf(said.value), id, failure ?? null);
  }

  async function ask(made: Transfers, mentorId: string, payoutId: string, claim: Claim) {
    if (claim.transfer_id) return made.fetchTransfer(claim.transfer_id);
    return made.transfer({
      payoutId,
      attemptId: claim.attempt_id,
      account: openLinkedAccount(secret, mentorId, claim.sealed_account ?? Buffer.alloc(0)),
      amount: moneyOfMinor(claim.amount_minor, claim.currency),
    });
  }

  async function note(
    mentorId: string,
    payoutId: string,
    state: string,
    id: string | null,
    why: string | null,
  ) {
    await database.asSystem(reason, null, ({ last }) =>
      last.client.query("select private.note_transfer($1, $2, $3, $4, $5)", [
        mentorId,
        payoutId,
        state,
        id,
        why ?? (state === "failed" ? "failed" : null),
      ]),
    );
  }
}

function stateOf({ state }: ProviderTransfer): "sent" | "paid" | "failed" | "reversed" {
  switch (state) {
    case "pending":
      return "sent";
    case "done":
      return "paid";
    case "failed":
    case "reversed":
      return state;
    default:
      return state satisfies never;
  }
}
