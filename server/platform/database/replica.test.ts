import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, inject, it } from "vitest";
import { mentorPage } from "#contract/mentors.ts";
import { asMinutes } from "#scheduling/units.ts";
import { buildApp } from "../../app.ts";
import { startThrowawayPostgres } from "../../postgres/embedded.ts";
import { createSlotCache } from "../../slots/slotCache.ts";
import { book, dateIn, readSlots } from "../../testing/booking.ts";
import { type Cable, layCable } from "../../testing/cable.ts";
import {
  type Call,
  callWith,
  type Mentor,
  openTestApp,
  type Person,
  testConfig,
} from "../../testing/testApp.ts";
import { systemClock } from "../clock.ts";
import type { TypedApp } from "../http/route.ts";
import { openMetrics } from "../metrics/metrics.ts";
import { addReplicaFigures } from "../metrics/replicaFigures.ts";
import { whichDatabase } from "./connections.ts";
import { type Database, openDatabase } from "./database.ts";
import type { ReplicaFigures } from "./replica.ts";

// The replica is a copy of the database that never gets what comes later: as far behind as a replica can be. A standby with
// its log is in `npm run prove -- scale`.
let admin: pg.Client;
let names: string[];
let database: Database;
let frozen: Database;
let cable: Cable;
let app: TypedApp;
let ask: Call;
let mentor: Mentor;
let unchanged: Mentor;
let student: Person;
const said: (string | undefined)[] = [];
beforeAll(async () => {
  const test = await openTestApp();
  mentor = await test.makeMentor({ name: "Asha Rao", settings: { instant_confirm: true } });
  unchanged = await test.makeMentor();
  [student] = (await test.signUpCrowd(1)) as [Person];
  const original = new URL(test.db.ownerUrl).pathname.slice(1);
  names = [original, `${original}_copy`];
  // What is copied has no connections.
  await test.app.close();
  await test.db.database.close();
  await test.db.owner.end();
  const { adminUrl, appUrl, accountsUrl, queueUrl } = inject("postgres");
  admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`create database ${names[1]} template ${original} strategy file_copy`);

  const here = (url: string, name = original) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  cable = await layCable(here(appUrl, names[1]));
  database = openDatabase({
    url: here(appUrl),
    accountsUrl: here(accountsUrl),
    queueUrl: here(queueUrl),
    replicaUrl: cable.url,
    replicaOptions: { lookEvery: 50 },
    longestWait: 60_000,
  });
  database.replica?.onChange((why) => said.push(why));
  frozen = openDatabase({ url: here(appUrl, names[1]) });
  app = await buildApp({ config: testConfig, database, maxRequestAgeMs: 60_000 });
  ask = callWith(app, {});
  const again = (person: Person) => ({
    ...person,
    call: callWith(app, { authorization: `Bearer ${person.token}` }),
  });
  mentor = { ...mentor, ...again(mentor) };
  student = again(student);
  await ask("GET", "/mentors");
});
beforeEach(() => isAsked());
afterAll(async () => {
  await app.close();
  await database.close();
  await frozen.close();
  cable.pull();
  for (const name of names) await admin.query(`drop database ${name} with (force)`);
  await admin.end();
});

const figures = (): ReplicaFigures => database.replica!.figures();
const isAsked = () => expect.poll(() => figures().isUsable, { timeout: 10_000 }).toBe(true);
/** How many reads each outcome had meanwhile. */
async function counted(work: () => Promise<unknown>): Promise<Partial<ReplicaFigures["reads"]>> {
  const before = figures().reads;
  await work();
  const changed = Object.entries(figures().reads).map(([outcome, count]) => [
    outcome,
    count - before[outcome as keyof typeof before],
  ]);
  return Object.fromEntries(changed.filter(([, count]) => count !== 0));
}

const at = () => `${dateIn(mentor, 3)}T10:00:00+05:30`;
const timesOf = async (whose: Mentor) => (await readSlots(ask, whose)).map(({ time }) => time);

