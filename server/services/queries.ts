import type { Kysely } from "kysely";
import { jsonArrayFrom } from "kysely/helpers/postgres";
import type { Service } from "#contract/services.ts";
import { serviceCurrency, sessionType } from "#contract/services.ts";
import { decimalOf } from "#rules/money.ts";
import type { DB } from "../../db/types.gen.ts";
import { pricesOfRow } from "./prices.ts";

/** A mentor's services, oldest first, each with its lengths; deleted ones never. */
export async function listServices(
  db: Kysely<DB>,
  expertId: string,
  { enabledOnly = false, serviceId }: { enabledOnly?: boolean; serviceId?: string } = {},
): Promise<Service[]> {
  let query = db
    .selectFrom("services as s")
    .where("s.expert_id", "=", expertId)
    .where("s.deleted_at", "is", null)
    .select([
      "s.id",
      "s.expert_id",
      "s.session_type",
      "s.title",
      "s.description",
      "s.capacity",
      "s.currency",
      "s.recording_price_minor",
      "s.enabled",
      "s.instant_confirm",
      "s.cancel_cutoff",
      "s.reschedule_cutoff",
      "s.refund_full_cutoff",
      "s.refund_partial_cutoff",
      "s.refund_partial_percent",
      "s.opens_by_booking",
      "s.min_attendees",
      "s.decide_minutes",
      "s.late_join_minutes",
    ])
    .select((eb) =>
      jsonArrayFrom(
        eb
          .selectFrom("service_durations as d")
          .select(["d.minutes", "d.price_minor"])
          .whereRef("d.service_id", "=", "s.id")
          .whereRef("d.expert_id", "=", "s.expert_id")
          .orderBy("d.minutes"),
      ).as("durations"),
    )
    .orderBy("s.created_at")
    .orderBy("s.id");
  if (enabledOnly) query = query.where("s.enabled", "=", true);
  if (serviceId) query = query.where("s.id", "=", serviceId);
  const rows = await query.execute();
  return rows.map(({ recording_price_minor, durations, ...row }) => {
    const prices = pricesOfRow({ currency: row.currency, recording_price_minor, durations });
    return {
      ...row,
      session_type: sessionType.parse(row.session_type),
      currency: serviceCurrency.parse(row.currency),
      recording_price: prices.recordingPrice && decimalOf(prices.recordingPrice),
      durations: prices.durations.map(({ minutes, price }) => ({ minutes, price: decimalOf(price) })),
    };
  });
}
