import { randomUUIDv7 } from "node:crypto";
import type { Series } from "#contract/series.ts";
import type { AppliedCoupon } from "../offers/priceTogether.ts";
import type { SystemTx } from "../platform/database/database.ts";
import type { Identity } from "../platform/http/identity.ts";

type NewSeries = Pick<Series, "expert_id" | "service_id" | "duration" | "pattern" | "payment"> & {
  /** Of whose sessions it takes a seat each. */
  programme_id?: string;
  coupon?: AppliedCoupon | null;
};

/** Writes the series of the caller, to which its sessions are added in the same transaction. Returns its id. */
export async function insertSeries(
  tx: SystemTx,
  caller: Identity,
  { expert_id, service_id, duration, pattern, payment, programme_id, coupon }: NewSeries,
): Promise<string> {
  const id = randomUUIDv7();
  await tx.client.query({
    name: "insert_series",
    text: `insert into series (id, expert_id, user_id, service_id, duration, pattern, payment, programme_id,
             before_coupon_minor)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      id,
      expert_id,
      caller.id,
      service_id,
      duration,
      pattern,
      payment,
      programme_id ?? null,
      coupon?.before.minor ?? null,
    ],
  });
  return id;
}
