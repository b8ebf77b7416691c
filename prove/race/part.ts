import pg from "pg";
import { rewriteFunction } from "../../server/testing/rewriteFunction.ts";
import type { TestAppOptions } from "../../server/testing/testApp.ts";
import { countDeadlocks } from "../deadlocks.ts";
import type { Finding, Prove, Scale } from "../proof.ts";
import { asTwin, proveRounds, type Round } from "../rounds.ts";
import { onStage, type Stage } from "../stage.ts";
import * as bookings from "./bookings.ts";
import * as caps from "./caps.ts";
import * as moves from "./moves.ts";
import { removeGuard } from "./removeGuard.ts";

interface Row {
  promise: string;
  play: (stage: Stage, round: number) => Promise<Round>;
  /** Rounds in the long and in the short form. */
  rounds: Record<Scale, number>;
}

const ofBookings: readonly Row[] = [
  {
    promise: "One slot: one request books it, all others get slot_taken",
    play: bookings.sameSlot,
    rounds: { long: 50, short: 1 },
  },
  {
    promise:
      "Shifted starts, mixed lengths and buffers: no overlap, and no request for a free time is refused",
    play: bookings.overlaps,
    rounds: { long: 15, short: 1 },
  },
  {
    promise: "The same with clients that insert into the database directly",
    play: bookings.overlapsWithInserts,
    rounds: { long: 15, short: 1 },
  },
  {
    promise: "Group sessions: exactly as many bookings as seats",
    play: bookings.groupSeats,
    rounds: { long: 12, short: 1 },
  },
  {
    promise:
      "A scheduled group of up to 500: people book and leave while its seats are raised and cut, and no seat is oversold or lost",
    play: bookings.groupStorm,
    rounds: { long: 12, short: 1 },
  },
  {
    promise: "A daily limit of sessions is reached and not exceeded",
    play: bookings.dayLimit,
    rounds: { long: 10, short: 1 },
  },
  {
    promise: "A weekly limit of sessions is reached and not exceeded",
    play: bookings.weekLimit,
    rounds: { long: 10, short: 0 },
  },
];

const ofMoves: readonly Row[] = [
  {
    promise:
      "One booking rescheduled by both sides at once: every answer is correct, and the moves form one chain",
    play: moves.movedToMany,
    rounds: { long: 40, short: 1 },
  },
  {
    promise: "Two bookings rescheduled to one slot: one wins, the other keeps its time",
    play: (stage) => moves.twoToOneSlot(stage),
    rounds: { long: 60, short: 1 },
  },
  {
    promise: "Two bookings that try to swap times: both are refused and keep their times",
    play: moves.changePlaces,
    rounds: { long: 60, short: 0 },
  },
  {
    promise: "Rescheduled and cancelled at once: either order, and both answers are correct",
    play: moves.movedAndCancelled,
    rounds: { long: 60, short: 0 },
  },
  {
    promise: "A crowd that books, reschedules, confirms and cancels: the ledger matches the bookings",
    play: moves.crowdOfMoves,
    rounds: { long: 30, short: 1 },
  },
];

interface CapRow extends Row {
  /** How many people send requests at the same moment. */
  people: number;
  options: TestAppOptions;
}

const ofCaps: readonly CapRow[] = [
  {
    promise: "Newcomers from one network can take only a few of a mentor's times",
    play: caps.newcomers,
    people: caps.strangers.inRound,
    rounds: { long: 6, short: 1 },
    // Networks are distinguished only if calls are limited; the limit of 120 bookings an hour per address bounds the rounds.
    options: { caps: "kept", rateLimit: true },
  },
  {
    promise: "No person has more open requests than the cap allows",
    play: caps.eagerPeople,
    people: caps.eager.inRound,
    rounds: { long: 20, short: 1 },
    options: { caps: "kept" },
  },
];

/** People who send a request at the same moment. */
const crowd = { long: 200, short: 12 } satisfies Record<Scale, number>;
const movers = 12;

export const race: Prove = async (scale) => {
  const findings = [
    ...(await proveRows(ofBookings, crowd[scale], scale)),
    ...(await proveRows(ofMoves, movers, scale)),
    ...(await proveCaps(scale)),
    ...(await proveTwins(scale)),
    await countMadeDeadlock(),
  ];
  return { title: "Many at once", findings, notes };
};

