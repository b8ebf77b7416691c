import { captureLog } from "../../server/testing/logCapture.ts";
import { openTestApp, type TestApp } from "../../server/testing/testApp.ts";
import { openGivenDatabase } from "../../server/testing/testDatabase.ts";
import type { Finding, Prove } from "../proof.ts";
import * as app from "./app.ts";
import { type Cluster, openCluster } from "./cluster.ts";
import * as core from "./core.ts";
import { workerKilled } from "./killWorker.ts";

interface Scene {
  url: string;
  cluster: Cluster;
  /** The app on the cluster. */
  test: TestApp;
  /** The app on one machine. */
  single: TestApp;
}

interface Row {
  promise: string;
  play: (scene: Scene, round: number) => Promise<core.Seen>;
  rounds: number;
}

const onCluster = (play: (cluster: Cluster) => Promise<core.Seen>) => (scene: Scene) => play(scene.cluster);

const rows: readonly Row[] = [
  {
    promise: "One slot, 200 calls at one revision through all machines: one books it",
    play: onCluster(core.sameSlot),
    rounds: 20,
  },
  {
    promise: "Times that overlap by half an hour, judged again until known: no overlap",
    play: onCluster(core.overlapping),
    rounds: 20,
  },
  {
    promise: "One key, sent 30 times: one booking and one response",
    play: onCluster(core.oneKey),
    rounds: 10,
  },
  {
    promise: "40 plain inserts at one slot, with all their triggers: one books it",
    play: onCluster(core.plainInserts),
    rounds: 10,
  },
  {
    promise: "Two bookings moved to one time, the winner cancelled, the time booked again",
    play: onCluster(core.movedAndCancelled),
    rounds: 10,
  },
  {
    promise: "Series that meet in some dates: all dates of one, none of the others",
    play: onCluster(core.series),
    rounds: 5,
  },
  {
    promise: "A coupon for five uses, asked for twelve times: five uses",
    play: onCluster(core.coupons),
    rounds: 5,
  },
  {
    promise:
      "The app: a visitor finds a mentor and free times; a student signs up, books, moves, saves the mentor and cancels; the mentor sees the request and confirms",
    play: ({ test }) => app.fromVisitToSession(test),
    rounds: 5,
  },
  {
    promise:
      "Free times of the app, in three zones and lengths: those of the same hours, days off, travel, limits and bookings on one machine",
    play: ({ test, single }, round) => app.sameFreeTimes(test, single, round),
    rounds: 10,
  },
  {
    promise:
      "Time freed under a queue of three, the job run twice at once: offered to the first alone, after a lapse to the second, and of three acceptances at once one books it",
    play: ({ test }) => app.freedForAQueue(test),
    rounds: 5,
  },
  {
    promise:
      "A student and a mentor without sessions are removed, and the job follows to their rows on the workers; a person with a session is kept",
    play: ({ test }) => app.personRemoved(test),
    rounds: 2,
  },
  {
    promise: "The jobs of the clock run, each once with little to do and without a payment provider",
    play: ({ test }) => app.regularJobs(test),
    rounds: 1,
  },
];

export const citus: Prove = async () => {
  const title = "Distributed on Citus";
  const url = process.env.TEST_CITUS_URL;
  if (!url) {
    const figure = "not tried: TEST_CITUS_URL names no distributed database";
    return { title, findings: [{ promise: "The core on a Citus cluster", figure, holds: true }] };
  }
  const log = captureLog("error");
  const cluster = await openCluster(url, 200);
  const test = await openTestApp({ db: await openGivenDatabase(url), logger: log.options });
  const single = await openTestApp();
  try {
    const findings: Finding[] = [];
    const scene = { url, cluster, test, single };
    for (const row of rows) findings.push(await prove(scene, row));
    findings.push(await proveKill(scene));
    const logged = log.text();
    if (logged)
      findings.push({ promise: "The app logs no error", figure: logged.slice(0, 300), holds: false });
    return { title, findings, notes: notes(cluster) };
  } finally {
    await single.close();
    await test.close();
    await cluster.close();
  }
};

async function proveKill(scene: Scene): Promise<Finding> {
  const promise =
    "A worker is killed under bookings of 20 mentors: those of the other worker book on, all book again after its restart, and no acknowledged booking is lost";
  const { TEST_CITUS_KILL: kill, TEST_CITUS_START: start } = process.env;
  if (kill && start)
    return prove(scene, {
      promise,
      play: ({ url, cluster }) => workerKilled(url, cluster, { kill, start }),
      rounds: 1,
    });
  const figure = "not tried: TEST_CITUS_KILL and TEST_CITUS_START have no commands for it";
  return { promise, figure, holds: true };
}

async function prove(scene: Scene, { promise, play, rounds }: Row): Promise<Finding> {
  const startedAt = performance.now();
  const outcomes = new Map<string, number>();
  const faults: string[] = [];
  for (let round = 0; round < rounds; round++) {
    try {
      const seen = await play(scene, round);
      for (const [name, n] of Object.entries(seen.outcomes))
        outcomes.set(name, (outcomes.get(name) ?? 0) + n);
      faults.push(...seen.faults);
    } catch (error) {
      faults.push((error as Error).message);
    }
  }
  const figure = [
    `${rounds} ${rounds === 1 ? "round" : "rounds"}`,
    [...outcomes].map(([name, n]) => `${n} ${name}`).join(", "),
    faults.length > 0
      ? `${faults.length} faults (${[...new Set(faults)].slice(0, 3).join("; ")})`
      : "no fault",
    `${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  ].join(" · ");
  return { promise, figure, holds: faults.length === 0 };
}

const notes = ({ workers }: Cluster) => `
The database of \`TEST_CITUS_URL\`, which \`npm run distribute\` has distributed, on a coordinator and ${workers.length} workers. Calls go to
all machines in turn; each round has another mentor. After each round the ledger is read: bookings, times and events are as many as
were booked, and no two times overlap. The app is the whole app, called as over HTTP, on the coordinator alone.
`;
