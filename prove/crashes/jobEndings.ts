import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Finding, Scale } from "../proof.ts";
import { asTwin } from "../rounds.ts";
import { onStage } from "../stage.ts";
import { startVictim, type Victim } from "./victim.ts";

/** How long the worker may take for all jobs of a round once nothing is killed any more, ms. */
const timeout = 60_000;
const batch = 20;

const sizes: Record<Scale, { cuts: number; storms: number }> = {
  short: { cuts: 6, storms: 0 },
  long: { cuts: 200, storms: 400 },
};

/** A backend dies while it records that a job has ended: the process goes on, and the job is done. */
export async function cutJobEndings(scale: Scale): Promise<Finding[]> {
  const { cuts, storms } = sizes[scale];
  const findings = [
    await cutAtTheEnd(
      "A job's connection is killed while its end is recorded: the process keeps running",
      "worker",
      cuts,
    ),
  ];
  if (scale === "long") {
    const promise = "with the queue's library alone, the process ends";
    findings.push(asTwin(promise, await cutAtTheEnd("the library alone", "unguardedWorker", 20)));
    findings.push(await stormOfKills(storms));
  }
  return findings;
}

/** Every second statement that ends a job (done or failed) terminates its own backend, until `cuts` have. */
function cutAtTheEnd(promise: string, program: "worker" | "unguardedWorker", cuts: number): Promise<Finding> {
  return onStage(0, async ({ test }) => {
    const { owner } = test.db;
    await owner.query(`
      create sequence private.endings;
      create function private.cut_ending() returns trigger language plpgsql security definer as $$
        declare ending bigint := nextval('private.endings');
        begin
          if ending % 2 = 1 and ending < ${2 * cuts} then
            perform pg_terminate_backend(pg_backend_pid()), pg_sleep(5);
          end if;
          return coalesce(new, old);
        end $$`);
    const worker = await startVictim(program, test.db.ownerUrl);
    await owner.query(`
      create trigger cut_done before delete on graphile_worker._private_jobs
        for each row execute function private.cut_ending();
      create trigger cut_failed before update of last_error on graphile_worker._private_jobs
        for each row when (new.last_error is distinct from old.last_error) execute function private.cut_ending()`);
    const startedAt = performance.now();
    const killed = async () => {
      const { rows } = await owner.query<{ endings: number }>(
        "select last_value as endings from private.endings",
      );
      return Math.min(cuts, Math.ceil((rows[0]?.endings ?? 0) / 2));
    };
    while ((await killed()) < cuts && worker.ended() === undefined) {
      await enqueue(owner, batch);
      await untilDone(owner, worker);
    }
    return findingOf(promise, worker, { killed: await killed(), startedAt, left: await left(owner) });
  });
}

/** Kills all connections of the worker repeatedly while jobs begin and end. */
function stormOfKills(kills: number): Promise<Finding> {
  return onStage(0, async ({ test }) => {
    const { owner } = test.db;
    const worker = await startVictim("worker", test.db.ownerUrl);
    const startedAt = performance.now();
    let killed = 0;
    while (killed < kills && worker.ended() === undefined) {
      if ((await left(owner)) < batch) await enqueue(owner, batch);
      await sleep(Math.random() * 60);
      const { rowCount } = await owner.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'matepeak matepeak_jobs' and datname = current_database()`,
      );
      killed += rowCount ?? 0;
    }
    await untilDone(owner, worker);
    return findingOf("All of a worker's connections are killed repeatedly: it keeps running", worker, {
      killed,
      startedAt,
      left: await left(owner),
    });
  });
}

/** Enqueues jobs of which half find nothing to do and half fail. */
async function enqueue(owner: pg.ClientBase, count: number): Promise<void> {
  await owner.query(
    `select private.enqueue('notify_booking_event',
       jsonb_build_object(
         'mentor_id', '00000000-0000-4000-8000-000000000000', 'event_id', case when n % 2 = 0 then '0'::jsonb else '"none"'::jsonb end))
     from generate_series(1, $1) n`,
    [count],
  );
}

/** Counts the jobs whose end is not recorded: neither deleted nor scheduled for a retry. */
async function left(owner: pg.ClientBase): Promise<number> {
  const { rowCount } = await owner.query(
    `select from graphile_worker.jobs
     where task_identifier = 'notify_booking_event' and (locked_by is not null or last_error is null)`,
  );
  return rowCount ?? 0;
}

async function untilDone(owner: pg.ClientBase, worker: Victim): Promise<void> {
  const since = performance.now();
  while ((await left(owner)) > 0 && worker.ended() === undefined && performance.now() - since < timeout)
    await sleep(20);
}

async function findingOf(
  promise: string,
  worker: Victim,
  { killed, startedAt, left }: { killed: number; startedAt: number; left: number },
): Promise<Finding> {
  const ended = worker.ended();
  await worker.kill();
  const faults = [
    ...(ended === undefined ? [] : [`the process ended with ${ended}`]),
    ...(left === 0 ? [] : [`${left} jobs are left`]),
  ];
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return {
    promise,
    figure: `${killed} backends killed · ${faults.length > 0 ? faults.join("; ") : "no fault"} · ${seconds} s`,
    holds: faults.length === 0,
  };
}
