import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Cable, layCable } from "../../testing/cable.ts";
import { openTestDatabase, type TestDatabase } from "../../testing/testDatabase.ts";
import { refusalFromDatabase } from "../errors.ts";
import { StartupError } from "../startupError.ts";
import { openDatabase } from "./database.ts";
import { isDatabaseUrl, loginOf, openServers, passwordOf, type Servers } from "./servers.ts";

describe("the URL of a database", () => {
  it("may name several hosts, which are tried in turn and round again", () => {
    const servers = openServers("postgres://u:p%40q@a:1,[::1]:2,c/db?sslmode=disable");
    const seen = [1, 2, 3, 4].map(() => {
      const { url } = servers;
      servers.leave(url);
      return url;
    });
    expect(seen).toEqual([
      "postgres://u:p%40q@a:1/db?sslmode=disable",
      "postgres://u:p%40q@[::1]:2/db?sslmode=disable",
      "postgres://u:p%40q@c/db?sslmode=disable",
      "postgres://u:p%40q@a:1/db?sslmode=disable",
    ]);
  });

  it("names a login", () => {
    const url = "postgres://me:p%40q@a:1,b:2/db";
    expect([loginOf(url), passwordOf(url), passwordOf("postgres://me@a/db")]).toEqual([
      "me",
      "p@q",
      undefined,
    ]);
  });

  it("leaves a server once, however many connections have failed there", () => {
    const servers = openServers("postgres://a,b,c/db");
    const { url } = servers;
    for (let i = 0; i < 5; i++) servers.leave(url);
    expect(servers.url).toBe("postgres://b/db");
  });

  it.each([
    "postgres://u:p@host/db",
    "postgresql://host/db",
    "postgres:///db?host=/var/run/postgresql",
    "postgres://host/db?target_session_attrs=read-write",
  ])("may be %s", (url) => expect(isDatabaseUrl(url)).toBe(true));

  it.each([
    "mysql://u:p@host/db",
    "localhost",
    "postgres//u:p@host",
    "postgres://a,,b/db",
    "postgres://a,b:port/db",
    "postgres://a/db?target_session_attrs=replica",
    "postgres://a/db?options=-c%20statement_timeout%3D0",
    "postgres://u:%ff@a/db",
    "postgres://u:p%@a,b/db",
  ])("may not be %s", (url) => expect(isDatabaseUrl(url)).toBe(false));

  const accepts = (servers: Servers, isStandby: boolean) => {
    try {
      servers.accept(isStandby);
      return true;
    } catch {
      return false;
    }
  };
  it.each([
    ["postgres://a/db", [true, true]],
    ["postgres://a,b/db", [true, false]],
    ["postgres://a,b/db?target_session_attrs=any", [true, true]],
    ["postgres://a/db?target_session_attrs=read-write", [true, false]],
    ["postgres://a,b/db?target_session_attrs=primary", [true, false]],
    ["postgres://a,b/db?target_session_attrs=read-only", [false, true]],
    ["postgres://a,b/db?target_session_attrs=standby", [false, true]],
    ["postgres://a,b/db?target_session_attrs=prefer-standby", [false, true]],
  ])("%s accepts a primary, a standby: %j", (url, expected) => {
    expect([false, true].map((isStandby) => accepts(openServers(url), isStandby))).toEqual(expected);
  });

  it("of a replica would rather have a standby among several, if it says nothing", () => {
    const of = (url: string) =>
      [false, true].map((isStandby) => accepts(openServers(url, "prefer-standby"), isStandby));
    expect(of("postgres://a,b/db")).toEqual([false, true]);
    expect(of("postgres://a/db")).toEqual([true, true]);
    expect(of("postgres://a,b/db?target_session_attrs=primary")).toEqual([true, false]);
  });

  it("that would rather have a standby accepts a primary once all have been tried", () => {
    const servers = openServers("postgres://a,b/db?target_session_attrs=prefer-standby");
    const seen = [1, 2, 3].map(() => {
      const isAccepted = accepts(servers, false);
      if (!isAccepted) servers.leave(servers.url);
      return isAccepted;
    });
    expect(seen).toEqual([false, false, true]);
  });
});

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (reason: unknown) => reason,
  );

