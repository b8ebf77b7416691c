import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildApp } from "../../app.ts";
import { loginsOf, openLogins } from "../../postgres/openLogins.ts";
import { endProcesses, type Run, runApp } from "../../testing/appProcess.ts";
import { bookingOf, dateIn, readSlots } from "../../testing/booking.ts";
import { readEvents } from "../../testing/eventReader.ts";
import { allowQueue } from "../../testing/jobs.ts";
import { type PgBouncer, pgBouncerVersions, startPgBouncer } from "../../testing/pgBouncer.ts";
import { type PurposeUrls, purposeUrlsOf } from "../../testing/purposeUrls.ts";
import {
  callWith,
  type Mentor,
  openTestApp,
  type Person,
  password,
  type TestApp,
  testConfig,
} from "../../testing/testApp.ts";
import type { TypedApp } from "../http/route.ts";
import { connectOwner } from "./connections.ts";
import { type Database, type DatabaseUrls, openDatabase, sqlState } from "./database.ts";
import { openServers } from "./servers.ts";

/** Logins of the test's database, each of which is the role of its purpose. */
let direct: PurposeUrls;
let test: TestApp;
let crowd: Person[];
/** The statements that have opened the logins. */
const sent: string[] = [];
beforeAll(async () => {
  test = await openTestApp({ passwords: "slow" });
  direct = purposeUrlsOf(test.db.ownerUrl);
  const { owner } = test.db;
  const query = (text: string, values?: unknown[]) => {
    sent.push(text);
    return owner.query(text, values);
  };
  await openLogins(Object.assign(Object.create(owner) as pg.Client, { query }), loginsOf(direct));
  await allowQueue(test.db);
  crowd = await test.signUpCrowd(200);
});
afterAll(async () => {
  await endProcesses();
  await test.close();
});

/** Why these logins are refused. */
async function refusalOf(urls: DatabaseUrls): Promise<string> {
  const database = openDatabase(urls);
  try {
    await database.checkRoles();
    return "nothing is refused";
  } catch (error) {
    return (error as Error).message;
  } finally {
    await database.close();
  }
}

/** As whom statements run, who has logged in, and how long a statement may take. */
async function whoIs(on: Pick<pg.Pool, "query">): Promise<string[]> {
  const { rows } = await on.query<Record<string, string>>(
    "select current_user as who, session_user as login, current_setting('statement_timeout') as timeout",
  );
  return Object.values(rows[0] ?? {});
}

const ways = pgBouncerVersions.flatMap((pooler) =>
  (["session", "transaction"] as const).map((mode) => ({ ...pooler, mode })),
);

it("a login's password is in no statement, and so in no log of the server", async () => {
  expect(sent.join("\n")).toContain("alter role anon password 'SCRAM-SHA-256$");
  for (const url of Object.values(direct))
    expect(sent.join("\n")).not.toContain(decodeURIComponent(new URL(url).password));
  const client = new pg.Client({ connectionString: direct.visitorsUrl });
  await client.connect();
  await client.end();
  const wrong = Object.assign(new URL(direct.visitorsUrl), { password: "another" });
  await expect(new pg.Client({ connectionString: wrong.href }).connect()).rejects.toMatchObject({
    code: "28P01",
  });
});

