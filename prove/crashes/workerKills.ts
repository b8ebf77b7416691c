import { setTimeout as sleep } from "node:timers/promises";
import type { Finding } from "../proof.ts";
import { onStage } from "../stage.ts";
import { findingOf, jobFaults } from "./appKills.ts";
import { ask, planAttempts } from "./attempts.ts";
import { killAt, type Point, points } from "./points.ts";
import { startVictim } from "./victim.ts";

const rounds = 2;

export async function killTheWorker(): Promise<Finding[]> {
  return [await killAtPoint(points.inserted), await killAtPoint(points.committing)];
}

/** A worker is killed while it writes messages; the next one does its work, in time, and none of it twice. */
function killAtPoint(point: Point): Promise<Finding> {
  return onStage(4, async ({ test, people, address }) => {
    const startedAt = performance.now();
    const faults: string[] = [];
    let [acknowledged, longest] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      const { attempts } = await planAttempts(test, people, 4);
      const worker = await startVictim("worker", test.db.ownerUrl);
      await killAt(test.db.owner, point, "public.notifications", {
        run: async () => {
          for (const attempt of attempts)
            if (typeof (await ask(attempt, address)) !== "string") acknowledged += 1;
        },
        kill: () => worker.kill(),
      });
      const next = await startVictim("worker", test.db.ownerUrl);
      const since = performance.now();
      // Of booking events the history itself is the queue.
      const left = () =>
        test.db.owner.query(
          `select from graphile_worker.jobs where run_at <= now()
           union all select from booking_events where notified_at is null`,
        );
      while ((await left()).rowCount !== 0 && performance.now() - since < 60_000) await sleep(50);
      longest = Math.max(longest, performance.now() - since);
      await next.kill();
    }
    if (longest > 30_000) faults.push("the work of the killed one was not done");
    const stored = await test.db.owner.query("select from bookings");
    const seen = { acknowledged, found: stored.rowCount ?? 0, faults };
    if (seen.found !== acknowledged) faults.push("acknowledged and stored differ");
    const finding = findingOf(
      `Messages of a booking, the worker killed ${point.name}: the next one writes them, once`,
      rounds,
      seen,
      startedAt,
      await jobFaults({ test }),
    );
    return {
      ...finding,
      figure: `${finding.figure} · all done ${(longest / 1000).toFixed(1)} s after the restart`,
    };
  });
}
