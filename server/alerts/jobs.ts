import type { TaskList } from "graphile-worker";
import { z } from "zod";
import type { EpochMs, LocalDate, Minutes } from "#scheduling/units.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { inSlices, slicedTask, sliceSizes } from "../platform/queue/slices.ts";
import { readSlots } from "../slots/queries.ts";

const mentorPayload = z.object({ mentor_id: z.uuid() });

interface ActiveAlert {
  id: string;
  expert_id: string;
  service_id: string;
  duration: Minutes;
  from_date: LocalDate;
  to_date: LocalDate;
  timezone: string;
}

const reason = "alerts belong to many students";

/** `check_alerts` is enqueued once per mentor by every change that can free time (private.enqueue_alert_check). */
export function alertTasks({ database, now }: Dependencies, sizes = sliceSizes): TaskList {
  return {
    check_alerts: async (payload) => {
      const { mentor_id } = mentorPayload.parse(payload);
      await database.asSystem(reason, null, async (tx) => {
        // Locked: a second job finds only what the first one has left.
        const { rows } = await tx.client.query<ActiveAlert>("select * from private.lock_active_alerts($1)", [
          mentor_id,
        ]);
        for (const alert of rows) await fireIfOpen(tx, alert, now());
      });
    },
    check_all_alerts: slicedTask(
      database,
      { task: "check_all_alerts", reason: "the booking windows have moved on" },
      async (runSlice) => {
        let after = noId;
        for (let found = sizes.withEffects; found >= sizes.withEffects; ) {
          const mentors = await runSlice((tx) => enqueueChecks(tx, sizes.withEffects, after));
          found = mentors.length;
          after = mentors.at(-1) ?? after;
        }
      },
    ),
    expire_alerts: inSlices(
      database,
      { task: "expire_alerts", reason: "these days are over" },
      "select private.expire_alerts($1) as count",
      sizes.changed,
    ),
  };
}

/** Before every id. */
const noId = "00000000-0000-0000-0000-000000000000";

/** Enqueues the check of the next mentors with alerts, in the order of their ids, and returns these. */
async function enqueueChecks({ client }: SystemTx, most: number, after: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select id, private.enqueue('check_alerts', jsonb_build_object('mentor_id', id), 'check_alerts:' || id)
     from private.mentors_with_alerts($1, $2) id order by id`,
    [most, after],
  );
  return rows.map(({ id }) => id);
}

async function fireIfOpen(tx: SystemTx, alert: ActiveAlert, now: EpochMs): Promise<void> {
  const first = await firstFreeStart(tx, alert, now);
  if (!first) return;
  await tx.client.query("select private.trigger_alert($1, $2)", [alert.id, first]);
}

async function firstFreeStart(tx: SystemTx, alert: ActiveAlert, now: EpochMs): Promise<string | undefined> {
  const { from_date: from, to_date: to, duration, timezone, service_id } = alert;
  const question = { from, to, duration, timezone, service_id, include: "available" } as const;
  try {
    const { days } = await readSlots(tx.client, alert.expert_id, question, now);
    return days.find(({ slots }) => slots.length > 0)?.slots[0]?.starts_at;
  } catch (error) {
    // The mentor no longer offers this, but may do so again before the days have passed.
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
