import { setTimeout as sleep } from "node:timers/promises";
import { readEvents } from "../../server/testing/eventReader.ts";
import { freePort } from "../../server/testing/freePort.ts";
import { ledgerFaults } from "../../server/testing/ledger.ts";
import { openTestApp, type TestApp } from "../../server/testing/testApp.ts";
import { ask, planAttempts } from "../crashes/attempts.ts";
import { startVictim, type Victim } from "../crashes/victim.ts";
import type { Finding } from "../proof.ts";
import { asTwin } from "../rounds.ts";
import { type Answers, startLoad } from "./load.ts";
import { startNginx } from "./nginx.ts";

/** Two apps and a worker behind nginx: each app is replaced while it serves. */
export async function restartUnderLoad(): Promise<Finding[]> {
  return [
    await restarted("Two apps behind nginx are replaced one after the other: no request fails", "SIGTERM"),
    asTwin(
      "a process that is killed, and neither taken out before nor drained, fails requests",
      await restarted("killed", "SIGKILL"),
    ),
  ];
}

async function restarted(promise: string, signal: "SIGTERM" | "SIGKILL"): Promise<Finding> {
  const test = await openTestApp();
  const port = await freePort("127.0.0.1");
  const ports = [await freePort("127.0.0.1"), await freePort("127.0.0.1")] as const;
  const address = `http://127.0.0.1:${port}`;
  const running: Victim[] = [];
  let nginx: Awaited<ReturnType<typeof startNginx>> | undefined;
  const startApp = async (at: number) => {
    const app = await startVictim("main", test.db.ownerUrl, {
      PORT: String(at),
      PUBLIC_URL: address,
      TRUST_PROXY: "127.0.0.1",
      MIGRATE: "off",
      DRAIN_SECONDS: "2",
    });
    running.push(app);
    return app;
  };
  try {
    const apps = await Promise.all(ports.map(startApp));
    running.push(await startVictim("worker", test.db.ownerUrl, { MIGRATE: "off", PUBLIC_URL: address }));
    nginx = await startNginx(port, ports);
    const people = await test.signUpCrowd(30);
    const { mentor, attempts } = await planAttempts(test, people, 120);
    const told = await readEvents(`${address}/api/v1/mentors/${mentor.id}/events`);
    const first = attempts.shift();
    if (first) first.id = await bookedBy(ask(first, address));
    const [event] = await told.next(1, 10_000);
    told.close();
    const stop = startLoad({ people, mentor, attempts, addresses: () => [address] });
    await sleep(1_500);
    for (const [index, at] of ports.entries()) {
      if (signal === "SIGTERM") await nginx.takeOut(at);
      await apps[index]!.kill(signal);
      await startApp(at);
      if (signal === "SIGTERM") await nginx.takeOut();
      await sleep(1_000);
    }
    return await findingOf(promise, await stop(), test, attempts, event !== undefined);
  } finally {
    await nginx?.stop();
    for (const one of running) await one.kill();
    await test.close();
  }
}

async function bookedBy(asking: ReturnType<typeof ask>): Promise<string> {
  const answer = await asking;
  if (typeof answer === "string") throw new Error(`A booking was ${answer}`);
  return answer.id;
}

async function findingOf(
  promise: string,
  { requests, booked, failures, longest }: Answers,
  test: TestApp,
  attempts: readonly { id?: string }[],
  isTold: boolean,
): Promise<Finding> {
  const ids = attempts.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const { rowCount: found } = await test.db.owner.query("select from bookings where id = any($1)", [ids]);
  const faults = await ledgerFaults(test.db.owner);
  const said = [...new Set(failures)].slice(0, 3).join("; ");
  return {
    promise,
    figure:
      `${requests} requests, ${failures.length} failed${said && ` (${said})`} · ${booked} booked, ${found} found, ` +
      `${faults.length} faults in the ledger · longest request ${Math.round(longest)} ms · live updates ${isTold ? "pass" : "do not pass"}`,
    holds: failures.length === 0 && found === booked && booked > 0 && faults.length === 0 && isTold,
  };
}
