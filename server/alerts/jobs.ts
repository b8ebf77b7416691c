import type { TaskList } from "graphile-worker";
import { z } from "zod";
import type { NotificationFacts } from "#contract/notifications.ts";
import type { EpochMs } from "#scheduling/units.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { readSlots } from "../slots/queries.ts";

const mentorPayload = z.object({ mentor_id: z.uuid() });

interface ActiveAlert {
  id: string;
  expert_id: string;
  service_id: string;
  duration: number;
  from_date: string;
  to_date: string;
  timezone: string;
}

const reason = "looks whether somebody's wait is over";

/** `check_alerts` is enqueued, one per mentor, by every change that may make free time (private.enqueue_alert_check). */
export function alertTasks({ database, now }: Dependencies): TaskList {
  return {
    check_alerts: async (payload) => {
      const { mentor_id } = mentorPayload.parse(payload);
      await database.asSystem(reason, null, async (tx) => {
        // Locked: of two jobs the second finds what the first has left.
        const { rows } = await tx.client.query<ActiveAlert>("select * from private.lock_active_alerts($1)", [
          mentor_id,
        ]);
        for (const alert of rows) await fireIfOpen(tx, alert, now());
      });
    },
    check_all_alerts: async () => {
      await database.asSystem("the booking windows have moved on", null, ({ client }) =>
        client.query(
          `select private.enqueue('check_alerts', jsonb_build_object('mentor_id', id), 'check_alerts:' || id)
           from private.mentors_with_alerts() id`,
        ),
      );
    },
    expire_alerts: async () => {
      await database.asSystem("these days are over", null, ({ client }) =>
        client.query("select private.expire_alerts()"),
      );
    },
  };
}

async function fireIfOpen(tx: SystemTx, alert: ActiveAlert, now: EpochMs): Promise<void> {
  const first = await firstFreeStart(tx, alert, now);
  if (!first) return;
  const { rows } = await tx.client.query<{ full_name: string; username: string; title: string }>(
    "select p.full_name, p.username, s.title from expert_profiles p, services s where p.id = $1 and s.id = $2",
    [alert.expert_id, alert.service_id],
  );
  const [about] = rows;
  if (!about) return;
  const facts: NotificationFacts = {
    role: "student",
    counterpart: about.full_name,
    service_title: about.title,
    mentor_username: about.username,
    starts_at: first,
    service_id: alert.service_id,
    duration: alert.duration,
    from_date: alert.from_date,
    to_date: alert.to_date,
  };
  await tx.client.query("select private.trigger_alert($1, $2)", [alert.id, JSON.stringify(facts)]);
}

async function firstFreeStart(tx: SystemTx, alert: ActiveAlert, now: EpochMs): Promise<string | undefined> {
  const { from_date: from, to_date: to, duration, timezone, service_id } = alert;
  const question = { from, to, duration, timezone, service_id, include: "available" } as const;
  try {
    const { days } = await readSlots(tx.client, alert.expert_id, question, now);
    return days.find(({ slots }) => slots.length > 0)?.slots[0]?.starts_at;
  } catch (error) {
    // The mentor no longer offers this; perhaps again before the days are over.
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