describe.each(ways)("PgBouncer $version in $mode mode", ({ mode, ...pooler }) => {
  const isOldest = pooler.version === pgBouncerVersions[0]?.version;
  let bouncer: PgBouncer;
  let pooled: typeof direct;
  let ownerUrl: string;
  let database: Database;
  let app: TypedApp;
  let mentor: Mentor;
  let refused: Database;
  let refusals: Promise<PromiseSettledResult<unknown>[]>;
  let programs: Run[];
  let sessionless: Promise<unknown>[];
  const startAsOwner = (program: string) =>
    runApp(
      { OWNER_URL: test.db.ownerUrl, DATABASE_URL: ownerUrl, AUTH_SECRET: "x".repeat(40), PORT: "0" },
      fileURLToPath(new URL(`../../${program}`, import.meta.url)),
    );
  beforeAll(async () => {
    bouncer = await startPgBouncer(pooler, mode, [...Object.values(direct), test.db.ownerUrl]);
    ownerUrl = bouncer.urlOf(test.db.ownerUrl);
    pooled = {
      url: bouncer.urlOf(direct.url),
      visitorsUrl: bouncer.urlOf(direct.visitorsUrl),
      accountsUrl: bouncer.urlOf(direct.accountsUrl),
      listenUrl: bouncer.urlOf(direct.listenUrl),
      queueUrl: bouncer.urlOf(direct.queueUrl),
    };
    const { listenUrl, queueUrl } = direct;
    const urls = mode === "session" ? pooled : { ...pooled, listenUrl, queueUrl };
    // A busy machine may starve a test for seconds, which is no failure of what it tests.
    database = openDatabase({ ...urls, longestWait: 60_000 });
    await database.checkRoles();
    if (mode === "transaction") {
      // Each takes a while, as what would prove a session does not come: they wait while the other tests run.
      refused = openDatabase({ url: ownerUrl });
      refusals = Promise.allSettled([
        refused.public.query("select 1"),
        refused.revisionPool.query("select 1"),
        refused.commands.query("select 1"),
        refused.accounts.query("select 1"),
        refused.queue.query("select 1"),
        refused.asSystem("tries", null, async ({ client }) => client.query("select 1")),
        refused.connectListener(),
      ]);
      if (isOldest) programs = ["main.ts", "worker.ts"].map(startAsOwner);
      sessionless = [
        refusalOf({ ...pooled, queueUrl }),
        refusalOf({ ...pooled, listenUrl }),
        connectOwner(openServers(ownerUrl)).catch((error: Error) => error.message),
      ];
    }
    app = await buildApp({ config: testConfig, database, maxRequestAgeMs: 60_000 });
    mentor = await test.makeMentor();
  });
  afterAll(async () => {
    await app.close();
    await database.close();
    await bouncer.stop();
  });
  const as = ({ token }: Person) => callWith(app, { authorization: `Bearer ${token}` });
  const student = (place: number) => as(crowd[place] as Person);

  it("every connection is the role of its purpose, with its settings", async () => {
    const { public: visitors, revisionPool, commands, counting, accounts, queue } = database;
    for (const on of [visitors, revisionPool]) expect(await whoIs(on)).toEqual(["anon", "anon", "15s"]);
    for (const on of [commands, counting])
      expect(await whoIs(on)).toEqual(["matepeak_app", "matepeak_app", "15s"]);
    expect(await whoIs(accounts)).toEqual(["matepeak_auth", "matepeak_auth", "15s"]);
    expect(await whoIs(queue)).toEqual(["matepeak_jobs", "matepeak_jobs", "15s"]);
    const person = (crowd[0] as Person).id;
    const inside = await database.asUser(person, ({ client }) => whoIs(client));
    expect(inside).toEqual(["authenticated", "matepeak_app", "15s"]);
    await (await database.connectListener()).end();
  });

  it("a visitor can write nothing", async () => {
    for (const statement of [
      "update expert_profiles set headline = 'mine'",
      "create table mine ()",
      "create temp table mine ()",
      "set role matepeak_app",
    ])
      await expect(database.public.query(statement)).rejects.toThrow(/denied|read-only/);
    await expect(database.public.query("select from auth.users")).rejects.toThrow("denied");
  });

  it("many read months at once", async () => {
    const [from, to] = [3, 33].map((days) => dateIn(mentor, days));
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        callWith(app, {})(
          "GET",
          `/mentors/${mentor.id}/slots?from=${from}&to=${to}&duration=${30 + (i % 2) * 30}`,
        ),
      ),
    );
    for (const answer of answers) answer.expect(200);
  });

  it("people sign in, book with keys and change what they booked", async () => {
    const person = await test.signUp("Ravi");
    (await callWith(app, {})("POST", "/api/auth/sign-in/email", { email: person.email, password })).expect(
      200,
    );
    const days = Array.from({ length: 12 }, (_, i) => dateIn(mentor, 4 + i));
    await Promise.all(
      days.map(async (from, place) => {
        const [slot] = await readSlots(student(place), mentor, { from });
        const key = { "idempotency-key": `${mode} ${pooler.version} ${place}` };
        const book = () => student(place)("POST", "/bookings", bookingOf(mentor, slot?.starts_at ?? ""), key);
        const { id } = (await book()).expect(201).json as { id: string };
        expect((await book()).expect(201).json).toMatchObject({ id });
        (await student(place)("POST", `/bookings/${id}/cancel`, {})).expect(200);
      }),
    );
  });

  const many = mode === "transaction" ? 200 : 20;
  it(`${many} ask for one time at once, and one gets it; a page that listens hears of it`, async () => {
    const address = await app.listen({ host: "127.0.0.1", port: 0 });
    const stream = await readEvents(`${address}/api/v1/mentors/${mentor.profile.username}/events`);
    await stream.next(1, 3_000);
    await stream.quiet();
    stream.clear();
    const [slot] = await readSlots(student(0), mentor, { from: dateIn(mentor, 10) });
    const body = bookingOf(mentor, slot?.starts_at ?? "");
    const answers = await Promise.all(
      crowd.slice(0, many).map((person) => as(person)("POST", "/bookings", body)),
    );
    const codes = answers.map((answer) => (answer.status === 201 ? "booked" : answer.problem().code));
    expect(codes.filter((code) => code !== "slot_taken")).toEqual(["booked"]);
    await stream.next(1, 3_000);
    stream.close();
  });

  it("statements are prepared only where the pooler keeps them apart", async () => {
    await database.publicDb.selectFrom("expert_profiles").select("id").execute();
    const { rows } = await database.public.query<{ name: string }>("select name from pg_prepared_statements");
    const kept = mode === "transaction" && !pooler.version.startsWith("1.18");
    expect(rows.length > 0).toBe(kept);
    for (const { name } of rows) expect(name).toMatch(/^PGBOUNCER_/);
  });

  if (mode === "transaction")
    it("what needs a session is refused", async () => {
      expect(await Promise.all(sessionless)).toEqual(
        ["LISTEN_URL", "QUEUE_URL", "OWNER_URL"].map((variable) =>
          expect.stringContaining(`${variable} leads through a pooler in transaction mode`),
        ),
      );
    });
  if (isOldest && mode === "transaction")
    it("app and worker do not start as the owner, and say why in one line", async () => {
      for (const { ended, output } of programs) {
        expect(await ended).toBe(1);
        expect(output().trim().split("\n")).toEqual([expect.stringContaining("acts as postgres and not as")]);
      }
    });

  if (mode === "session")
    it("the owner's login will do: its sessions are its own", async () => {
      const owned = openDatabase({ url: ownerUrl });
      await owned.checkRoles();
      expect(await whoIs(owned.public)).toEqual(["anon", "postgres", "15s"]);
      expect(await whoIs(owned.commands)).toEqual(["matepeak_app", "postgres", "15s"]);
      await expect(owned.public.query("select from auth.users")).rejects.toThrow("denied");
      await owned.publicDb.selectFrom("expert_profiles").select("id").execute();
      const { rows } = await owned.public.query("select from pg_prepared_statements");
      expect(rows.length).toBeGreaterThan(0);
      await owned.close();
    });
  else
    it("the owner's login is refused on each connection", async () => {
      for (const answer of await refusals)
        expect(answer).toMatchObject({
          reason: { message: expect.stringContaining("acts as postgres and not as") },
        });
      await refused.close();
    });

  it("the owner's sessions are as they were", async () => {
    // What is set in one of them, another client of the pooler would have.
    const clients = Array.from({ length: 4 }, () => new pg.Client({ connectionString: ownerUrl }));
    for (const client of clients) {
      await client.connect();
      expect(await whoIs(client)).toEqual(["postgres", "postgres", "0"]);
      await client.query("begin");
    }
    await Promise.all(clients.map((client) => client.end()));
  });
});

