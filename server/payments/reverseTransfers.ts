import { moneyOfMinor } from "#rules/money.ts";
import type { Outcome } from "./provider.ts";
import { ProviderUnclear, type Settling } from "./settle.ts";

/** Of private.claim_reversal(). */
interface Claim {
  verdict: "claimed" | "busy";
  reversal_id: string;
  payout_id: string;
  payout_state: string;
  transfer_id: string | null;
  amount_minor: number;
  currency: string;
}

const reason = "money that went to a mentor comes back for a student";

/**
 * Takes back what was transferred to a mentor of a payment that is about to be refunded. Once this returns, nothing is left
 * to take back.
 * @throws ProviderUnclear if that is not clear, or the transfer has not arrived yet
 */
export async function reverseTransfers(
  { database, provider }: Settling,
  mentorId: string,
  paymentId: string,
): Promise<void> {
  for (;;) {
    const { rows } = await database.asSystem(reason, null, ({ last }) =>
      last.client.query<Claim>("select * from private.claim_reversal($1, $2)", [mentorId, paymentId]),
    );
    const [claim] = rows;
    if (!claim) return;
    if (claim.verdict === "busy") throw new ProviderUnclear("another call about this transfer is under way");
    await reverse(claim);
  }

  async function reverse(claim: Claim): Promise<void> {
    const { transfers } = provider;
    if (claim.payout_state === "failed" || claim.payout_state === "reversed") return note(claim, "unneeded");
    if (claim.payout_state !== "paid") {
      // It ends the claim. The next round has one of its own, and the transfer's id.
      if ((await askState(claim)) === "sent") throw new ProviderUnclear("the transfer has not arrived yet");
      return;
    }
    if (!claim.transfer_id || !transfers) throw new ProviderUnclear("the provider makes no transfers");
    const reversed: Outcome<{ id: string }> = await transfers.reverse({
      reversalId: claim.reversal_id,
      transferId: claim.transfer_id,
      amount: moneyOfMinor(claim.amount_minor, claim.currency),
    });
    // The claim stays: the call may still be under way.
    if (reversed.kind === "unknown") throw new ProviderUnclear(reversed.message);
    if (reversed.kind === "refused")
      return note(claim, "refused", null, `${reversed.code}: ${reversed.message}`);
    return note(claim, "done", reversed.value.id);
  }

  /** What became of a transfer whose end is not known yet. */
  async function askState({ payout_id, transfer_id }: Claim): Promise<string> {
    const found = transfer_id ? await provider.transfers?.fetchTransfer(transfer_id) : undefined;
    const states = { pending: "sent", done: "paid", failed: "failed", reversed: "reversed" } as const;
    const state = found?.kind === "done" ? states[found.value.state] : "sent";
    const failure = found?.kind === "done" ? (found.value.failure ?? state) : null;
    const { rows } = await database.asSystem(reason, null, ({ last }) =>
      last.client.query<{ state: string }>("select private.note_transfer($1, $2, $3, $4, $5) as state", [
        mentorId,
        payout_id,
        state,
        transfer_id,
        failure,
      ]),
    );
    return rows[0]?.state ?? state;
  }

  async function note(claim: Claim, state: string, id: string | null = null, why: string | null = null) {
    await database.asSystem(reason, null, ({ last }) =>
      last.client.query("select private.note_reversal($1, $2, $3, $4, $5)", [
        mentorId,
        claim.reversal_id,
        state,
        id,
        why,
      ]),
    );
  }
}
