import { setTimeout as sleep } from "node:timers/promises";
import { openSmtpServer } from "../../server/testing/smtpServer.ts";
import { openTestApp } from "../../server/testing/testApp.ts";
import { forSlot, joined, openFullDay } from "../../server/waitlist/testing/queues.ts";
import { startVictim } from "../crashes/victim.ts";
import type { Finding, Prove, Scale } from "../proof.ts";
import { asTwin, proveRounds } from "../rounds.ts";
import { onStage, type Stage } from "../stage.ts";
import { crowdOfWaiters } from "./storm.ts";

const crowd = { long: 200, short: 30 } satisfies Record<Scale, number>;
const rounds = { long: 3, short: 1 } satisfies Record<Scale, number>;

const promise =
  "A crowd books, cancels, joins queues, accepts, passes and lets offers lapse: no overlap, no seat free while a person waits without an offer, nothing booked past a person who waits, the order is kept, and each offer has one end";

export const waiting: Prove = async (scale) => ({
  title: "Waitlists",
  findings: [
    await storms(scale, promise, rounds[scale]),
    ...(await proveTwins(scale)),
    await timeToMail(scale),
  ],
  notes,
});

function storms(
  scale: Scale,
  what: string,
  count: number,
  prepare: (stage: Stage) => Promise<unknown> = async () => undefined,
) {
  const people = crowd[scale];
  return onStage(people, async (stage) => {
    await prepare(stage);
    return proveRounds(stage, what, { rounds: count, people }, (round) => crowdOfWaiters(stage, round));
  });
}

/** Nothing tells the engine what others wait for. */
const withoutGate = ({ test }: Stage) =>
  test.db.owner.query("alter policy waitlist_entries_read on waitlist_entries using (user_id = auth.uid())");

/** Two jobs at once look at the same free time. */
const withoutLock = ({ test }: Stage) =>
  test.db.owner.query(
    `create or replace function private.lock_schedule(mentor uuid) returns boolean language sql security definer
     set search_path = pg_catalog, pg_temp as $$ select exists (select from public.schedule_revisions where expert_id = mentor) $$`,
  );

async function proveTwins(scale: Scale): Promise<Finding[]> {
  const twins = [
    {
      what: "without the gate in the engine, time is booked past people who wait for it",
      remove: withoutGate,
    },
    { what: "without the mentor's lock, jobs and people get in each other's way", remove: withoutLock },
  ];
  const findings: Finding[] = [];
  for (const { what, remove } of twins) findings.push(asTwin(what, await storms(scale, what, 1, remove)));
  return findings;
}

/** From the response to a cancellation until the mail server has the offer's mail, by an app and a worker as they run. */
async function timeToMail(scale: Scale): Promise<Finding> {
  const test = await openTestApp();
  const smtp = await openSmtpServer();
  const worker = await startVictim("worker", test.db.ownerUrl, {
    SMTP_URL: smtp.url,
    MAIL_FROM: "matepeak@example.com",
  });
  const times: number[] = [];
  try {
    for (let turn = 0; turn < (scale === "long" ? 20 : 3); turn++) {
      const [holder, first] = await test.signUpCrowd(2);
      if (!holder || !first) throw new Error("No person has signed up.");
      const { mentor, taken } = await openFullDay(test, holder);
      await joined(first, mentor, forSlot(mentor, taken.starts_at));
      const before = smtp.received.length;
      const arrived = () =>
        smtp.received.slice(before).some(({ mail }) => /^Kept for you/.test(mail.subject ?? ""));
      (await holder.call("POST", `/bookings/${taken.id}/cancel`)).expect(200);
      const startedAt = performance.now();
      while (!arrived() && performance.now() - startedAt < 20_000) await sleep(2);
      times.push(performance.now() - startedAt);
    }
  } finally {
    await worker.kill();
    await smtp.close();
    await test.close();
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    `${sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(0)} ms`;
  return {
    promise: "The mail of an offer is sent within seconds of the cancellation",
    figure: `${times.length} cancellations: median ${at(0.5)}, longest ${at(1)}`,
    holds: (sorted.at(-1) ?? 0) < 5_000,
  };
}

const notes = `People act at random on one mentor's hours of three days and one group session, while two jobs at once make offers. After each round the
jobs run until nothing is offered any more, and the tests' second engine (\`scheduling/testing/bruteForce.ts\`) looks for what is free and waited for.
That nothing was booked past a person is read from the history: a booking without an offer, made after a person joined who still waits for
that time.`;
