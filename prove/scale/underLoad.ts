import { setTimeout as sleep } from "node:timers/promises";
import { readEvents } from "../../server/testing/eventReader.ts";
import { ledgerFaults } from "../../server/testing/ledger.ts";
import { ask, planAttempts } from "../crashes/attempts.ts";
import type { Finding } from "../proof.ts";
import { startLoad } from "./load.ts";
import { countMessages } from "./messages.ts";
import type { Stack } from "./stack.ts";

/** So many that there are bookings to make until the end; each has room for a hundred or so. */
const mentors = 5;

/**
 * Changes something under a stack that serves: no request fails, what was booked is there, and each booking has its messages. A
 * live update is read before. @param change what happens meanwhile; returns what the figure says of it
 */
export async function playUnderLoad(
  promise: string,
  stack: Stack,
  change: () => Promise<string | undefined>,
): Promise<Finding> {
  const { test, address } = stack;
  const { owner } = test.db;
  const people = await test.signUpCrowd(30);
  const plans = [];
  for (let n = 0; n < mentors; n++) plans.push(await planAttempts(test, people, 120));
  const { mentor } = plans[0]!;
  const attempts = plans.flatMap((plan) => plan.attempts);
  const isTold = await hearsOf(attempts.shift(), address, mentor.id);
  const stop = startLoad({ people, mentor, attempts, addresses: () => [address] });
  await sleep(1_500);
  const changed = await change();
  const { requests, again, booked, failures, longest } = await stop();
  const ids = attempts.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const { rowCount: found } = await owner.query("select from bookings where id = any($1)", [ids]);
  const faults = await ledgerFaults(owner);
  const messages = await countMessages(stack, ids);
  return {
    promise,
    figure: [
      ...(changed ? [changed] : []),
      `${requests} requests, ${failures.length} failed${saidOf(failures)}${again > 0 ? `, ${again} asked twice` : ""}`,
      `${booked} booked, ${found} found, ${faults.length} faults in the ledger`,
      messages.figure,
      `longest request ${Math.round(longest)} ms`,
      `live updates ${isTold ? "pass" : "do not pass"}`,
    ].join(" · "),
    holds:
      failures.length === 0 &&
      found === booked &&
      booked > 0 &&
      faults.length === 0 &&
      messages.holds &&
      isTold,
  };
}

/** Whether a page that listens for changes of a mentor is notified of a booking. */
async function hearsOf(
  attempt: Parameters<typeof ask>[0] | undefined,
  address: string,
  mentorId: string,
): Promise<boolean> {
  if (!attempt) throw new Error("There is nothing to book.");
  const told = await readEvents(`${address}/api/v1/mentors/${mentorId}/events`);
  try {
    // The first says only that the page is connected.
    await told.next(1, 10_000);
    await told.quiet();
    told.clear();
    const answer = await ask(attempt, address);
    if (typeof answer === "string") throw new Error(`A booking was ${answer}`);
    return await told.next(1, 10_000).then(
      () => true,
      () => false,
    );
  } finally {
    told.close();
  }
}

/** How often each of the failures was seen, the most frequent first. */
function saidOf(failures: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const failure of failures) counts.set(failure, (counts.get(failure) ?? 0) + 1);
  const said = [...counts].sort(([, one], [, other]) => other - one).slice(0, 3);
  return said.length > 0 ? ` (${said.map(([what, times]) => `${times} ${what}`).join("; ")})` : "";
}
