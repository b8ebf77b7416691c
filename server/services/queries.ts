import type { Kysely } from "kysely";
import { jsonArrayFrom } from "kysely/helpers/postgres";
import type { Service } from "#contract/services.ts";
import { sessionType } from "#contract/services.ts";
import type { DB } from "../../db/types.gen.ts";

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
      "s.recording_price",
      "s.enabled",
      "s.instant_confirm",
      "s.cancel_cutoff",
      "s.reschedule_cutoff",
    ])
    .select((eb) =>
      jsonArrayFrom(
        eb
          .selectFrom("service_durations as d")
          .select(["d.minutes", "d.price"])
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
  return rows.map((row) => ({
    ...row,
    session_type: sessionType.parse(row.session_type),
    currency: "INR",
    durations: row.durations.map(({ minutes, price }) => ({ minutes, price })),
  }));
}
