import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, inject, it, vi } from "vitest";
import { holdsDemoMentors, seedDemoData } from "./demo/seedDemoData.ts";
import { compareGivenDatabase } from "./postgres/prepareDatabase.ts";
import { endProcesses, refusal, withOwnDatabase } from "./testing/appProcess.ts";
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

it("twin: without MIGRATE=off the start needs the owner", async () => {
  const env = { ...settings, DATABASE_URL: urlOf(new URL(db.ownerUrl).pathname.slice(1)), MIGRATE: "on" };
  expect(await refusal(env)).toContain("cannot migrate: permission denied");
});

it("sees the demo people, with whom an app that others can reach does not start", async () => {
  const url = urlOf(new URL(db.ownerUrl).pathname.slice(1));
  expect(await compareGivenDatabase(url, holdsDemoMentors)).toBe(false);
  await seedDemoData(db.owner, { wanted: true });
  expect(await compareGivenDatabase(url, holdsDemoMentors)).toBe(true);
});
