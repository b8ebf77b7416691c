// The clean-ups on tables of ten million rows: how long the longest statement of each takes. CLEANUP_ROWS changes the number,
// CLEANUPS names some of the tasks.

import type { JobHelpers } from "graphile-worker";
import pg from "pg";
import { taskList } from "../../server/jobs/tasks.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { type Database, openDatabase } from "../../server/platform/database/database.ts";
import { type BenchMentor, makeMentors } from "../people.ts";
import { describeMachine, type Section } from "../report.ts";
import { figure, table } from "../table.ts";
import { openServer } from "../world.ts";
import { type Backlog, backlogs } from "./backlogs.ts";

const size = Number(process.env.CLEANUP_ROWS || 10_000_000);
const asked = (process.env.CLEANUPS || "").split(",").filter(Boolean);
/** A clean-up ends itself after this time, as when its worker stops, ms. */
const longestRun = 60_000;
const chunk = 500_000;

export async function measureCleanUps(): Promise<Section> {
  const server = await openServer();
  try {
    const { ownerUrl, appUrl } = server.urlsOf("matepeak");
    const owner = new pg.Client({ connectionString: ownerUrl });
    // Its statement reports what is wrong.
    owner.on("error", () => undefined);
    await owner.connect();
    const mentors = await makeMentors(owner, 10_000, { days: [1], start: "09:00", end: "17:00" });
    const database = openDatabase({ url: appUrl });
    const lines: string[][] = [];
    for (const backlog of backlogs) {
      const tasks = backlog.tasks.filter((task) => asked.length === 0 || asked.includes(task));
      if (tasks.length === 0) continue;
      await fill(owner, backlog, mentors);
      for (const task of tasks) lines.push(await runTask(database, task, backlog));
      await owner.query(`truncate ${backlog.table} cascade`);
      await owner.query("truncate graphile_worker._private_jobs");
    }
    await database.close();
    await owner.end();
    return {
      title: "Clean-ups of ten million rows",
      text: [
        describeMachine(server.postgresVersion),
        table(["", "rows of", "statements", "median", "longest", "seconds"], lines),
        legend,
      ].join("\n\n"),
    };
  } finally {
    await server.stop();
  }
}

const legend = `The job as it runs in a worker, with its rests, on a table of ${size.toLocaleString("en")} rows of which few are due, until none is or for
${longestRun / 1000} s ("…"). A statement is one slice, with its triggers, and the lists of mentors between them. Target: none over a second.`;

/** Fills the table past triggers and constraints, and builds its indexes afterwards. */
async function fill(owner: pg.Client, backlog: Backlog, mentors: readonly BenchMentor[]): Promise<void> {
  const begunAt = performance.now();
  const due = Math.ceil((backlog.due * size) / 10_000_000);
  const { rows: indexes } = await owner.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
     where i.indrelid = $1::regclass and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [backlog.table],
  );
  const { rows: checks } = await owner.query<{ name: string; definition: string }>(
    "select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = $1::regclass and contype = 'c'",
    [backlog.table],
  );
  for (const { name } of indexes) await owner.query(`drop index ${name}`);
  for (const { name } of checks) await owner.query(`alter table ${backlog.table} drop constraint ${name}`);
  await owner.query("set session_replication_role = replica");
  await owner.query("set synchronous_commit = off");
  await owner.query("set maintenance_work_mem = '512MB'");
  const people = [mentors.map(({ id }) => id), mentors.map(({ serviceId }) => serviceId)];
  for (let from = 1; from <= size; from += chunk)
    await owner.query(backlog.fill, [from, Math.min(size, from + chunk - 1), due, ...people]);
  for (const { definition } of indexes) await owner.query(definition);
  for (const { name, definition } of checks)
    await owner.query(`alter table ${backlog.table} add constraint ${name} ${definition} not valid`);
  await backlog.also?.(owner);
  await owner.query("reset session_replication_role");
  await owner.query("reset synchronous_commit");
  await owner.query(`vacuum analyze ${backlog.table}`);
  await owner.query("checkpoint");
  const seconds = ((performance.now() - begunAt) / 1000).toFixed(0);
  process.stdout.write(`${backlog.table}: filled in ${seconds} s\n`);
}

async function runTask(database: Database, task: string, { table: rowsOf }: Backlog): Promise<string[]> {
  const times: number[] = [];
  const asSystem: Database["asSystem"] = (reason, actor, work) =>
    database.asSystem(reason, actor, (tx) => {
      const query = async (...statement: Parameters<typeof tx.client.query>) => {
        const askedAt = performance.now();
        const result: unknown = await tx.client.query(...statement);
        times.push(performance.now() - askedAt);
        return result;
      };
      return work({ ...tx, client: { query } as typeof tx.client });
    });
  const abortSignal = AbortSignal.timeout(longestRun);
  const begunAt = performance.now();
  const tasks = taskList({ database: { ...database, asSystem }, now: systemClock, secret: "none" });
  await tasks[task]!({}, { abortSignal } as JobHelpers);
  const seconds = (performance.now() - begunAt) / 1000;
  const sorted = times.toSorted((a, b) => a - b);
  const line = [
    task,
    rowsOf.replace(/^\w+\./, ""),
    figure(times.length),
    `${figure(sorted[Math.floor(sorted.length / 2)] ?? 0)} ms`,
    `${figure(sorted.at(-1) ?? 0)} ms`,
    `${seconds.toFixed(0)}${abortSignal.aborted ? " …" : ""}`,
  ];
  process.stdout.write(`${line.join("  ")}\n`);
  return line;
}
