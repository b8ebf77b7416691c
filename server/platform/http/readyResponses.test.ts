import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { slotAnswer } from "#contract/slots.ts";
import { rateLimits } from "#rules/rateLimits.ts";
import { dateIn } from "../../testing/booking.ts";
import { captureLog } from "../../testing/logCapture.ts";
import { sendRaw } from "../../testing/rawHttp.ts";
import { openTestApp, type TestApp } from "../../testing/testApp.ts";

interface Raw {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

let test: TestApp;
let log: ReturnType<typeof captureLog>;
let address: string;
let path: string;
beforeEach(() => open());
afterEach(() => test.close());

async function open(options: { rateLimit?: boolean; trustProxy?: number } = {}): Promise<void> {
  log = captureLog("info");
  test = await openTestApp({ logger: log.options, metricsToken: "a token that is long enough", ...options });
  address = await test.listen();
  const mentor = await test.makeMentor();
  const day = dateIn(mentor, 3);
  path = `/api/v1/mentors/${mentor.id}/slots?from=${day}&to=${day}&duration=60&timezone=Asia/Kolkata`;
}

async function ask(headers: Record<string, string> = {}, method = "GET"): Promise<Raw> {
  const sent = request(new URL(path, address), { method, headers, agent: false });
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}

/** Asks while the route could not answer: without the revisions of schedules. */
async function askReady(headers?: Record<string, string>, method?: string): Promise<Raw> {
  const spy = vi
    .spyOn(test.db.database.revisionPool, "query")
    .mockImplementation(() => Promise.reject(new Error("Not now.")));
  try {
    return await ask(headers, method);
  } finally {
    spy.mockRestore();
  }
}

/**
 * Asks until the response is ready, which it is once the feed listens, and remains so: what was announced before, such as the
 * mentor's own hours, may arrive late on a busy machine, after which the route must answer once.
 */
async function makeReady(headers: Record<string, string> = {}): Promise<Raw> {
  const first = await ask(headers);
  await vi.waitFor(
    async () => {
      await ask(headers);
      for (let turn = 0; turn < 3; turn++) {
        await sleep(70);
        expect((await askReady(headers)).status).toBe(200);
      }
    },
    { timeout: 20_000, interval: 50 },
  );
  return first;
}

/** Without what differs between any two responses. */
const lasting = ({ date: _date, "x-request-id": _id, ...headers }: IncomingHttpHeaders) => headers;

describe("a response that is ready", () => {
  it.each([
    ["without compression", {}, (body: Buffer) => body],
    ["as gzip", { "accept-encoding": "gzip, deflate" }, gunzipSync],
    ["as brotli", { "accept-encoding": "gzip, deflate, br, zstd" }, brotliDecompressSync],
  ] as const)("is the route's, byte by byte and header by header, %s", async (_how, headers, decode) => {
    const plain = await makeReady();
    const [ready, path0] = [await askReady(headers), path];
    // The route answers another spelling of the same question.
    path += "&include=available";
    const routed = await ask(headers);
    path = path0;
    expect(lasting(ready.headers)).toEqual(lasting(routed.headers));
    expect(ready.body).toEqual(routed.body);
    expect(decode(ready.body)).toEqual(plain.body);
    expect(slotAnswer.parse(JSON.parse(plain.body.toString())).days[0]?.slots.length).toBeGreaterThan(0);
  });

  it("is not sent again to a client that has it", async () => {
    const { headers } = await makeReady();
    const etag = String(headers.etag);
    const [ready, routed] = [
      await askReady({ "if-none-match": etag }),
      await test.app.inject({ url: path, headers: { "if-none-match": etag } }),
    ];
    expect([ready.status, ready.body.length, routed.statusCode]).toEqual([304, 0, 304]);
    expect(ready.headers.etag).toBe(etag);
    expect((await askReady({ "if-none-match": '"another"' })).status).toBe(200);
  });

  it("has the caller's request id, a line in the log and a place in the figures", async () => {
    await makeReady();
    const answered = async () => {
      const { body } = await test.app.inject({
        url: "/metrics",
        headers: { authorization: "Bearer a token that is long enough" },
      });
      const found =
        /duration_seconds_count\{method="GET",route="\/api\/v1\/mentors\/:mentor\/slots",status="2xx"\} (\d+)/;
      return Number(found.exec(body)?.[1]);
    };
    // Again if it was no longer ready: on a busy machine reading the figures takes as long as a response is kept.
    const { seen, before, headers } = await vi.waitFor(
      async () => {
        await ask();
        const before = await answered();
        const seen = log.lines().length;
        const { status, headers } = await askReady({ "x-request-id": "trace-0001" });
        expect(status).toBe(200);
        return { seen, before, headers };
      },
      { timeout: 10_000, interval: 50 },
    );
    expect(headers["x-request-id"]).toBe("trace-0001");
    expect(await answered()).toBe(before + 1);
    const [line] = log.lines().slice(seen);
    const [routedLine] = log.lines().filter(({ route }) => route === "/api/v1/mentors/:mentor/slots");
    expect(line).toMatchObject({
      request_id: "trace-0001",
      method: "GET",
      status: 200,
      msg: "Request answered",
    });
    expect(Object.keys(line ?? {})).toEqual(Object.keys(routedLine ?? {}));
    expect((await askReady({ "x-request-id": "short" })).headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("counts against the limits", async () => {
    await test.close();
    await open({ rateLimit: true });
    await makeReady();
    const statuses = new Map<number, number>();
    for (let turn = 0; turn < rateLimits.slots.max; turn++) {
      const { status, headers } = await ask();
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 429) expect(Number(headers["retry-after"])).toBeGreaterThan(0);
    }
    expect([...statuses.keys()]).toEqual([200, 429]);
    expect(statuses.get(200)).toBeLessThan(rateLimits.slots.max);
  });
});

describe("the route answers", () => {
  it("a request for another host, or for two", async () => {
    await makeReady();
    expect((await askReady({ host: "elsewhere.example" })).status).toBe(421);
    const [host] = new URL(address).host.split(" ");
    const twice = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nHost: ${host}\r\n\r\n`;
    expect((await sendRaw(address, twice)).status).toBe(400);
  });

  it("a request that is no plain GET", async () => {
    await makeReady();
    expect((await askReady({}, "HEAD")).status).not.toBe(200);
    expect((await askReady({ "content-length": "0" })).status).not.toBe(200);
  });

  it("a stopping process's requests, and closes their connections", async () => {
    await makeReady();
    expect((await ask({ connection: "keep-alive" })).headers.connection).toBe("keep-alive");
    test.app.stopBeingReady();
    expect((await ask({ connection: "keep-alive" })).headers.connection).toBe("close");
  });

  it("questions by a username, which can pass to another mentor", async () => {
    const byId = path;
    const { username } = (await test.visitor("GET", `/mentors/${byId.split("/")[4]}`)).json as {
      username: string;
    };
    path = byId.replace(/mentors\/[^/]+/, `mentors/${username}`);
    for (let turn = 0; turn < 3; turn++) expect((await ask()).status).toBe(200);
    expect((await askReady()).status).not.toBe(200);
  });

  it("clients behind a proxy that it has not seen yet, each with its own limits", async () => {
    await test.close();
    await open({ rateLimit: true, trustProxy: 1 });
    const [one, two] = [{ "x-forwarded-for": "192.0.2.1" }, { "x-forwarded-for": "192.0.2.2" }];
    expect((await makeReady(one)).status).toBe(200);
    expect((await askReady(two)).status).not.toBe(200);
    expect((await makeReady(two)).status).toBe(200);
    expect((await askReady({ ...one, "x-forwarded-host": "elsewhere.example" })).status).toBe(421);
    const statuses = new Set<number>();
    for (let turn = 0; turn < rateLimits.slots.max; turn++) statuses.add((await ask(one)).status);
    expect([...statuses]).toEqual([200, 429]);
    expect((await ask(two)).status).toBe(200);
  });
});
