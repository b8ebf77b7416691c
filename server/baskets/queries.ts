import { sql } from "kysely";
import { type Basket, basket } from "#contract/baskets.ts";
import { decimalOfMinor } from "#rules/money.ts";
import { listTogether, withoutExtras } from "../bookings/queries.ts";
import type { SystemTx, UserTx } from "../platform/database/database.ts";
import { mentorOfBasket } from "../platform/database/directory.ts";

/** One of the caller's baskets, as student or as mentor; undefined for other people's. */
export async function findBasket(tx: UserTx | SystemTx, id: string): Promise<Basket | undefined> {
  const row = await tx.db
    .selectFrom("baskets as k")
    .leftJoin("payments as p", (join) =>
      join
        .onRef("p.basket_id", "=", "k.id")
        .onRef("p.expert_id", "=", "k.expert_id")
        .on("p.booking_id", "is", null),
    )
    .select([
      "k.id",
      "k.expert_id",
      "k.user_id",
      "k.series_id",
      "k.total_minor",
      "k.currency",
      "k.created_at",
    ])
    .select(sql<string | null>`private.payment_status_of(p.expert_id, p.id)`.as("payment_status"))
    .where("k.id", "=", id)
    .where("k.expert_id", "=", await mentorOfBasket(tx, id))
    .executeTakeFirst();
  if (!row) return undefined;
  const bookings = await listTogether(tx, row.expert_id, "basket_id", id);
  const held = bookings.find(({ awaits_payment, status }) => awaits_payment && status === "pending");
  const { total_minor, created_at, payment_status, ...fields } = row;
  return basket.parse({
    ...fields,
    total_amount: decimalOfMinor(total_minor, row.currency),
    payment_status: payment_status ?? "free",
    held_until: held?.expires_at ?? null,
    bookings: bookings.map(withoutExtras),
    created_at: created_at.toISOString(),
  });
}

/** One that was just written. */
export async function requireBasket(tx: UserTx | SystemTx, id: string): Promise<Basket> {
  const found = await findBasket(tx, id);
  if (!found) throw new Error("The basket was not returned.");
  return found;
}
