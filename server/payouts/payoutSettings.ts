import { moneyOf } from "#rules/money.ts";
import type { Config } from "../platform/config.ts";
import type { Database } from "../platform/database/database.ts";

/** Tells the database from which amount a second administrator has to approve. */
export async function storePayoutSettings(
  database: Database,
  { payoutApprovalAbove }: Pick<Config, "payoutApprovalAbove">,
): Promise<void> {
  await database.commands.query("select private.set_payout_settings($1)", [
    moneyOf(payoutApprovalAbove, "INR").minor,
  ]);
}
