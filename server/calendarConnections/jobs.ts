import type { TaskList } from "graphile-worker";
import { loginNoticeDays } from "#rules/calendarHealth.ts";
import { MINUTE_MS } from "#scheduling/units.ts";
import type { Dependencies } from "../platform/http/route.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import { slicedTask, sliceSizes } from "../platform/queue/slices.ts";
import type { Connecting } from "./connectionKinds.ts";
import { released, releaseLogin } from "./releaseLogin.ts";
import { type Syncing, syncNext } from "./sync.ts";

/** How many connections a process reads at a time: more than a few slow hosts can hold. */
const lanes = 8;
/** A run ends before the next ones pile up; what is left is due then. */
const longestRunMs = 5 * MINUTE_MS;

/** What keeps the busy times of connected calendars current. Any number of workers may run each at once. */
export function calendarTasks(
  dependencies: Pick<Dependencies, "database" | "now">,
  connecting: Connecting | null,
  metrics?: Pick<Metrics, "calendarReads">,
): TaskList {
  const { database } = dependencies;
  const tasks: TaskList = {
    sync_calendars: async () => undefined,
    reseal_calendar_logins: async () => undefined,
    release_calendar_login: async () => undefined,
  };
  if (!connecting) return tasks;
  const { logins, staleMinutes } = connecting;
  let isRunning = false;
  return {
    sync_calendars: async (_payload, { abortSignal, logger }) => {
      if (isRunning) return;
      const syncing: Syncing = {
        ...dependencies,
        ...connecting,
        metrics,
        onFault: (error, id) => logger.error(`The calendar connection ${id} was not read`, { error }),
      };
      isRunning = true;
      const until = performance.now() + longestRunMs;
      const failures: unknown[] = [];
      const lane = async () => {
        while (!abortSignal.aborted && performance.now() < until) {
          try {
            if ((await syncNext(syncing)) === "not_due") return;
          } catch (error) {
            // The database did not answer. A lease ends by itself; the others must not wait for it.
            failures.push(error);
            if (failures.length > lanes) return;
          }
        }
      };
      try {
        await Promise.all(Array.from({ length: lanes }, lane));
        await database.asSystem("connections of many people grow old", null, async ({ client }) => {
          await client.query("select private.mark_stale_connections($1, $2 * interval '1 minute')", [
            sliceSizes.withEffects,
            staleMinutes,
          ]);
          await client.query("select private.mark_ending_logins($1, $2 * interval '1 day')", [
            sliceSizes.withEffects,
            loginNoticeDays,
          ]);
        });
      } finally {
        isRunning = false;
      }
      if (failures.length > 0) throw failures[0];
    },
    // Enqueued by the database with all that is needed (private.release_login).
    release_calendar_login: (payload) =>
      releaseLogin({ ...dependencies, ...connecting }, released.parse(payload)),
    reseal_calendar_logins: slicedTask(
      database,
      { task: "reseal_calendar_logins", reason: "a new key seals the logins of all people" },
      async (runSlice) => {
        let after: string | null = null;
        for (let found = sliceSizes.withEffects; found >= sliceSizes.withEffects; ) {
          found = await runSlice(async ({ client }) => {
            const { rows } = await client.query<{ id: string; credential: Buffer }>(
              "select * from private.credentials_of_other_keys($1, $2, $3)",
              [sliceSizes.withEffects, logins.prefix, after],
            );
            for (const { id, credential } of rows) {
              const sealed = resealed(id, credential);
              if (!sealed) continue;
              await client.query("select private.reseal_credential($1, $2, $3)", [id, credential, sealed]);
            }
            after = rows.at(-1)?.id ?? after;
            return rows.length;
          });
        }
      },
    ),
  };

  /** Null if its key is no longer there: the others are sealed again all the same. */
  function resealed(id: string, credential: Buffer): Buffer | null {
    try {
      return logins.reseal(credential, id);
    } catch {
      // The next read reports it to its owner.
      return null;
    }
  }
}