describe("with several hosts", () => {
  let db: TestDatabase;
  let cables: Cable[];
  beforeAll(async () => {
    db = await openTestDatabase();
    cables = await Promise.all([layCable(db.ownerUrl), layCable(db.ownerUrl)]);
  });
  afterAll(async () => {
    for (const cable of cables) cable.pull();
    await db.drop();
  });
  const urlOfBoth = (attributes = "") => {
    const [first, second] = cables.map(({ url }) => new URL(url));
    if (!first || !second) throw new Error("There are two cables.");
    return `postgres://${first.username}:${first.password}@${first.host},${second.host}${first.pathname}${attributes}`;
  };

  it("the app and its listener go on at the next server when one is lost, and back, without a restart", async () => {
    const database = openDatabase({ url: urlOfBoth() });
    await database.checkRoles();
    for (const lost of cables) {
      const listener = await database.connectListener();
      const isEnded = new Promise((resolve) => listener.once("end", resolve));
      lost.pull();
      await isEnded;
      // Connections that were open are found broken, one by one; what is opened now leads to the other server.
      await expect
        .poll(() =>
          database.ping().then(
            () => true,
            () => false,
          ),
        )
        .toBe(true);
      await (await database.connectListener()).end();
      const who = await database.asSystem("a test", null, ({ client }) =>
        client.query("select current_user"),
      );
      expect(who.rows).toEqual([{ current_user: "matepeak_app" }]);
      await lost.plug();
    }
    await database.close();
  });

  it("a connection that is lost under a transaction, between two statements, is a 503", async () => {
    const asked = db.database.asSystem("a test", null, async ({ client }) => {
      const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
      await db.owner.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
      await setTimeout(100);
      return client.query("select 1");
    });
    const error = await failure(asked);
    expect((error as Error).message).toContain("is not queryable");
    expect(refusalFromDatabase(error)?.code).toBe("database_unavailable");
  });

  it("a connection to what has become a standby is a 503, and is not used again", async () => {
    const write = (readOnly: boolean) =>
      db.database.asSystem("a test", null, async ({ client }) => {
        const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
        if (readOnly) await client.query("set transaction read only");
        const text = "insert into private.idempotency_keys default values";
        const error = await client.query(text).catch((reason: unknown) => reason);
        throw Object.assign(error as Error, rows[0]);
      });
    const [first, second] = [await failure(write(true)), await failure(write(false))];
    expect(first).toMatchObject({ code: "25006" });
    expect(refusalFromDatabase(first)?.code).toBe("database_unavailable");
    expect(second).not.toMatchObject({ pid: (first as { pid?: number }).pid });
    expect(await failure(write(false))).toMatchObject({ pid: (second as { pid?: number }).pid });
  });

  it("a server of the wrong part is as good as none: 503", async () => {
    const database = openDatabase({ url: urlOfBoth("?target_session_attrs=standby") });
    const error = await failure(database.ping());
    expect((error as Error).message).toBe("a primary, not a standby");
    expect(refusalFromDatabase(error)?.code).toBe("database_unavailable");
    await database.close();
  });

  it("a URL that cannot be used is named by its variable, at the start, without its password", async () => {
    const at = (more: Partial<URL>) => Object.assign(new URL(db.ownerUrl), more).href;
    const rest = at({});
    const urls = { url: rest, visitorsUrl: rest, accountsUrl: rest, queueUrl: rest, listenUrl: rest };
    const unusable = (variable: string) => `The database of ${variable} or DATABASE_URL cannot be used: `;
    const { username, password } = new URL(inject("postgres").appUrl);
    const nowhere = "postgres://me:a-secret@127.0.0.1:1/nowhere";
    for (const [changed, said] of [
      [{ accountsUrl: at({ password: "a-secret" }) }, `${unusable("ACCOUNTS_URL")}password authentication`],
      [{ url: at({ pathname: "/nowhere" }) }, `${unusable("APP_URL")}database "nowhere" does not exist`],
      [
        { queueUrl: at({ username, password }) },
        `${unusable("QUEUE_URL")}A login of the database cannot act`,
      ],
      [{ listenUrl: nowhere }, `${unusable("LISTEN_URL")}connect ECONNREFUSED`],
      [{ visitorsUrl: nowhere }, `${unusable("VISITORS_URL")}connect ECONNREFUSED`],
      [{ queueUrl: at({ pathname: "/postgres" }) }, "QUEUE_URL leads to another database than VISITORS_URL"],
      [{ listenUrl: at({ pathname: "/postgres" }) }, "LISTEN_URL leads to another database"],
      [{}, "undefined"],
    ] as const) {
      const database = openDatabase({ ...urls, ...changed });
      const error = await failure(database.checkRoles());
      await database.close();
      expect(String((error as Error | undefined)?.message)).toContain(said);
      if (error !== undefined) expect(error).toBeInstanceOf(StartupError);
      expect(String(error)).not.toContain("a-secret");
    }
  });

  it("a wrong password is not tried elsewhere", async () => {
    const url = new URL(inject("postgres").appUrl);
    const nowhere = `postgres://matepeak_app:wrong@${url.host},127.0.0.1:1/postgres`;
    const database = openDatabase({ url: nowhere });
    await expect(database.ping()).rejects.toMatchObject({ code: "28P01" });
    await database.close();
  });
});