describe("behind a pooler, but not without one", () => {
  const [oldest] = pgBouncerVersions;
  let bouncer: PgBouncer;
  let name: string;
  beforeAll(async () => {
    name = new URL(direct.url).pathname.slice(1);
    await test.db.owner.query(`alter role anon in database ${name} reset all`);
    await test.db.owner.query(`alter role anon in database ${name} set TimeZone = 'Asia/Kathmandu'`);
    if (!oldest) throw new Error("There is no PgBouncer.");
    bouncer = await startPgBouncer(oldest, "transaction", [direct.visitorsUrl], { translatesNames: false });
  });
  afterAll(async () => {
    await bouncer.stop();
    await openLogins(test.db.owner, loginsOf(direct));
  });

  it("a login without its settings is refused by their names", async () => {
    const refused = await refusalOf({ ...direct, visitorsUrl: bouncer.urlOf(direct.visitorsUrl) });
    expect(refused).toContain(
      "anon does not have TimeZone=UTC, statement_timeout=15s, default_transaction_read_only=on",
    );
    expect(await refusalOf(direct)).toBe("nothing is refused");
  });

  it("two clients meet each other's prepared statements, where names are not translated", async () => {
    const errors: unknown[] = [];
    for (const connectionString of [bouncer.urlOf(direct.visitorsUrl), direct.visitorsUrl]) {
      const clients = [1, 2].map(() => new pg.Client({ connectionString }));
      for (const [place, client] of clients.entries()) {
        await client.connect();
        const answer = client.query({ name: "one", text: `select ${place}` });
        errors.push(await answer.then(() => null, sqlState));
      }
      await Promise.all(clients.map((client) => client.end()));
    }
    expect(errors).toEqual([null, "42P05", null, null]);
  });
});
