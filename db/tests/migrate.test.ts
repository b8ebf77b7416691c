import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { checkMigrated, migrate, readSchemaFiles } from "../../server/postgres/migrate.ts";
// Brings the type of inject("postgres").
import type {} from "../../server/testing/globalSetup.ts";
import { templateName } from "../../server/testing/templateName.ts";
import { describeSchema } from "../describeSchema.ts";
import { baseline, composeTables, nouns, type SqlFile } from "../schemaFiles.ts";

const { adminUrl } = inject("postgres");
const logicNames = nouns.map((noun) => `schema/${noun}/logic.sql`);
const names = (await readdir(new URL("../migrations/", import.meta.url))).sort();
const all = [...names, ...logicNames];

let admin: pg.Client;
let url: string;
let first: pg.Client;
let second: pg.Client;
/** An empty database; the cluster has our roles already. */
beforeEach(async () => {
  admin = await connect(adminUrl);
  url = await makeDatabase();
  [first, second] = await Promise.all([connect(url), connect(url)]);
});
afterEach(async () => {
  await Promise.all([first.end(), second.end()]);
  await dropDatabase(url);
  await admin.end();
});

async function makeDatabase(template = "template1"): Promise<string> {
  const name = `migrated_${randomUUID().replaceAll("-", "")}`;
  await admin.query(`create database ${name} template ${template} strategy file_copy`);
  return Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
}

/** Takes a clone of the run's migrated database in place of the empty one. */
async function takeMigrated(): Promise<void> {
  await Promise.all([first.end(), second.end()]);
  await dropDatabase(url);
  url = await makeDatabase(templateName);
  [first, second] = await Promise.all([connect(url), connect(url)]);
}

