import { afterEach, expect, inject, it } from "vitest";
import { Refusal } from "../errors.ts";
import { BoundedPool } from "./boundedPool.ts";
import { openServers } from "./servers.ts";

let pool: BoundedPool;
afterEach(() => pool.end());

function open(longestWait: number): BoundedPool {
  pool = new BoundedPool({ servers: openServers(inject("postgres").adminUrl), max: 1, longestWait });
  return pool;
}

/** Takes the only connection, and lets another caller wait for it. */
async function occupy() {
  const client = await pool.connect();
  const second = pool.query("select 1");
  await expect.poll(() => pool.waitingCount).toBe(1);
  return { client, second };
}

it("rejects new callers while one has waited too long, and none afterwards", async () => {
  open(50);
  const { client, second } = await occupy();
  await expect.poll(() => pool.longestWaiting).toBeGreaterThan(50);
  const refusals = await Promise.allSettled([pool.query("select 1"), pool.connect()]);
  for (const { status, reason } of refusals as PromiseRejectedResult[]) {
    expect(status).toBe("rejected");
    expect(reason).toBeInstanceOf(Refusal);
    expect((reason as Refusal).code).toBe("overloaded");
  }
  client.release();
  await second;
  expect(pool.longestWaiting).toBe(0);
  expect((await pool.query<{ one: number }>("select 1 as one")).rows).toEqual([{ one: 1 }]);
});

it("rejects a caller that has waited until the timeout", async () => {
  const servers = openServers(inject("postgres").adminUrl);
  pool = new BoundedPool({ servers, max: 1, longestWait: 60_000, connectionTimeoutMillis: 300 });
  const client = await pool.connect();
  await expect(pool.query("select 1")).rejects.toMatchObject({ code: "overloaded" });
  expect(pool.longestWaiting).toBe(0);
  client.release();
});

it("works off a burst of any size while no caller has waited long", async () => {
  open(30_000);
  const answers = await Promise.all(Array.from({ length: 300 }, () => pool.query("select 1")));
  expect(answers).toHaveLength(300);
});

it("without a bound all callers join the queue (twin)", async () => {
  open(Number.POSITIVE_INFINITY);
  const { client, second } = await occupy();
  await expect.poll(() => pool.longestWaiting).toBeGreaterThan(50);
  const third = pool.query("select 1");
  client.release();
  await Promise.all([second, third]);
});

it("forgets callers whose connection failed", async () => {
  pool = new BoundedPool({
    servers: openServers("postgres://nobody@127.0.0.1:1/none"),
    max: 1,
    longestWait: 50,
  });
  await expect(pool.query("select 1")).rejects.toThrow(/ECONNREFUSED/);
  expect(pool.longestWaiting).toBe(0);
});