function proveRows(rows: readonly Row[], people: number, scale: Scale): Promise<Finding[]> {
  return onStage(people, async (stage) => {
    const findings: Finding[] = [];
    for (const { promise, play, rounds } of rows.filter(({ rounds: { [scale]: count } }) => count > 0)) {
      const repeated = { rounds: rounds[scale], people };
      findings.push(await proveRounds(stage, promise, repeated, (round) => play(stage, round)));
    }
    return findings;
  });
}

async function proveCaps(scale: Scale): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { promise, play, people, rounds, options } of ofCaps) {
    const repeated = { rounds: rounds[scale], people };
    const prove = (stage: Stage) => proveRounds(stage, promise, repeated, (round) => play(stage, round));
    findings.push(await onStage(repeated.rounds * people, prove, options));
  }
  return findings;
}

interface Twin {
  promise: string;
  remove: (stage: Stage) => Promise<unknown>;
  play: (stage: Stage, round: number) => Promise<Round>;
  onlyLong?: true;
}

const twins: readonly Twin[] = [
  {
    promise: "without the constraint and the lock, one slot is booked more than once",
    remove: async ({ test }) => {
      await removeGuard.constraint(test);
      await removeGuard.lock(test);
    },
    play: bookings.sameSlot,
  },
  {
    promise: "without the constraint, the lock alone does not stop direct inserts",
    remove: ({ test }) => removeGuard.constraint(test),
    play: bookings.overlapsWithInserts,
    onlyLong: true,
  },
  {
    promise: "without the lock, the constraint alone does not enforce the daily limit",
    remove: ({ test }) => removeGuard.lock(test),
    play: bookings.dayLimit,
    onlyLong: true,
  },
  {
    promise: "without the count of the seats that are left, the ledger of a group has more than its bookings",
    remove: ({ test }) =>
      rewriteFunction(
        test.db,
        "private.settle_occupancy",
        "perform private.release_seat(old.expert_id, old.occupancy_id);",
        "perform 1;",
      ),
    play: bookings.groupStorm,
    onlyLong: true,
  },
  {
    promise: "without the caps, a few people take all the times they ask for",
    remove: async () => undefined,
    play: caps.eagerPeople,
  },
  {
    promise: "cancelling first and booking afterwards loses the original time",
    remove: async () => undefined,
    play: (stage) => moves.twoToOneSlot(stage, moves.cancelThenBook),
    onlyLong: true,
  },
];

async function proveTwins(scale: Scale): Promise<Finding[]> {
  const findings: Finding[] = [];
  const people = scale === "long" ? 60 : 24;
  for (const { promise, remove, play } of twins.filter(({ onlyLong }) => scale === "long" || !onlyLong)) {
    findings.push(
      await onStage(people, async (stage) => {
        await remove(stage);
        const seen = await proveRounds(stage, promise, { rounds: 1, people }, (round) => play(stage, round));
        return asTwin(promise, seen);
      }),
    );
  }
  return findings;
}

/** Two transactions that lock each other's next row: shows that deadlocks are counted. */
function countMadeDeadlock(): Promise<Finding> {
  return onStage(2, async ({ test, people }) => {
    const ids = people.map(({ id }) => id);
    const clients = ids.map(() => new pg.Client({ connectionString: test.db.ownerUrl }));
    await Promise.all(clients.map((client) => client.connect()));
    const lock = (who: number, which: number) =>
      clients[who]!.query("select from auth.users where id = $1 for update", [ids[which]]);
    await Promise.all(clients.map((client) => client.query("set deadlock_timeout = '10ms'; begin")));
    await Promise.all([lock(0, 0), lock(1, 1)]);
    await Promise.allSettled([lock(0, 1), lock(1, 0)]);
    await Promise.all(clients.map((client) => client.end()));
    const deadlocks = await countDeadlocks(test);
    const promise = "a deliberate deadlock is counted";
    return { promise, figure: `${deadlocks} deadlocks`, holds: deadlocks === 1, twin: true };
  });
}

const notes = `Every person has their own login and sends requests over HTTP on loopback, all at the same moment; every round has another
mentor. After each round the ledger is read directly from the database: no two times in it overlap, buffers included, and it
has as many seats as the answers confirmed. Then the slot engine must not offer any time that was refused. Besides the faults
listed, a line in the app's error log, a 5xx answer or a deadlock breaks a row. Moves have crowds of ${movers}; each of the people
with open requests sends ${caps.eager.requestsEach}. Where a twin has removed the lock, the first booking waits for the second there, so that the
outcome does not depend on timing.`;
