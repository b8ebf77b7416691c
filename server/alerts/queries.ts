import { type AvailabilityAlert, alertStatus } from "#contract/alerts.ts";
import { countLimits } from "#rules/limits.ts";
import type { SystemTx, UserTx } from "../platform/database/database.ts";

function selectAlerts(tx: UserTx | SystemTx) {
  return tx.db
    .selectFrom("availability_alerts as a")
    .innerJoin("expert_profiles as p", "p.id", "a.expert_id")
    .innerJoin("services as s", (join) =>
      join.onRef("s.id", "=", "a.service_id").onRef("s.expert_id", "=", "a.expert_id"),
    )
    .select([
      "a.id",
      "a.expert_id",
      "a.service_id",
      "a.duration",
      "a.from_date",
      "a.to_date",
      "a.timezone",
      "a.status",
      "a.fired_at",
      "a.created_at",
      "s.title",
      "p.username",
      "p.full_name",
      "p.headline",
    ]);
}

type AlertRow = Awaited<ReturnType<ReturnType<typeof selectAlerts>["executeTakeFirstOrThrow"]>>;

/** Returns the caller's alerts, newest first. */
export async function listAlerts(tx: UserTx, userId: string): Promise<AvailabilityAlert[]> {
  const rows = await selectAlerts(tx)
    .where("a.user_id", "=", userId)
    .orderBy("a.created_at", "desc")
    .limit(countLimits.alertsListed)
    .execute();
  return rows.map(presentAlert);
}

export async function readAlert(tx: SystemTx, id: string): Promise<AvailabilityAlert> {
  return presentAlert(await selectAlerts(tx).where("a.id", "=", id).executeTakeFirstOrThrow());
}

function presentAlert(row: AlertRow): AvailabilityAlert {
  return {
    id: row.id,
    expert_id: row.expert_id,
    service_id: row.service_id,
    service_title: row.title,
    duration: row.duration,
    from: row.from_date,
    to: row.to_date,
    timezone: row.timezone,
    status: alertStatus.parse(row.status),
    fired_at: row.fired_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    mentor: { id: row.expert_id, username: row.username, full_name: row.full_name, headline: row.headline },
  };
}