it("answers what is as new as on the primary; what is older is computed there", async () => {
  expect(await counted(async () => expect(await timesOf(unchanged)).toContain("10:00"))).toEqual({
    replica: 1,
  });
  await book(student, mentor, at());
  expect(await counted(async () => expect(await timesOf(mentor)).not.toContain("10:00"))).toEqual({
    stale: 1,
  });
});

it("would offer what is taken if the revision were its own (twin)", async () => {
  const never = { position: () => 0, watch: () => undefined, isCurrent: () => false };
  const { public: reads, replica } = database;
  const asked = {
    from: dateIn(mentor, 3),
    to: dateIn(mentor, 3),
    duration: asMinutes(60),
    include: "available",
  } as const;
  const textWith = async (revisionPool: Database["revisionPool"]) => {
    const { read } = createSlotCache({ public: reads, revisionPool, replica }, systemClock, never);
    return (await read(mentor.id, asked)).response.body("identity").toString();
  };
  expect(await textWith(frozen.revisionPool)).toContain('"10:00"');
  expect(await textWith(database.revisionPool)).not.toContain('"10:00"');
});

it("shows visitors the list, and people with a login what they have just written", async () => {
  (await mentor.call("PATCH", "/mentors/me", { headline: "Just written" })).expect(200);
  const headlineFor = async (call: Call) =>
    (await call("GET", "/mentors"))
      .expect(200)
      .read(mentorPage)
      .data.find(({ id }) => id === mentor.id)?.headline;
  expect(await counted(async () => expect(await headlineFor(mentor.call)).toBe("Just written"))).toEqual({});
  expect(await counted(async () => expect(await headlineFor(ask)).not.toBe("Just written"))).toEqual({
    replica: 1,
  });
  const reviews = `/mentors/${mentor.id}/reviews`;
  expect(await counted(() => ask("GET", reviews))).toEqual({ replica: 1 });
  expect(await counted(() => student.call("GET", reviews))).toEqual({});
});

it("shows its figures", async () => {
  const metrics = openMetrics();
  addReplicaFigures(metrics.registry, database.replica!)();
  const text = await metrics.registry.metrics();
  expect(text).toMatch(/^matepeak_replica_lag_seconds [\d.e-]+$/m);
  expect(text).toContain("matepeak_replica_usable 1");
  expect(text).toContain(`matepeak_replica_reads_total{outcome="stale"} ${figures().reads.stale}`);
});

it("is not asked while it is out of reach, and nothing fails", async () => {
  said.length = 0;
  cable.pull();
  const outcomes = await counted(async () => {
    for (let n = 0; n < 5; n++) expect(await timesOf(mentor)).not.toContain("10:00");
    for (let n = 0; n < 5; n++) (await ask("GET", "/mentors")).expect(200);
    (await ask("GET", "/readyz")).expect(200);
  });
  expect(outcomes.replica).toBe(undefined);
  await expect.poll(() => said).toEqual([expect.stringMatching(/terminated|ECONNRE/)]);
  await cable.plug();
  await isAsked();
  expect(said.at(-1)).toBe(undefined);
});

it("is not asked if it is no copy of the primary, whatever it holds", async () => {
  const other = await startThrowawayPostgres();
  const client = new pg.Client({ connectionString: other.adminUrl });
  await client.connect();
  await client.query("create role anon");
  const heard: (string | undefined)[] = [];
  const misled = openDatabase({ url: new URL(cable.url).href, replicaUrl: other.adminUrl });
  misled.replica?.onChange((why) => heard.push(why));
  expect(await misled.replica?.read(({ public: reads }) => whichDatabase(reads))).toEqual(
    await whichDatabase(misled.public),
  );
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual(["it is no standby of the primary"]);
  expect(misled.replica?.figures().isUsable).toBe(false);
  await misled.close();
  await client.end();
  await other.stop();
});

it("is not waited for when it hangs", async () => {
  cable.hold();
  const startedAt = performance.now();
  (await ask("GET", "/mentors")).expect(200);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  await expect.poll(() => figures().isUsable, { timeout: 10_000 }).toBe(false);
  (await ask("GET", "/mentors")).expect(200);
  cable.release();
  await isAsked();
});
