import { setTimeout as sleep } from "node:timers/promises";
// Brings the type of app.requestsInFlight().
import type {} from "../../server/platform/http/admission.ts";
import { captureLog } from "../../server/testing/logCapture.ts";
import { openRaw, type RawConnection } from "../../server/testing/rawHttp.ts";
import { openTestApp, type TestApp, type TestAppOptions } from "../../server/testing/testApp.ts";
import type { Finding, Prove } from "../proof.ts";
import { sendOdd } from "./oddRequests.ts";

/** Clients that send or read slowly, or what no client should send: the others notice nothing. */
export const clients: Prove = async (scale) => {
  const long = scale === "long";
  const findings = [
    await withApp({}, (test, address) => proveHalfSent(test, address, long ? 500 : 60)),
    await withApp({ stallTime: long ? 5_000 : 1_000 }, (test, address) =>
      proveUnread(test, address, long ? 150 : 20),
    ),
    await withApp({ stallTime: 3_600_000, readGrace: 3_600_000 }, async (test, address) => {
      const found = await proveUnread(test, address, 5, 3_000);
      return {
        ...found,
        promise: "without deadlines, clients that do not read keep their answers",
        holds: !found.holds,
        twin: true,
      };
    }),
    await withApp({}, (_test, address, logged) => proveOdd(address, long ? 2_000 : 60, logged)),
  ];
  return { title: "Slow and odd clients", findings, notes };
};

async function withApp(
  clientLimits: NonNullable<TestAppOptions["clientLimits"]>,
  work: (test: TestApp, address: string, logged: () => string) => Promise<Finding>,
): Promise<Finding> {
  const log = captureLog("error");
  const test = await openTestApp({
    clientLimits,
    maxRequestAgeMs: 300,
    logger: log.options,
    extend: (app) => {
      app.get("/large", () => large);
    },
  });
  try {
    return await work(test, await test.listen(), log.text);
  } finally {
    await test.close();
  }
}

const connect = (address: string, count: number, reading: boolean) =>
  Promise.all(Array.from({ length: count }, () => openRaw(address, { reading })));
const end = (connections: readonly RawConnection[]) => {
  for (const connection of connections) connection.destroy();
};

async function proveHalfSent(test: TestApp, address: string, count: number): Promise<Finding> {
  const senders = await connect(address, count, true);
  const { host } = new URL(address);
  for (const sender of senders) {
    sender.write(
      `POST /api/auth/sign-in/email HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    );
  }
  await sleep(1_000);
  const times: number[] = [];
  let answered = 0;
  const inFlight = test.app.requestsInFlight();
  for (let turn = 0; turn < 20; turn++) {
    const since = performance.now();
    if ((await fetch(`${address}/api/v1/mentors`)).status === 200) answered += 1;
    times.push(performance.now() - since);
  }
  end(senders);
  const slowest = Math.max(...times).toFixed(0);
  return {
    promise: "Incomplete requests do not block other clients",
    figure: `${count} incomplete from one address, ${inFlight} in flight · ${answered} of 20 pages answered, the slowest in ${slowest} ms`,
    holds: answered === 20 && inFlight === 0,
  };
}

/** More than the network's own buffers hold. */
const large = "x".repeat(8 * 1024 * 1024);

async function proveUnread(
  test: TestApp,
  address: string,
  count: number,
  timeout = 15_000,
): Promise<Finding> {
  const readers = await connect(address, count, false);
  const { host } = new URL(address);
  const before = process.memoryUsage().rss;
  for (const reader of readers) reader.write(`GET /large HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(3));
  await sleep(500);
  const most = process.memoryUsage().rss - before;
  const open = () =>
    new Promise<number>((resolve) => test.app.server.getConnections((_error, left) => resolve(left)));
  const deadline = performance.now() + timeout;
  while ((await open()) > 0 && performance.now() < deadline) await sleep(100);
  const left = await open();
  end(readers);
  return {
    promise: "Clients that do not read their answers lose their connections",
    figure: `${count} clients, three answers of 8 MiB each · ${left} still connected · ${(most / 2 ** 20).toFixed(0)} MiB more memory at most`,
    holds: left === 0,
  };
}

async function proveOdd(address: string, random: number, logged: () => string): Promise<Finding> {
  const seed = Math.floor(Math.random() * 2 ** 30);
  const { asked, statuses, faults } = await sendOdd(address, random, seed);
  const counts = Array.from(statuses, ([status, count]) => `${count} × ${status}`).join(", ");
  return {
    promise: "Invalid addresses and hosts never cause an internal error",
    figure: `${asked} raw requests, seed ${seed} · ${counts} · ${faults.length === 0 ? "no fault" : faults.slice(0, 3).join(" | ")}${logged().slice(0, 200)}`,
    holds: faults.length === 0 && logged() === "",
  };
}

const notes = `All on loopback, with the app in the same process as its clients, so the memory includes theirs. Incomplete requests announce
100 bytes and send one. Deadlines for reading are shortened here: 5 s in the long form, 1 s in the short one.`;
