import type { Socket } from "node:net";
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildApp } from "../app.ts";
import type { Database } from "../platform/database/database.ts";
import type { TypedApp } from "../platform/http/route.ts";
import { type LiveFeed, openFeed } from "../platform/live/feed.ts";
import {
  openTestApp,
  type Person,
  type TestApp,
  testConfig,
  testPublicUrl,
  testSecret,
} from "../testing/testApp.ts";
import { openAccounts } from "./accounts.ts";
import { openIdentities } from "./identities.ts";

/** Logins end in one process, and the other one has no announcements. */
let test: TestApp;
let other: TypedApp;
let asha: Person;
/** The connection on which the other process listens. */
let listener: pg.Client | undefined;
let mayListen: boolean;
let watched: Database;
beforeEach(async () => {
  mayListen = true;
  listener = undefined;
  test = await openTestApp();
  const { database } = test.db;
  watched = {
    ...database,
    connectListener: async () => {
      if (!mayListen) throw new Error("The database is out of reach.");
      listener = await database.connectListener();
      return listener;
    },
  };
  other = await buildApp({
    config: testConfig,
    database: watched,
  });
  [asha] = (await test.signUpCrowd(1)) as [Person];
});
afterEach(async () => {
  stream().resume();
  await other.close();
  await test.close();
});

const stream = () => (listener as unknown as { connection: { stream: Socket } }).connection.stream;
const authorization = ({ token }: Person) => `Bearer ${token}`;
const statusInOther = async (person: Person) =>
  (await other.inject({ url: "/api/v1/me", headers: { authorization: authorization(person) } })).statusCode;
const signOut = (person: Person) => person.call("POST", "/api/auth/sign-out", {});

const cuts: [string, () => unknown][] = [
  ["is silent", () => stream().pause()],
  [
    "is lost and cannot be opened again",
    () => {
      mayListen = false;
      stream().destroy();
    },
  ],
];

describe.each(cuts)("while the feed of a process %s", (_what, cut) => {
  it("a login that another process ends is over within a second", async () => {
    expect(await statusInOther(asha)).toBe(200);
    await expect.poll(() => listener).toBeDefined();
    // The feed is heard, and the login cached again since it opened.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await statusInOther(asha)).toBe(200);
    cut();
    expect(await statusInOther(asha)).toBe(200);
    (await signOut(asha)).expect(200);
    const endedAt = performance.now();
    let acceptedAt = endedAt;
    while (performance.now() < endedAt + 1_500) {
      const askedAt = performance.now();
      if ((await statusInOther(asha)) === 200) acceptedAt = askedAt;
    }
    expect(acceptedAt - endedAt).toBeLessThan(1_000);
  });

  it("other people stay signed in", async () => {
    expect(await statusInOther(asha)).toBe(200);
    await expect.poll(() => listener).toBeDefined();
    cut();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await statusInOther(asha)).toBe(200);
  });
});

describe("the cache of identities", () => {
  /** Counts the look-ups of a process with such a feed. */
  function open(feedOf: (feed: LiveFeed) => Pick<LiveFeed, "subscribe" | "silentFor"> = (feed) => feed) {
    const { accounts: pool } = test.db.database;
    const feed = openFeed(watched, other.log);
    let lookUps = 0;
    const counting = {
      query: (...asked: Parameters<typeof pool.query>) => {
        lookUps += 1;
        return pool.query(...asked);
      },
    } as unknown as typeof pool;
    const accounts = openAccounts({
      pool,
      secret: testSecret,
      publicUrl: testPublicUrl,
      sendCode: async () => undefined,
    });
    const identities = openIdentities({
      accounts,
      secret: testSecret,
      pool: counting,
      feed: feedOf(feed),
    });
    const read = () => identities.read({ headers: { authorization: authorization(asha) } });
    return { feed, read, lookUps: () => lookUps };
  }

  it("asks the database once while the feed is heard, and each time while it is not", async () => {
    const { feed, read, lookUps } = open();
    await read();
    await expect.poll(() => feed.silentFor()).toBeLessThan(200);
    await read();
    const before = lookUps();
    for (let i = 0; i < 20; i++) expect(await read()).toMatchObject({ id: asha.id });
    expect(lookUps()).toBe(before);
    stream().pause();
    await expect.poll(() => feed.silentFor(), { timeout: 2_000 }).toBeGreaterThan(900);
    for (let i = 0; i < 20; i++) expect(await read()).toMatchObject({ id: asha.id });
    expect(lookUps()).toBe(before + 20);
    stream().resume();
    await expect.poll(() => feed.silentFor()).toBeLessThan(200);
    await feed.close();
  });

  it("that trusts a silent feed accepts an ended login: the twin", async () => {
    const { feed, read } = open(({ subscribe }) => ({ subscribe, silentFor: () => 0 }));
    await read();
    await expect.poll(() => feed.silentFor()).toBeLessThan(200);
    await read();
    stream().pause();
    (await signOut(asha)).expect(200);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await read()).toMatchObject({ id: asha.id });
    stream().resume();
    await expect.poll(read).toBeNull();
    await feed.close();
  });
});

it("a login that ends while it is prolonged is over: 401, not an error", async () => {
  // As when another request ends it between the library's two statements.
  await test.db.owner.query(
    `create function pg_temp.lose() returns trigger language plpgsql as 'begin return null; end';
     create trigger lose before update on auth.sessions for each row execute function pg_temp.lose()`,
  );
  expect(await statusInOther(asha)).toBe(401);
  await expect.poll(() => listener).toBeDefined();
});
