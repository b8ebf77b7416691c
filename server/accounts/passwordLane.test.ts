import { scryptSync } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { refusalFromDatabase } from "../platform/errors.ts";
import {
  openTestApp,
  type Person,
  password,
  type TestApp,
  testPublicUrl,
  testSecret,
} from "../testing/testApp.ts";
import { openAccounts } from "./accounts.ts";
import { openPasswordLane } from "./passwordLane.ts";

let test: TestApp;
let asha: Person;
beforeAll(async () => {
  test = await openTestApp({ passwords: "slow" });
  asha = await test.signUp("Asha");
});
afterAll(() => test.close());

const signIn = () => test.visitor("POST", "/api/auth/sign-in/email", { email: asha.email, password });

it("thirty simultaneous sign-ins do not count as a queue and take no page from others", async () => {
  // Some seconds of hashing, longer than requests may wait in a queue.
  const simultaneous = 30;
  const signIns = Array.from({ length: simultaneous }, signIn);
  let done = false;
  const all = Promise.all(signIns).finally(() => {
    done = true;
  });
  const statuses: number[] = [];
  let slowest = 0;
  const since = performance.now();
  while (!done) {
    // Without a pause the reads themselves would take the processor from the hashes.
    await sleep(10);
    const before = performance.now();
    statuses.push((await test.visitor("GET", "/mentors")).status);
    slowest = Math.max(slowest, performance.now() - before);
    expect(test.app.requestsInFlight()).toBe(0);
  }
  const seconds = (performance.now() - since) / 1000;
  if (process.env.FIGURES)
    process.stdout.write(
      `${(simultaneous / seconds).toFixed(1)} sign-ins and ${(statuses.length / seconds).toFixed(0)} reads a second, slowest read ${slowest.toFixed(0)} ms\n`,
    );
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect((await all).map(({ status }) => status)).toEqual(Array(simultaneous).fill(200));
}, 120_000);

it("a full queue is reported through the accounts library", async () => {
  const passwords = openPasswordLane({ concurrent: 0, waiting: 0 });
  const accounts = openAccounts({
    pool: test.db.database.accounts,
    secret: testSecret,
    publicUrl: testPublicUrl,
    passwords,
    sendCode: async () => undefined,
  });
  const body = JSON.stringify({ email: asha.email, password });
  const headers = { "content-type": "application/json", origin: testPublicUrl };
  const request = new Request(`${testPublicUrl}/api/auth/sign-in/email`, { method: "POST", headers, body });
  const error = await accounts.handler(request).then(
    (answer) => answer.status,
    (reason: unknown) => refusalFromDatabase(reason),
  );
  expect(error).toMatchObject({ code: "overloaded" });
});

it("works through the line one by one, and goes on after one that fails", async () => {
  const lane = openPasswordLane({ waiting: 2 });
  const hash = await lane.hash("a password");
  const verdicts = await Promise.allSettled([
    lane.verify({ hash: "not a hash", password: "a password" }),
    lane.verify({ hash, password: "a password" }),
    lane.verify({ hash, password: "another" }),
    lane.verify({ hash, password: "no room" }),
  ]);
  expect(verdicts).toMatchObject([
    { status: "rejected" },
    { value: true },
    { value: false },
    { reason: { code: "overloaded" } },
  ]);
});

it("hashes with scrypt at a cost of 32 MiB and 16,384 rounds, with a new salt for each", async () => {
  const lane = openPasswordLane();
  const [one, other] = [await lane.hash(password), await lane.hash(password)];
  const [salt = "", key] = one.split(":");
  const cost = { N: 16_384, r: 16, p: 1, maxmem: 128 * 1024 * 1024 };
  expect(scryptSync(password, salt, 64, cost).toString("hex")).toBe(key);
  expect(Buffer.from(salt, "hex")).toHaveLength(16);
  expect(other.split(":")[0]).not.toBe(salt);
  const { rows } = await test.db.owner.query("select password from auth.accounts where user_id = $1", [
    asha.id,
  ]);
  expect(rows[0].password).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/);
});