async function dropDatabase(url: string): Promise<void> {
  await admin.query(`drop database ${new URL(url).pathname.slice(1)}`);
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

/** The files of this code and one more migration. */
async function withMigration(name: string, sql: string) {
  const { migrations, logic } = await readSchemaFiles();
  const added: SqlFile = { name, sql, checksum: sql };
  return { migrations: [...migrations, added], logic };
}

async function isThere(client: pg.Client, table: string): Promise<boolean> {
  const { rows } = await client.query("select to_regclass($1) is not null as there", [table]);
  return rows[0].there;
}

it("migrations are named in the order in which they apply", () => {
  for (const [index, name] of names.entries()) {
    expect(name).toMatch(new RegExp(`^${String(index + 1).padStart(4, "0")}_[a-z_]+\\.sql$`));
  }
});

it("all apply once, in order, and none a second time", async () => {
  expect(await migrate(first)).toEqual(all);
  const made = await describeSchema(first);
  expect(await migrate(first)).toEqual([]);
  expect(await describeSchema(first)).toBe(made);
});

it("of two processes that migrate at the same time, one does it and the other waits", async () => {
  const applied = await Promise.all([migrate(first), migrate(second)]);
  expect(applied.toSorted((a, b) => b.length - a.length)).toEqual([all, []]);
});

it("a migration that changed after it was applied is refused, and nothing is done", async () => {
  await takeMigrated();
  const files = await withMigration("0002_more.sql", "create table private.more (id int)");
  const [made, ...later] = files.migrations;
  if (!made) throw new Error("no baseline");
  const changed = { ...files, migrations: [{ ...made, checksum: "another" }, ...later] };
  await expect(migrate(first, { files: changed })).rejects.toThrow(
    `${made.name} was changed after it was applied`,
  );
  expect(await isThere(first, "private.more")).toBe(false);
  // The lock is free again.
  expect(await migrate(second, { files })).toEqual(["0002_more.sql", ...logicNames]);
});

it("a migration that fails leaves nothing behind, of those before it neither", async () => {
  await first.query("create table public.services (id int)");
  await expect(migrate(first)).rejects.toThrow("0001_baseline.sql could not be applied");
  await first.query("drop table public.services");
  const files = await withMigration("0002_more.sql", "create table private.more (id int); select 1 / 0");
  await expect(migrate(first, { files })).rejects.toThrow(
    "0002_more.sql could not be applied: division by zero",
  );
  expect(await isThere(first, "public.services")).toBe(false);
  expect((await first.query("select from private.schema_migrations")).rowCount).toBe(0);
  expect(await migrate(first)).toEqual(all);
});

it("a database of before the baseline is refused", async () => {
  await takeMigrated();
  await first.query("delete from private.schema_migrations where name <> $1", [baseline]);
  await first.query("update private.schema_migrations set name = '0001_roles_and_accounts.sql'");
  await expect(migrate(first)).rejects.toThrow("created by an older version");
});

it("what the migrations make is what the tables.sql files describe", async () => {
  await takeMigrated();
  const { logic } = await readSchemaFiles();
  const tables = { name: baseline, sql: await composeTables(), checksum: "composed" };
  const otherUrl = await makeDatabase();
  const other = await connect(otherUrl);
  try {
    await migrate(other, { files: { migrations: [tables], logic } });
    expect(await describeSchema(other)).toBe(await describeSchema(first));
    await other.query("alter table public.bookings alter column message set default ''");
    expect(await describeSchema(other)).not.toBe(await describeSchema(first));
  } finally {
    await other.end();
    await dropDatabase(otherUrl);
  }
});

describe("logic files", () => {
  const favourites = "schema/favourites/logic.sql";

  /** The files of this code with another text in one of the logic files. */
  async function withLogic(edit: (sql: string) => string) {
    const files = await readSchemaFiles();
    const logic = files.logic.map((file) =>
      file.name === favourites ? { ...file, sql: edit(file.sql), checksum: edit(file.sql) } : file,
    );
    return { ...files, logic };
  }

  it("one that has changed is applied again, the others are not", async () => {
    await takeMigrated();
    const made = await describeSchema(first);
    await first.query(`
      grant update (created_at) on public.favourite_mentors to anon;
      alter policy favourite_mentors_read_own on public.favourite_mentors using (true);
      drop trigger favourite_mentors_10_limit on public.favourite_mentors;
      grant update (created_at) on public.services to anon`);
    const files = await withLogic((sql) => `${sql}\n-- A word more.\n`);
    expect(await migrate(first, { files })).toEqual([favourites]);
    const applied = await describeSchema(first);
    await first.query("revoke update (created_at) on public.services from anon");
    expect(await describeSchema(first)).toBe(made);
    expect(applied).not.toBe(made);
    expect(await migrate(first, { files })).toEqual([]);
  });

  it("twin: one that has not changed is left alone", async () => {
    await takeMigrated();
    await first.query("drop trigger favourite_mentors_10_limit on public.favourite_mentors");
    const changed = await describeSchema(first);
    expect(await migrate(first)).toEqual([]);
    expect(await describeSchema(first)).toBe(changed);
  });

  it("all are applied after a migration, which may have dropped what they define", async () => {
    await takeMigrated();
    const made = await describeSchema(first);
    const files = await withMigration("0002_drop.sql", "drop function private.limit_favourites() cascade");
    expect(await migrate(first, { files })).toEqual(["0002_drop.sql", ...logicNames]);
    expect(await describeSchema(first)).toBe(made);
  });

  it("one that fails leaves everything as it was, migrations too", async () => {
    await takeMigrated();
    const made = await describeSchema(first);
    const files = await withLogic((sql) => `${sql.replace(">= 200", ">= 100")}\nselect 1 / 0;\n`);
    const more = await withMigration("0002_more.sql", "create table private.more (id int)");
    await expect(migrate(first, { files: { ...files, migrations: more.migrations } })).rejects.toThrow(
      `${favourites} could not be applied: division by zero`,
    );
    expect(await describeSchema(first)).toBe(made);
    expect(await migrate(first)).toEqual([]);
  });

  it("without them there are tables alone, for a backup to be loaded into", async () => {
    expect(await migrate(first, { last: baseline })).toEqual([baseline]);
    const { rowCount } = await first.query(
      "select from pg_trigger where not tgisinternal and tgname like 'bookings%'",
    );
    expect(rowCount).toBe(0);
    expect(await migrate(first)).toEqual(logicNames);
  });
});

describe("while others serve", () => {
  /** A transaction that has read bookings, and reads what the migration has locked by then. */
  async function readTwice(ended: () => boolean) {
    await second.query("begin; select from public.bookings");
    return async () => {
      await expect.poll(async () => (await admin.query(waitingLocks())).rowCount).toBe(1);
      expect(ended()).toBe(false);
      await second.query("select from auth.users");
      await second.query("commit");
    };
  }
  const waitingLocks = () =>
    `select from pg_locks l join pg_database d on d.oid = l.database
     where not l.granted and d.datname = '${new URL(url).pathname.slice(1)}' and l.mode = 'AccessExclusiveLock'`;

  it("gives way to a transaction that holds what it waits for, and tries again", async () => {
    await takeMigrated();
    let ended = false;
    const readAgain = await readTwice(() => ended);
    const files = await withMigration("0002_more.sql", "alter table public.bookings add column more int");
    const migrating = migrate(first, { files }).finally(() => {
      ended = true;
    });
    await readAgain();
    expect(await migrating).toEqual(["0002_more.sql", ...logicNames]);
  });

  it("twin: without giving way, the server ends one of the two", async () => {
    await takeMigrated();
    const readAgain = await readTwice(() => false);
    await first.query("begin");
    const locking = first.query("lock table auth.users, public.bookings in access exclusive mode");
    const ends = await Promise.allSettled([locking, readAgain()]);
    expect(ends.filter(({ status }) => status === "rejected")).toMatchObject([{ reason: { code: "40P01" } }]);
  });
});

describe("two versions at the same time", () => {
  const newer = "0002_newer.sql";

  /** What a newer version brings: a migration, and another favourites cap in the logic. */
  async function filesOfNewer() {
    const { migrations, logic } = await withMigration(newer, "create table private.newer (id int)");
    const changed = logic.map((file) =>
      file.name === "schema/favourites/logic.sql"
        ? { ...file, sql: file.sql.replace(">= 200", ">= 300"), checksum: "newer" }
        : file,
    );
    return { migrations, logic: changed };
  }

  it("an older one that starts again changes nothing of the newer one's", async () => {
    await takeMigrated();
    await migrate(first, { files: await filesOfNewer() });
    const made = await describeSchema(first);
    expect(made).toContain(">= 300");
    expect(await migrate(second)).toEqual([]);
    expect(await describeSchema(second)).toBe(made);
  });

  it("twin: without the newer migration, the older functions would come back", async () => {
    await takeMigrated();
    await migrate(first, { files: await filesOfNewer() });
    await first.query("delete from private.schema_migrations where name = $1", [newer]);
    expect(await migrate(second)).toEqual(["schema/favourites/logic.sql"]);
    expect(await describeSchema(second)).not.toContain(">= 300");
  });

  it("one whose own migration is missing does not go on beside them", async () => {
    await takeMigrated();
    await migrate(first, { files: await filesOfNewer() });
    const other = await withMigration("0002_other.sql", "select 1");
    await expect(migrate(second, { files: other })).rejects.toThrow("lacks others that it does");
  });
});

describe("a process that may not migrate", () => {
  const check = async (files?: Awaited<ReturnType<typeof readSchemaFiles>>) => {
    await second.query("set role matepeak_app");
    return checkMigrated(second, files);
  };

  it("does not start on an empty database", async () => {
    await expect(check()).rejects.toThrow(`lacks ${baseline}: run npm run migrate first`);
  });

  it("starts on a migrated one, as the app, and changes nothing", async () => {
    await takeMigrated();
    const made = await describeSchema(first);
    await check();
    expect(await describeSchema(first)).toBe(made);
  });

  it("does not start before its migration, or its logic, was applied", async () => {
    await takeMigrated();
    await expect(check(await withMigration("0002_more.sql", "select 1"))).rejects.toThrow(
      "lacks 0002_more.sql",
    );
    await first.query("update private.schema_migrations set checksum = 'before' where name = $1", [
      "schema/slots/logic.sql",
    ]);
    await expect(check()).rejects.toThrow("lacks schema/slots/logic.sql");
  });

  it("starts again after a newer version has migrated", async () => {
    await takeMigrated();
    const { migrations, logic } = await withMigration("0002_more.sql", "select 1");
    const changed = logic.map((file) => ({ ...file, sql: `${file.sql}\n`, checksum: "newer" }));
    await migrate(first, { files: { migrations, logic: changed } });
    await check();
  });
});
