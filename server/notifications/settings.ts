import type { z } from "zod";
import type { NotificationSettings, updateNotificationSettings } from "#contract/notificationSettings.ts";
import { type Topic, usualReminderLeads } from "#rules/topics.ts";
import type { Database, SystemTx, UserTx } from "../platform/database/database.ts";

type Change = z.output<typeof updateNotificationSettings>;

/** Returns the caller's settings; the defaults if none are stored. */
export async function readNotificationSettings(tx: UserTx, personId: string): Promise<NotificationSettings> {
  const stored = await tx.db
    .selectFrom("notification_settings")
    .selectAll()
    .where("user_id", "=", personId)
    .executeTakeFirst();
  const { rows } = await tx.client.query<{ reachable: boolean }>(
    "select private.has_reachable_address() as reachable",
  );
  const { quiet_from = null, quiet_until = null } = stored ?? {};
  return {
    muted: (stored?.muted ?? []) as NotificationSettings["muted"],
    reminder_leads: (stored?.reminder_leads ?? usualReminderLeads) as NotificationSettings["reminder_leads"],
    quiet_hours: quiet_from && quiet_until ? { from: quiet_from, until: quiet_until } : null,
    is_address_reachable: rows[0]?.reachable ?? true,
  };
}

/** Changes the caller's settings, and schedules the reminders of their sessions again if those changed. */
export async function changeNotificationSettings(
  database: Database,
  personId: string,
  { muted, reminder_leads, quiet_hours }: Change,
): Promise<NotificationSettings> {
  const change = {
    ...(muted && { muted: [...new Set(muted)] }),
    ...(reminder_leads && { reminder_leads: [...new Set(reminder_leads)].sort((one, other) => other - one) }),
    ...(quiet_hours !== undefined && {
      quiet_from: quiet_hours?.from ?? null,
      quiet_until: quiet_hours?.until ?? null,
    }),
  };
  return database.asUser(personId, async (tx) => {
    if (Object.keys(change).length > 0) {
      await tx.db
        .insertInto("notification_settings")
        .values({ user_id: personId, ...change })
        .onConflict((conflict) => conflict.column("user_id").doUpdateSet(change))
        .execute();
    }
    if (reminder_leads) await tx.client.query("select private.arm_own_reminders()");
    return readNotificationSettings(tx, personId);
  });
}

/** Ends the mails of a topic for a person; nothing if they have ended before, or the account is gone. */
export async function muteMails({ client }: SystemTx, personId: string, topic: Topic): Promise<void> {
  await client.query("select private.mute_topic($1, $2)", [personId, `email:${topic}`]);
}
