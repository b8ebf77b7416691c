import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { openRaw, type RawConnection } from "../../testing/rawHttp.ts";
import { openTestApp, type TestApp, type TestAppOptions } from "../../testing/testApp.ts";

let test: TestApp | undefined;
let open: RawConnection[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) connection.destroy();
  await test?.close();
  test = undefined;
});

async function listen(options: TestAppOptions): Promise<string> {
  test = await openTestApp(options);
  return test.listen();
}

const headOf = (address: string, path: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nHost: ${new URL(address).host}\r\n` +
  `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

async function sendHalf(address: string, count: number): Promise<RawConnection[]> {
  const sent = await Promise.all(Array.from({ length: count }, () => openRaw(address)));
  for (const connection of sent) connection.write(`${headOf(address, "/api/auth/sign-in/email", 100)}{`);
  open = open.concat(sent);
  return sent;
}

const post = (address: string, path: string, body: string) =>
  fetch(`${address}${path}`, { method: "POST", headers: { "content-type": "application/json" }, body });
const statusOf = async (address: string, path: string) => (await fetch(`${address}${path}`)).status;

describe("half-sent bodies", () => {
  it("do not count as work, so that others are answered", async () => {
    const address = await listen({ maxRequestAgeMs: 200 });
    await sendHalf(address, 60);
    await sleep(400);
    expect(await statusOf(address, "/api/v1/mentors")).toBe(200);
    expect(test?.app.requestsInFlight()).toBe(0);
  });

  it("end with 408 when they are not whole in time, even if a byte arrives now and then", async () => {
    const address = await listen({ clientLimits: { bodyTime: 600, sweepEvery: 50 } });
    const [connection] = (await sendHalf(address, 1)) as [RawConnection];
    const dribble = setInterval(() => connection.write(" "), 50);
    const answer = await connection.answer(4_000);
    clearInterval(dribble);
    answer.problem("request_timeout");
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    expect(await connection.closed(2_000)).toBe(true);
  });

  it("without a deadline stay open (twin)", async () => {
    const address = await listen({ clientLimits: { bodyTime: 3_600_000, sweepEvery: 50 } });
    const [connection] = (await sendHalf(address, 1)) as [RawConnection];
    expect(await connection.closed(800)).toBe(false);
  });

  it("of one address have a limited share: past it the oldest makes room, unless all are young", async () => {
    const limits = { bodiesPerAddress: 4 * 1024, leastPerBody: 1024, graceTime: 300, sweepEvery: 50 };
    const address = await listen({ clientLimits: limits });
    const [first, ...others] = (await sendHalf(address, 4)) as [RawConnection, ...RawConnection[]];
    const [late] = (await sendHalf(address, 1)) as [RawConnection];
    (await late.answer()).problem("rate_limited");
    expect(await late.closed(1_000)).toBe(true);
    // A body that arrives immediately needs no share.
    expect((await post(address, "/api/auth/sign-in/email", "{}")).status).toBe(422);

    await sleep(400);
    const [next] = (await sendHalf(address, 1)) as [RawConnection];
    (await first.answer()).problem("request_timeout");
    for (const connection of [...others, next]) expect(connection.received()).toBe("");
  });

  it("of all addresses together have a limited share, too", async () => {
    const address = await listen({ clientLimits: { bodiesInAll: 2 * 1024, leastPerBody: 1024 } });
    await sendHalf(address, 2);
    const [late] = (await sendHalf(address, 1)) as [RawConnection];
    (await late.answer()).problem("overloaded");
  });

  it("take no share once they are complete, answered or abandoned", async () => {
    const limits = { bodiesPerAddress: 2 * 1024, leastPerBody: 1024 };
    const address = await listen({ clientLimits: limits });
    for (let round = 0; round < 3; round++) {
      const [whole, abandoned] = (await sendHalf(address, 2)) as [RawConnection, RawConnection];
      whole.write(`${" ".repeat(98)}}`);
      (await whole.answer()).problem("validation_failed");
      abandoned.destroy();
      await sleep(100);
    }
  });
});

describe("a body that arrives in pieces", () => {
  it("is read as if it had arrived immediately", async () => {
    const address = await listen({});
    const body = JSON.stringify({ email: "nobody@example.com", password: "not this one" });
    const connection = await openRaw(address);
    open.push(connection);
    connection.write(headOf(address, "/api/auth/sign-in/email", body.length));
    for (const character of body) {
      connection.write(character);
      await sleep(2);
    }
    (await connection.answer()).problem("invalid_credentials");
  });

  it("and is refused before it has arrived leaves the connection in order", async () => {
    const address = await listen({});
    const connection = await openRaw(address);
    open.push(connection);
    const json = headOf(address, "/api/auth/sign-in/email", 20);
    connection.write(`${json.replace("application/json", "text/plain")}12345`);
    (await connection.answer()).problem("unsupported_media_type");
    const before = connection.received().length;
    connection.write(`678901234567890GET /healthz HTTP/1.1\r\nHost: ${new URL(address).host}\r\n\r\n`);
    await expect.poll(() => connection.received().slice(before)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

it("closes a connection without any traffic", async () => {
  const address = await listen({ clientLimits: { headTime: 300, sweepEvery: 50 } });
  const connection = await openRaw(address);
  open.push(connection);
  (await connection.answer()).problem("request_timeout");
  expect(await connection.closed(2_000)).toBe(true);
});

it("a request that was answered before its body arrived ends at the overall deadline", async () => {
  const address = await listen({ clientLimits: { headTime: 200, bodyTime: 300, sweepEvery: 50 } });
  const connection = await openRaw(address);
  open.push(connection);
  connection.write(headOf(address, "/healthz", 100).replace("POST", "GET"));
  expect((await connection.answer()).status).toBe(200);
  const dribble = setInterval(() => connection.write(" "), 50);
  expect(await connection.closed(3_000)).toBe(true);
  clearInterval(dribble);
});
