import { createHmac, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { moneyOf } from "#rules/money.ts";
import { epochMs } from "#scheduling/units.ts";
import { deriveKey } from "../../platform/derivedKey.ts";
import { runJobs } from "../../testing/jobs.ts";
import { openTestDatabase, type TestDatabase } from "../../testing/testDatabase.ts";
import { openSandbox, type Sandbox } from "./sandboxProvider.ts";
import { sandboxWebhooks } from "./webhooks.ts";

const secret = "a secret of thirty-two characters";
const { read, write } = sandboxWebhooks(secret, "http://localhost:3000");
const event = { id: "evt_1", type: "payment.captured", order_id: "order_1" };
const at = 1_790_000_000;
const genuine = { kind: "genuine", eventId: "evt_1", type: "payment.captured", orderId: "order_1" };

/** Reads a webhook that was written at `at`, `age` seconds later. */
function readIt({ body, headers }: ReturnType<typeof write>, age = 0) {
  return read({ body: Buffer.from(body), headers, receivedAt: epochMs((at + age) * 1000) });
}

describe("a webhook's signature", () => {
  it("is an HMAC over the time and the body", () => {
    const { body, headers } = write(event, at);
    const expected = createHmac("sha256", deriveKey(secret, "sandbox webhooks v1"))
      .update(`${at}.${body}`)
      .digest("hex");
    expect(headers).toEqual({
      "content-type": "application/json",
      "sandbox-event-id": "evt_1",
      "sandbox-signature": `t=${at},v1=${expected}`,
    });
    expect(readIt({ body, headers })).toEqual(genuine);
  });

  it.each([
    [299, "genuine"],
    [-299, "genuine"],
    [301, "stale"],
    [-301, "stale"],
    [86_400, "stale"],
  ])("of %i s ago is %s", (age, verdict) => {
    expect(readIt(write(event, at), age)).toEqual(
      verdict === "genuine" ? genuine : { kind: "refused", why: "stale" },
    );
  });

  it("is forged with any bit of the body, the time or the signature changed", () => {
    const { body, headers } = write(event, at);
    const forged = { kind: "refused", why: "forged" };
    const bytes = Buffer.from(body);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const other = Buffer.from(bytes);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(read({ body: other, headers, receivedAt: epochMs(at * 1000) })).toEqual(forged);
    }
    const signature = headers["sandbox-signature"] ?? "";
    for (let index = 0; index < signature.length; index++) {
      const other = `${signature.slice(0, index)}${signature[index] === "0" ? "1" : "0"}${signature.slice(index + 1)}`;
      expect(readIt({ body, headers: { ...headers, "sandbox-signature": other } })).toEqual(forged);
    }
    for (const other of [
      "",
      "x",
      `${signature} `,
      `${signature}00`,
      signature.slice(0, -2),
      `t=,v1=`,
      `t=${at}`,
    ]) {
      expect(readIt({ body, headers: { ...headers, "sandbox-signature": other } })).toEqual(forged);
    }
    const { "sandbox-signature": _, ...unsigned } = headers;
    expect(readIt({ body, headers: unsigned as typeof headers })).toEqual(forged);
    const twice = { ...headers, "sandbox-signature": [signature, signature] };
    expect(read({ body: bytes, headers: twice, receivedAt: epochMs(at * 1000) })).toEqual(forged);
    // The twin.
    expect(readIt({ body, headers })).toEqual(genuine);
  });

  it("with another secret is forged", () => {
    const other = sandboxWebhooks("another secret of thirty-two chars", "http://localhost:3000");
    expect(readIt(other.write(event, at))).toEqual({ kind: "refused", why: "forged" });
  });

  it("over something else than an event is unreadable", () => {
    for (const body of ["", "nonsense", "[]", '{"id":1}', '{"id":"evt_1","type":"x"}']) {
      const v1 = createHmac("sha256", deriveKey(secret, "sandbox webhooks v1"))
        .update(`${at}.${body}`)
        .digest("hex");
      const headers = { "sandbox-signature": `t=${at},v1=${v1}` };
      expect(read({ body: Buffer.from(body), headers, receivedAt: epochMs(at * 1000) })).toEqual({
        kind: "refused",
        why: "unreadable",
      });
    }
  });
});

describe("a webhook is sent", () => {
  let db: TestDatabase;
  let server: Server;
  let sandbox: Sandbox;
  let received: { url: string | undefined; body: string; headers: IncomingMessage["headers"] }[] = [];
  /** The statuses of the next answers; then 200. */
  let answers: number[] = [];

  beforeAll(async () => {
    db = await openTestDatabase();
    server = createServer(async (request, response) => {
      const chunks = await request.toArray();
      const { url, headers } = request;
      received.push({ url, headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(answers.shift() ?? 200, { location: "/elsewhere" }).end("{}");
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    sandbox = openSandbox({ database: db.database, secret, publicUrl: `http://127.0.0.1:${port}` });
  });
  beforeEach(() => {
    received = [];
    answers = [];
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await db.drop();
  });

  async function failPayment(): Promise<string> {
    const order = await sandbox.createOrder({
      paymentId: randomUUID(),
      amount: moneyOf(1500, "INR"),
      capture: "automatic",
      description: "Mock interview",
      payer: { name: "Ravi", email: "ravi@example.com" },
    });
    if (order.kind !== "done") throw new Error(order.message);
    await sandbox.payer.fail(order.value.id);
    return order.value.id;
  }
  const run = () => runJobs(db, { provider: sandbox });
  const waiting = async () =>
    (
      await db.owner.query<{ seconds: number }>(
        "select round(extract(epoch from run_at - updated_at))::integer as seconds from graphile_worker._private_jobs",
      )
    ).rows.map(({ seconds }) => seconds);
  const makeDue = () => db.owner.query("update graphile_worker._private_jobs set run_at = now()");

  it("signed, to the address of the sandbox's webhooks", async () => {
    const order_id = await failPayment();
    await run();
    expect(received).toHaveLength(1);
    const { url, body, headers } = received[0]!;
    expect(url).toBe("/api/v1/webhooks/sandbox");
    const verdict = sandbox.readWebhook({
      body: Buffer.from(body),
      headers,
      receivedAt: epochMs(Date.now()),
    });
    expect(verdict).toEqual({
      kind: "genuine",
      eventId: headers["sandbox-event-id"],
      type: "payment.failed",
      orderId: order_id,
    });
    expect(await waiting()).toEqual([]);
  });

  it("again after a while if it was not taken, the same event with a new signature, and then no more", async () => {
    answers = [500, 404, 302, 503, 429, 500];
    await failPayment();
    const pauses: number[] = [];
    for (let tries = 0; tries < 6; tries++) {
      await run();
      pauses.push(...(await waiting()));
      await makeDue();
    }
    expect(pauses).toEqual([5, 30, 120, 600, 3_600]);
    expect(received).toHaveLength(6);
    expect(new Set(received.map(({ headers }) => headers["sandbox-event-id"])).size).toBe(1);
    await run();
    expect(received).toHaveLength(6);
  });

  it("later if the app is out of reach, which is no failed job", async () => {
    const nowhere = openSandbox({ database: db.database, secret, publicUrl: "http://127.0.0.1:9" });
    await failPayment();
    // It throws if a job has failed.
    await runJobs(db, { provider: nowhere });
    expect(await waiting()).toEqual([5]);
    await makeDue();
    await run();
    expect(received).toHaveLength(1);
  });
});
