import type { BillingDetails, SaveBillingDetails, SaveTaxSettings, TaxSettings } from "#contract/tax.ts";
import type { Database, UserTx } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";

/** Coaching. */
const usualSac = "999293";
const usualRate = 1800;

/** Returns the caller's tax settings, or those of a mentor who has none. @throws Refusal `not_a_mentor` */
export async function readTaxSettings(tx: UserTx, callerId: string): Promise<TaxSettings> {
  const row = await tx.db
    .selectFrom("expert_profiles as p")
    .leftJoin("tax_settings as t", "t.expert_id", "p.id")
    .select([
      "t.enabled",
      "t.legal_name",
      "t.address",
      "t.state_code",
      "t.gstin",
      "t.sac",
      "t.rate_basis_points",
    ])
    .where("p.id", "=", callerId)
    .executeTakeFirst();
  if (!row) throw new Refusal("not_a_mentor");
  const { enabled, sac, rate_basis_points, ...details } = row;
  return {
    enabled: enabled ?? false,
    ...details,
    sac: sac ?? usualSac,
    rate: (rate_basis_points ?? usualRate) / 100,
  };
}

/** @throws Refusal `not_a_mentor` */
export async function saveTax(
  database: Database,
  caller: Identity,
  { rate, ...settings }: SaveTaxSettings,
): Promise<TaxSettings> {
  const row = { ...settings, rate_basis_points: Math.round(rate * 100) };
  return database.asUser(caller.id, async (tx) => {
    await tx.db
      .insertInto("tax_settings")
      .values({ expert_id: caller.id, ...row })
      .onConflict((conflict) => conflict.column("expert_id").doUpdateSet({ ...row, updated_at: new Date() }))
      .execute();
    return readTaxSettings(tx, caller.id);
  });
}

export async function readBillingDetails(tx: UserTx, callerId: string): Promise<BillingDetails> {
  const row = await tx.db
    .selectFrom("billing_details")
    .select(["name", "address", "state_code", "gstin"])
    .where("user_id", "=", callerId)
    .executeTakeFirst();
  return row ?? { name: null, address: null, state_code: null, gstin: null };
}

export async function saveBilling(
  database: Database,
  caller: Identity,
  details: SaveBillingDetails,
): Promise<BillingDetails> {
  return database.asUser(caller.id, async (tx) => {
    await tx.db
      .insertInto("billing_details")
      .values({ user_id: caller.id, ...details })
      .onConflict((conflict) =>
        conflict.column("user_id").doUpdateSet({ ...details, updated_at: new Date() }),
      )
      .execute();
    return readBillingDetails(tx, caller.id);
  });
}
