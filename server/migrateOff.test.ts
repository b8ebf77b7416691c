import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, inject, it, vi } from "vitest";
import { holdsDemoMentors, seedDemoData } from "./demo/seedDemoData.ts";
import { compareGivenDatabase } from "./postgres/prepareDatabase.ts";
import { endProcesses, refusal, runApp, withOwnDatabase } from "./testing/appProcess.ts";
import { freePort } from "./testing/freePort.ts";
import { templateName } from "./testing/templateName.ts";
import { openTestDatabase, type TestDatabase } from "./testing/testDatabase.ts";

// A whole process starts and stops here, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const { adminUrl } = inject("postgres");
/** A login that owns nothing: it may act as the roles of requests and of the queue. */
const login = `runtime_${randomUUID().replaceAll("-", "")}`;
const urlOf = (database: string): string =>
  Object.assign(new URL(adminUrl), { username: login, password: "runtime", pathname: `/${database}` }).href;

let db: TestDatabase;
let admin: pg.Client;
beforeAll(async () => {
  admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`
    create role ${login} login noinherit password 'runtime';
    grant anon, authenticated, matepeak_app, matepeak_auth, matepeak_jobs to ${login}`);
  db = await openTestDatabase();
});
afterEach(endProcesses);
afterAll(async () => {
  await db.drop();
  await admin.query(`drop role ${login}`);
  await admin.end();
});

const settings = { MIGRATE: "off", AUTH_SECRET: "x".repeat(40) };

it("MIGRATE=off serves with a login that owns nothing, and changes nothing", async () => {
  const env = { ...settings, DATABASE_URL: urlOf("migrate_off") };
  await withOwnDatabase("migrate_off", templateName, env, async (_app, port, owner) => {
    const { status } = await fetch(`http://localhost:${port}/readyz`);
    expect(status).toBe(200);
    const { rows } = await owner.query("select from pg_stat_activity where usename = $1", [login]);
    expect(rows.length).toBeGreaterThan(0);
  });
});

it("so does a worker, which answers probes and Prometheus on a port of its own", async () => {
  const port = await freePort("localhost");
  const metricsToken = "a token for tests that is long enough";
  const env = {
    ...settings,
    DATABASE_URL: urlOf(new URL(db.ownerUrl).pathname.slice(1)),
    WORKER_PORT: String(port),
    METRICS_TOKEN: metricsToken,
  };
  const worker = runApp(env, fileURLToPath(new URL("./worker.ts", import.meta.url)));
  const ask = (path: string, headers = {}) =>
    fetch(`http://localhost:${port}${path}`, { headers }).catch(() => undefined);
  await expect.poll(async () => (await ask("/readyz"))?.status, { timeout: 60_000 }).toBe(200);
  expect((await ask("/healthz"))?.status).toBe(200);
  expect((await ask("/metrics"))?.status).toBe(401);
  const figures = await ask("/metrics", { authorization: `Bearer ${metricsToken}` });
  expect(await figures?.text()).toContain("matepeak_database_up 1");
  expect((await ask("/api/v1/mentors"))?.status).toBe(404);
  worker.child.kill("SIGTERM");
  expect(await worker.ended, worker.output()).toBe(0);
});

it("twin: without MIGRATE=off the start needs the owner", async () => {
  const env = { ...settings, DATABASE_URL: urlOf(new URL(db.ownerUrl).pathname.slice(1)), MIGRATE: "on" };
  expect(await refusal(env)).toContain("cannot migrate: permission denied");
});

it("a command of the owner, run with this login, says in one line what it needs", async () => {
  const env = { DATABASE_URL: urlOf(new URL(db.ownerUrl).pathname.slice(1)) };
  const script = fileURLToPath(new URL("../scripts/admin.ts", import.meta.url));
  const { ended, output } = runApp(env, script, ["list"]);
  expect(await ended).toBe(1);
  expect(output().trim().split("\n")).toEqual([
    expect.stringMatching(/^permission denied .*OWNER_URL or DATABASE_URL must own the schema\.$/),
  ]);
});

it("sees the demo people, with whom an app that others can reach does not start", async () => {
  const url = urlOf(new URL(db.ownerUrl).pathname.slice(1));
  expect(await compareGivenDatabase({ url }, holdsDemoMentors)).toBe(false);
  await seedDemoData(db.owner, { wanted: true });
  expect(await compareGivenDatabase({ url }, holdsDemoMentors)).toBe(true);
});
