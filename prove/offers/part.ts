import { setTimeout as sleep } from "node:timers/promises";
import { slotAnswer } from "#contract/slots.ts";
import type { LiveRevisionOptions } from "../../server/slots/liveRevisions.ts";
import { bookingOf, dateIn } from "../../server/testing/booking.ts";
import type { Mentor, Person } from "../../server/testing/testApp.ts";
import { callOver } from "../overHttp.ts";
import type { Finding, Prove } from "../proof.ts";
import { asTwin, codeOf } from "../rounds.ts";
import { onTwoProcesses, type TwoProcesses } from "./twoProcesses.ts";

/** A taken time that is still offered after so long, ms, counts as offered for good. */
const patience = 4_000;
/** The feed and the sweep may be silent for two seconds; the rest is for a busy machine. */
const silence = 2_500;

const netless = {
  sweepEvery: 1_000_000,
  longestSilence: Number.POSITIVE_INFINITY,
} satisfies LiveRevisionOptions;

interface Round {
  processes: TwoProcesses;
  mentor: Mentor;
  student: Person;
  /** Books through the first process, so that the second must hear of it. */
  book: () => Promise<void>;
}

interface Condition {
  promise: string;
  /** The longest time, ms, for which the second process may offer what has been taken. */
  within: number;
  /** Books while something is wrong. */
  play: (round: Round) => Promise<void>;
  /** Mends it. */
  after?: (processes: TwoProcesses) => Promise<void>;
}

const ownBooking: Condition = {
  promise: "What a process has booked itself, it does not offer in any later answer",
  within: 0,
  play: async ({ processes, mentor, student }) => {
    await bookThrough(processes.address, mentor, student);
  },
};
const healthy: Condition = {
  promise: "With a healthy feed, another process's booking disappears within milliseconds",
  within: 500,
  play: ({ book }) => book(),
};
const cut: Condition = {
  promise: "With a feed that is cut, it disappears within two seconds",
  within: silence,
  play: async ({ processes, book }) => {
    processes.cable.pull();
    await book();
  },
  after: ({ cable }) => cable.plug(),
};
const held: Condition = {
  promise: "With a feed whose messages arrive late, it disappears within two seconds",
  within: silence,
  play: async ({ processes, book }) => {
    processes.cable.hold();
    await book();
  },
  after: async ({ cable }) => cable.release(),
};
const reconnected: Condition = {
  promise: "With a feed that is cut and reconnects at once, it disappears within two seconds",
  within: silence,
  play: async ({ processes, book }) => {
    processes.cable.pull();
    await book();
    await processes.cable.plug();
  },
};
const lost: Condition = {
  promise: "When the announcement is lost, it disappears with the next sweep",
  within: silence,
  play: async ({ processes, book }) => {
    await rewriteSend(processes, "select");
    await book();
  },
  after: (processes) =>
    rewriteSend(
      processes,
      "select pg_notify(a.channel, a.payload) from unnest(channels, payloads) a (channel, payload)",
    ),
};

async function rewriteSend({ stage }: TwoProcesses, body: string): Promise<void> {
  await stage.test.db.owner.query(
    `create or replace function private.send_announcements(channels text[], payloads text[]) returns void
       language sql set search_path = pg_catalog, pg_temp as '${body}'`,
  );
}

export const offers: Prove = async (scale) => {
  const rounds = scale === "long" ? 20 : 1;
  const findings = await onTwoProcesses(4, {}, async (processes) => {
    const found: Finding[] = [];
    for (const condition of [ownBooking, healthy, cut, held, reconnected, lost]) {
      found.push(await proveCondition(processes, condition, rounds));
    }
    return found;
  });
  // Its sweep never comes, so it answers from memory for its first two seconds only.
  const silent = await onTwoProcesses(4, { sweepEvery: netless.sweepEvery }, (processes) =>
    proveCondition(
      processes,
      { ...held, promise: "With a held feed and no sweep at all, it disappears within two seconds" },
      1,
    ),
  );
  const twins = await onTwoProcesses(4, netless, async (processes) => [
    asTwin(
      "without the sweep, a lost announcement leaves a taken time on offer",
      await proveCondition(processes, lost, 1),
    ),
    asTwin(
      "without the sweep and the check for silence, so does a feed that is cut",
      await proveCondition(processes, cut, 1),
    ),
  ]);
  return { title: "Free times from memory", findings: [...findings, silent, ...twins], notes };
};

async function proveCondition(
  processes: TwoProcesses,
  { promise, within, play, after }: Condition,
  rounds: number,
): Promise<Finding> {
  const lags: number[] = [];
  const faults: string[] = [];
  for (let index = 0; index < rounds; index++) {
    const mentor = await processes.stage.test.makeMentor({ settings: { instant_confirm: true } });
    const [student, late] = processes.stage.people as [Person, Person];
    const ask = offersOf(processes.address, mentor);
    await makeReady(processes, ask);
    const round = {
      processes,
      mentor,
      student,
      book: () => bookThrough(processes.stage.address, mentor, student),
    };
    await play(round);
    const bookedAt = performance.now();
    let lag = 0;
    for (;;) {
      const askedAt = performance.now();
      if (!(await ask())) break;
      lag = askedAt - bookedAt;
      if (lag > patience) break;
      await sleep(5);
    }
    lags.push(lag);
    if (lag > within) faults.push(lag > patience ? "offered for good" : `offered for ${lag.toFixed(0)} ms`);
    // Whatever is offered, only what is free can be booked.
    const code = codeOf(
      await callOver(processes.address, late.token)("POST", "/bookings", firstHour(mentor)),
    );
    if (code !== "slot_taken") faults.push(`a taken time: ${code}`);
    await after?.(processes);
  }
  const worst = Math.max(...lags);
  return {
    promise,
    figure: `${rounds} rounds · offered for at most ${worst.toFixed(0)} ms afterwards · ${faults.length === 0 ? "no fault" : faults.join("; ")}`,
    holds: faults.length === 0,
  };
}

function firstHour(mentor: Mentor) {
  return bookingOf(mentor, `${dateIn(mentor, 3)}T10:00:00+05:30`);
}

async function bookThrough(address: string, mentor: Mentor, student: Person): Promise<void> {
  (await callOver(address, student.token)("POST", "/bookings", firstHour(mentor))).expect(201);
}

/** Returns a function that asks a process whether it offers the hour. */
function offersOf(address: string, mentor: Mentor): () => Promise<boolean> {
  const call = callOver(address);
  const day = dateIn(mentor, 3);
  const path = `/mentors/${mentor.id}/slots?from=${day}&to=${day}&duration=60&timezone=Asia/Kolkata`;
  return async () => {
    const { days } = (await call("GET", path)).expect(200).read(slotAnswer);
    return days[0]?.slots.some(({ time }) => time === "10:00") ?? false;
  };
}

/** Asks until answers come from memory, without a look at the revision. */
async function makeReady({ revisionReads }: TwoProcesses, ask: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 15_000;
  for (let fromMemory = 0; fromMemory < 5; ) {
    const before = revisionReads();
    if (!(await ask())) throw new Error("The hour is not offered before it is booked.");
    fromMemory = revisionReads() === before ? fromMemory + 1 : 0;
    if (performance.now() > until) throw new Error("Answers never come from memory.");
    await sleep(10);
  }
}

const notes = `Two processes of the app on one database: people book through one and look at free times through the other, whose live
feed hears the database through a cable that is pulled out, or held so that messages arrive late. Each round has another
mentor; the times run from the answer to the booking to the last request that was still offered the hour. After each round
another person tries to book it and must be refused.`;
