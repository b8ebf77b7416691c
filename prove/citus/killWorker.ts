import { exec } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { ledgerFaults } from "../../server/testing/ledger.ts";
import type { Cluster, Machine } from "./cluster.ts";
import { type Seen, untilKnown } from "./core.ts";

/** Commands of a shell that kill a worker and start it again; they read WORKER_HOST and WORKER_PORT. */
export interface KillCommands {
  kill: string;
  start: string;
}

const mentors = 20;
/** How long is booked before the kill and while the worker is away, ms. */
const [before, away] = [3_000, 6_000];
/** ms; Citus looks each minute for what a lost machine had prepared. */
const longestRecovery = 150_000;

interface Line {
  mentor: string;
  isOnVictim: boolean;
  /** Ids of bookings that were acknowledged, with when. */
  acknowledged: { id: string; at: number }[];
  refusedAt: number[];
}

/** Twenty mentors are booked through the coordinator, one booking after another, while a worker is killed and comes back. */
export async function workerKilled(url: string, cluster: Cluster, commands: KillCommands): Promise<Seen> {
  const { owner, workers, students } = cluster;
  const victim = workers.at(-1);
  if (!victim) throw new Error("The cluster has no worker.");
  const places: Awaited<ReturnType<Cluster["makeMentor"]>>[] = [];
  while (places.length < mentors) places.push(await cluster.makeMentor());
  const state = { isOver: false };
  const lines: Line[] = [];
  for (const { mentor } of places)
    lines.push({ mentor, isOnVictim: await isOn(owner, mentor, victim), acknowledged: [], refusedAt: [] });
  const booking = Promise.all(
    places.map((place, at) => bookOn(url, place, rotated(students, at * 10), lines[at]!, state)),
  );
  await sleep(before);
  await run(commands.kill, victim);
  const killedAt = performance.now();
  await sleep(away);
  const startingAt = performance.now();
  await run(commands.start, victim);
  const startedAt = performance.now();
  const isBack = ({ acknowledged }: Line) => acknowledged.some(({ at }) => at > startedAt);
  while (!lines.every(isBack) && performance.now() - startedAt < longestRecovery) await sleep(100);
  const recovery = performance.now() - startedAt;
  state.isOver = true;
  await booking;
  return judge(owner, lines, { killedAt, startingAt, startedAt, recovery });
}

async function isOn(owner: pg.Client, mentor: string, { host, port }: Machine): Promise<boolean> {
  const { rows } = await owner.query<{ is_on: boolean }>(
    `select exists (
       select from pg_dist_shard_placement p
       where p.shardid = get_shard_id_for_distribution_column('public.expert_profiles', $1::uuid)
         and p.nodename = $2 and p.nodeport = $3) as is_on`,
    [mentor, host, port],
  );
  return rows[0]?.is_on === true;
}

/** Books hour after hour. What failed is in doubt, so its hour is not asked for again. */
async function bookOn(
  url: string,
  place: { mentor: string; service: string },
  students: readonly string[],
  { acknowledged, refusedAt }: Line,
  state: { isOver: boolean },
): Promise<void> {
  const client = new pg.Client({ connectionString: url, statement_timeout: 15_000 });
  await client.connect();
  for (let hour = 0; !state.isOver; hour++) {
    const [id, student = ""] = [randomUUID(), students[hour % students.length]];
    try {
      if ((await untilKnown(client, place, { student, minute: hour * 60, id })) === "booked")
        acknowledged.push({ id, at: performance.now() });
    } catch {
      refusedAt.push(performance.now());
      await sleep(100);
    }
  }
  await client.end();
}

/** A person has a cap on sessions ahead, so each mentor's are of all people in turn. */
const rotated = (people: readonly string[], by: number) => [...people.slice(by), ...people.slice(0, by)];

async function run(command: string, { host, port }: Machine): Promise<void> {
  await promisify(exec)(command, {
    env: { ...process.env, WORKER_HOST: host, WORKER_PORT: String(port) },
  });
}

interface Times {
  killedAt: number;
  /** From here on the worker may be back, and has been since `startedAt`. */
  startingAt: number;
  startedAt: number;
  recovery: number;
}

async function judge(owner: pg.Client, lines: readonly Line[], times: Times): Promise<Seen> {
  const { killedAt, startingAt, startedAt, recovery } = times;
  // A statement that was under way when the worker was killed may have been acknowledged a moment later.
  const isAway = (at: number) => at > killedAt + 500 && at < startingAt;
  const [lost, spared] = [lines.filter((line) => line.isOnVictim), lines.filter((line) => !line.isOnVictim)];
  const bookedAway = (of: readonly Line[]) =>
    of.reduce((sum, { acknowledged }) => sum + acknowledged.filter(({ at }) => isAway(at)).length, 0);
  const all = lines.flatMap(({ acknowledged }) => acknowledged.map(({ id }) => id));
  const { rows } = await owner.query<{ found: number; overlaps: number }>(
    `select (select count(*)::int from public.bookings where id = any($2) and expert_id = any($1)) as found,
       (select count(*)::int from public.occupancies a join public.occupancies b
          on b.expert_id = a.expert_id and a.id < b.id and a.during && b.during where a.expert_id = any($1)) as overlaps`,
    [lines.map(({ mentor }) => mentor), all],
  );
  const { found = -1, overlaps = -1 } = rows[0] ?? {};
  const outcomes = {
    "mentors on the killed worker": lost.length,
    "booked on the other one meanwhile": bookedAway(spared),
    "refused meanwhile": lost.reduce((sum, { refusedAt }) => sum + refusedAt.filter(isAway).length, 0),
    "acknowledged in all": all.length,
    "s until all were booked again": Math.ceil(recovery / 1000),
  };
  const checks: [boolean, string][] = [
    [lost.length > 0 && spared.length > 0, "all mentors are on one worker"],
    [spared.every((line) => bookedAway([line]) > 0), "a mentor of the other worker was not booked meanwhile"],
    [bookedAway(lost) === 0, "a mentor of the killed worker was booked meanwhile"],
    [
      lines.every(({ acknowledged }) => (acknowledged.at(-1)?.at ?? 0) > startedAt),
      "a mentor was not booked again",
    ],
    [found === all.length, `${all.length - found} acknowledged bookings are lost`],
    [overlaps === 0, `${overlaps} overlaps`],
    [(await ledgerFaults(owner)).length === 0, "the ledger and the bookings differ"],
  ];
  return { outcomes, faults: checks.filter(([holds]) => !holds).map(([, fault]) => fault) };
}
