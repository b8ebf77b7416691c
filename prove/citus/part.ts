import type { Finding, Prove } from "../proof.ts";
import { type Cluster, openCluster } from "./cluster.ts";
import * as core from "./core.ts";

interface Row {
  promise: string;
  play: (cluster: Cluster) => Promise<core.Seen>;
  rounds: number;
}

const rows: readonly Row[] = [
  {
    promise: "One slot, 200 calls at one revision through all machines: one books it",
    play: core.sameSlot,
    rounds: 20,
  },
  {
    promise: "Times that overlap by half an hour, judged again until known: no overlap",
    play: core.overlapping,
    rounds: 20,
  },
  { promise: "One key, sent 30 times: one booking and one response", play: core.oneKey, rounds: 10 },
  {
    promise: "40 plain inserts at one slot, with all their triggers: one books it",
    play: core.plainInserts,
    rounds: 10,
  },
  {
    promise: "Two bookings moved to one time, the winner cancelled, the time booked again",
    play: core.movedAndCancelled,
    rounds: 10,
  },
  {
    promise: "Series that meet in some dates: all dates of one, none of the others",
    play: core.series,
    rounds: 5,
  },
  { promise: "A coupon for five uses, asked for twelve times: five uses", play: core.coupons, rounds: 5 },
];

export const citus: Prove = async () => {
  const title = "Distributed on Citus";
  const url = process.env.TEST_CITUS_URL;
  if (!url) {
    const figure = "not tried: TEST_CITUS_URL names no distributed database";
    return { title, findings: [{ promise: "The core on a Citus cluster", figure, holds: true }] };
  }
  const cluster = await openCluster(url, 200);
  try {
    const findings: Finding[] = [];
    for (const row of rows) findings.push(await prove(cluster, row));
    return { title, findings, notes: notes(cluster) };
  } finally {
    await cluster.close();
  }
};

async function prove(cluster: Cluster, { promise, play, rounds }: Row): Promise<Finding> {
  const startedAt = performance.now();
  const outcomes = new Map<string, number>();
  const faults: string[] = [];
  for (let round = 0; round < rounds; round++) {
    try {
      const seen = await play(cluster);
      for (const [name, n] of Object.entries(seen.outcomes))
        outcomes.set(name, (outcomes.get(name) ?? 0) + n);
      faults.push(...seen.faults);
    } catch (error) {
      faults.push((error as Error).message);
    }
  }
  const figure = [
    `${rounds} rounds`,
    [...outcomes].map(([name, n]) => `${n} ${name}`).join(", "),
    faults.length > 0
      ? `${faults.length} faults (${[...new Set(faults)].slice(0, 3).join("; ")})`
      : "no fault",
    `${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  ].join(" · ");
  return { promise, figure, holds: faults.length === 0 };
}

const notes = ({ workers }: Cluster) => `
The database of \`TEST_CITUS_URL\`, which \`npm run distribute\` has distributed, on a coordinator and ${workers} workers. Calls go to
all machines in turn; each round has another mentor. After each round the ledger is read: bookings, times and events are as many as
were booked, and no two times overlap.
`;
