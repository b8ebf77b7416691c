import Fastify from "fastify";
import { afterEach, expect, it } from "vitest";
import { Answer } from "../../testing/answer.ts";
import { admission } from "./admission.ts";
import { problems } from "./problems.ts";

let app: ReturnType<typeof Fastify>;
afterEach(() => app.close());

/** An app whose requests end when the test releases them. */
async function open(maxInFlight: number, maxAgeMs = 60_000) {
  const waiting: (() => void)[] = [];
  let refused = 0;
  app = Fastify();
  await app.register(problems);
  await app.register(admission, { maxInFlight, maxAgeMs, stalledThreshold: 2, onRejected: () => refused++ });
  const work = () => new Promise<string>((resolve) => waiting.push(() => resolve("done")));
  app.get("/work", work);
  app.get("/fail", async () => {
    await work();
    throw new Error("broken");
  });
  app.get("/probe", { config: { load: "always answered" } }, async () => "alive");
  app.get("/stream", { config: { load: "stays open" } }, work);
  await app.ready();
  const ask = async (path: string) => {
    const { statusCode, headers, body } = await app.inject(path);
    return new Answer(`GET ${path}`, statusCode, headers, body);
  };
  const begun = (count: number) => expect.poll(() => waiting.length).toBe(count);
  const answerAll = () => {
    for (const answer of waiting.splice(0)) answer();
  };
  return { ask, begun, answerAll, refused: () => refused };
}

it("rejects requests immediately while the maximum is in flight, and admits them afterwards", async () => {
  const { ask, begun, answerAll, refused } = await open(2);
  const first = [ask("/work"), ask("/fail")];
  await begun(2);
  expect(app.requestsInFlight()).toBe(2);
  const late = await ask("/work");
  late.problem("overloaded");
  expect(late.headers["retry-after"]).toBe("5");
  expect(refused()).toBe(1);
  expect((await ask("/probe")).status).toBe(200);

  answerAll();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 500]);
  expect(app.requestsInFlight()).toBe(0);
  const next = ask("/work");
  await begun(1);
  answerAll();
  expect((await next).status).toBe(200);
});

const aWhile = (ms: number) => expect.poll(() => performance.now(), { timeout: 5_000 }).toBeGreaterThan(ms);

it("rejects while many requests are old, but not while only a few are or all are new", async () => {
  const { ask, begun, answerAll, refused } = await open(1000, 100);
  const slow = [ask("/work"), ask("/work")];
  await begun(2);
  await aWhile(performance.now() + 100);
  const burst = Array.from({ length: 20 }, () => ask("/work"));
  await begun(22);
  await aWhile(performance.now() + 100);
  (await ask("/work")).problem("overloaded");
  expect((await ask("/probe")).status).toBe(200);
  expect(refused()).toBe(1);
  answerAll();
  for (const { status } of await Promise.all([...slow, ...burst])) expect(status).toBe(200);
  const next = ask("/work");
  await begun(1);
  answerAll();
  expect((await next).status).toBe(200);
});

it("does not count streams that stay open, and refuses new ones under load", async () => {
  const { ask, begun, answerAll } = await open(1);
  const streams = [ask("/stream"), ask("/stream")];
  await begun(2);
  const work = ask("/work");
  await begun(3);
  (await ask("/stream")).problem("overloaded");
  answerAll();
  await Promise.all([...streams, work]);
});

it("admits all requests without a bound (twin)", async () => {
  const { ask, begun, answerAll, refused } = await open(Number.POSITIVE_INFINITY);
  const all = Array.from({ length: 50 }, () => ask("/work"));
  await begun(50);
  answerAll();
  expect((await Promise.all(all)).every(({ status }) => status === 200)).toBe(true);
  expect(refused()).toBe(0);
});
