import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { openRaw, type RawConnection } from "../../testing/rawHttp.ts";
import { openTestApp, type TestApp, type TestAppOptions } from "../../testing/testApp.ts";

let test: TestApp | undefined;
const open: RawConnection[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) connection.destroy();
  await test?.close();
  test = undefined;
});

/** More than the network's own buffers hold. */
const large = "x".repeat(16 * 1024 * 1024);

async function ask(clientLimits: TestAppOptions["clientLimits"]): Promise<RawConnection> {
  test = await openTestApp({
    clientLimits,
    extend: (app) => {
      app.get("/large", () => large);
    },
  });
  const address = await test.listen();
  const connection = await openRaw(address, { reading: false });
  open.push(connection);
  connection.write(`GET /large HTTP/1.1\r\nHost: ${new URL(address).host}\r\n\r\n`);
  return connection;
}

it("a client that reads none of its response loses its connection", async () => {
  const connection = await ask({ stallTime: 300 });
  await sleep(1_500);
  // What the network held is still there to be read; the rest never comes.
  const received = count(connection);
  expect(await connection.closed(5_000)).toBe(true);
  expect(received()).toBeLessThan(large.length);
});

it("without that timeout it stays open (twin)", async () => {
  const connection = await ask({ stallTime: 3_600_000 });
  await sleep(1_500);
  connection.socket.resume();
  expect(await connection.closed(300)).toBe(false);
});

const impatient = { readGrace: 300, slowestRead: 64 * 1024 * 1024, sweepEvery: 50 };

it("a client that reads its response bit by bit also loses its connection", async () => {
  const connection = await ask(impatient);
  const received = count(connection, 50);
  expect(await connection.closed(5_000)).toBe(true);
  expect(received()).toBeLessThan(large.length);
});

it("a client that is slow but not that slow gets all of it", async () => {
  const connection = await ask({ ...impatient, slowestRead: 64 * 1024 });
  const received = count(connection, 2);
  await expect.poll(received, { timeout: 20_000 }).toBeGreaterThanOrEqual(large.length);
  expect(await connection.closed(300)).toBe(false);
});

/** Reads, pausing `rest` ms after each piece; returns how many bytes arrived. */
function count({ socket }: RawConnection, rest = 0): () => number {
  let received = 0;
  socket.on("data", (chunk: Buffer) => {
    received += chunk.length;
    if (rest === 0) return;
    socket.pause();
    setTimeout(() => socket.resume(), rest);
  });
  return () => received;
}
