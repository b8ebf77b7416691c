import { setTimeout as sleep } from "node:timers/promises";
import { runJobs } from "../../server/testing/jobs.ts";
import { callOver } from "../overHttp.ts";
import type { Finding } from "../proof.ts";
import { onStage, type Stage } from "../stage.ts";
import { ask, askUntilCut, check, planAttempts, type Seen } from "./attempts.ts";
import { killBeforeAnswer } from "./lostAnswer.ts";
import { killAt, type Point, points } from "./points.ts";
import { startVictim } from "./victim.ts";

type Play = (stage: Stage, round: number) => Promise<Seen>;

const atPoint =
  (point: Point): Play =>
  async ({ test, people }) => {
    const { mentor, attempts } = await planAttempts(test, people, 3);
    const victim = await startVictim("main", test.db.ownerUrl);
    const [first, second] = attempts;
    const before = await ask(first!, victim.address);
    if (typeof before !== "string") first!.id = before.id;
    await killAt(test.db.owner, point, "public.bookings", {
      run: () => ask(second!, victim.address),
      kill: () => victim.kill(),
    });
    const next = await startVictim("main", test.db.ownerUrl);
    const seen = await check(test.db.owner, mentor, attempts, next.address);
    await next.kill();
    return seen;
  };

const beforeAnswer: Play = async ({ test, people }) => {
  const { mentor, attempts } = await planAttempts(test, people, 3);
  const [, second] = attempts;
  const wasThere = await killBeforeAnswer(test.db.ownerUrl, {
    statement: "book_sessions",
    ask: (address) => ask(second!, address),
    isThere: async () => {
      const { rowCount } = await test.db.owner.query("select from bookings where expert_id = $1", [
        mentor.id,
      ]);
      return rowCount === 1;
    },
  });
  const next = await startVictim("main", test.db.ownerUrl);
  const seen = await check(test.db.owner, mentor, attempts, next.address);
  await next.kill();
  return wasThere ? seen : { ...seen, faults: [...seen.faults, "it was not committed when it was cut"] };
};

const stepBeforeAnswer: Play = async ({ test, people, address }) => {
  const { database, owner, ownerUrl } = test.db;
  const { mentor, attempts } = await planAttempts(test, people, 2);
  const [first] = attempts;
  const made = await ask(first!, address);
  if (typeof made === "string") throw new Error(made);
  first!.id = made.id;
  await runJobs(test.db);
  const wasThere = await killBeforeAnswer(ownerUrl, {
    statement: "change_judged_status",
    ask: (at) =>
      callOver(at, first!.person.token)("POST", `/bookings/${made.id}/cancel`).catch(() => undefined),
    isThere: async () => {
      const cancelled = "select from bookings where id = $1 and status = 'cancelled'";
      return (await owner.query(cancelled, [made.id])).rowCount === 1;
    },
  });
  const announced = new Set<string>();
  const listener = await database.connectListener();
  listener.on("notification", ({ channel, payload }) => void announced.add(`${channel} ${payload}`));
  await listener.query("listen person; listen availability");
  await sleep(600);
  await runJobs(test.db);
  const wanted = [
    `availability ${mentor.id}`,
    `person ${mentor.id} bookings`,
    `person ${first!.person.id} bookings`,
  ];
  for (let waits = 0; waits < 200 && !wanted.every((line) => announced.has(line)); waits++) await sleep(10);
  await listener.end();
  const next = await startVictim("main", ownerUrl);
  const seen = await check(owner, mentor, attempts, next.address);
  await next.kill();
  const missing = wanted.filter((line) => !announced.has(line));
  return {
    ...seen,
    faults: [
      ...seen.faults,
      ...(wasThere ? [] : ["it was not committed when it was cut"]),
      ...(missing.length > 0 ? [`never announced: ${missing.length}`] : []),
    ],
  };
};

const underLoad: Play = async ({ test, people }, round) => {
  const { mentor, attempts } = await planAttempts(test, people, 64);
  const victim = await startVictim("main", test.db.ownerUrl);
  const asked = askUntilCut(attempts, victim.address);
  while (attempts.filter(({ id }) => id !== undefined).length < 4 * (1 + round)) await sleep(5);
  // The moment is another one in each round.
  await sleep(Math.random() * 40);
  await victim.kill();
  await asked;
  const next = await startVictim("main", test.db.ownerUrl);
  const seen = await check(test.db.owner, mentor, attempts, next.address);
  await next.kill();
  return seen;
};

export const appRows: readonly { promise: string; play: Play; long: number; short: number }[] = [
  ...Object.values(points).map((point) => ({
    promise: `A booking, the app killed ${point.name}`,
    play: atPoint(point),
    long: 3,
    short: 0,
  })),
  { promise: "The app is killed after the commit, before the answer", play: beforeAnswer, long: 3, short: 1 },
  {
    promise: "A cancellation, the app killed between commit and announcement: the worker announces it",
    play: stepBeforeAnswer,
    long: 3,
    short: 0,
  },
  { promise: "The app is killed at any moment under load", play: underLoad, long: 5, short: 0 },
];

/** Each round kills once; the jobs of all that was booked are done afterwards, once in effect. */
export function killTheApp(promise: string, play: Play, rounds: number): Promise<Finding> {
  return onStage(8, async (stage) => {
    const startedAt = performance.now();
    const total: Seen = { acknowledged: 0, found: 0, faults: [] };
    for (let round = 0; round < rounds; round++) {
      const seen = await play(stage, round);
      total.acknowledged += seen.acknowledged;
      total.found += seen.found;
      total.faults.push(...seen.faults);
    }
    await runJobs(stage.test.db);
    return findingOf(promise, rounds, total, startedAt, await jobFaults(stage));
  });
}

/** One word to the mentor for each booking and each cancellation: none is missing and none was sent twice. */
export async function jobFaults({ test }: Pick<Stage, "test">): Promise<string[]> {
  const { rows } = await test.db.owner.query<{ events: number; told: number }>(
    `select (select count(*) from booking_events) as events,
       (select count(*) from notifications) as told`,
  );
  const { events = 0, told = -1 } = rows[0] ?? {};
  return events === told ? [] : [`${told} notifications of ${events} events`];
}

export function findingOf(
  promise: string,
  kills: number,
  { acknowledged, found, faults }: Seen,
  startedAt: number,
  more: readonly string[] = [],
): Finding {
  const all = [...faults, ...more];
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const said =
    all.length > 0 ? `${all.length} faults (${[...new Set(all)].slice(0, 3).join("; ")})` : "no fault";
  return {
    promise,
    figure: `${kills} kills · ${acknowledged} acknowledged, ${found} found · ${said} · ${seconds} s`,
    holds: all.length === 0,
  };
}
