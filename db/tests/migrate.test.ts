import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import pg from "pg";
import { afterEach, beforeEach, expect, inject, it } from "vitest";
import { migrate } from "../../server/postgres/migrate.ts";
// Brings the type of inject("postgres").
import type {} from "../../server/testing/globalSetup.ts";
import { describeSchema } from "../describeSchema.ts";

const { adminUrl } = inject("postgres");
const files = (await readdir(new URL("../migrations/", import.meta.url))).sort();

let admin: pg.Client;
let url: string;
let first: pg.Client;
let second: pg.Client;
/** An empty database; the cluster has our roles already. */
beforeEach(async () => {
  admin = await connect(adminUrl);
  const name = `migrated_${randomUUID().replaceAll("-", "")}`;
  await admin.query(`create database ${name}`);
  url = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
  [first, second] = await Promise.all([connect(url), connect(url)]);
});
afterEach(async () => {
  await Promise.all([first.end(), second.end()]);
  await admin.query(`drop database ${new URL(url).pathname.slice(1)}`);
  await admin.end();
});

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

it("migrations are named in the order in which they apply", () => {
  for (const [index, name] of files.entries()) {
    expect(name).toMatch(new RegExp(`^${String(index + 1).padStart(4, "0")}_[a-z_]+\\.sql$`));
  }
});

it("all apply once, in order, and none a second time", async () => {
  expect(await migrate(first)).toEqual(files);
  const made = await describeSchema(first);
  expect(await migrate(first)).toEqual([]);
  expect(await describeSchema(first)).toBe(made);
});

it("two processes migrate at once: one does it, the other waits", async () => {
  const applied = await Promise.all([migrate(first), migrate(second)]);
  expect(applied.toSorted((a, b) => b.length - a.length)).toEqual([files, []]);
});

it("a migration that changed after it was applied is refused, and nothing is done", async () => {
  await migrate(first);
  await first.query("update private.schema_migrations set checksum = 'another' where name = $1", [files[2]]);
  await first.query("delete from private.schema_migrations where name = $1", [files.at(-1)]);
  await expect(migrate(first)).rejects.toThrow(`${files[2]} was changed after it was applied`);
  expect((await first.query("select from private.schema_migrations")).rowCount).toBe(files.length - 1);
  // The lock is free again.
  await expect(migrate(second)).rejects.toThrow("was changed after it was applied");
});

it("a migration that fails leaves nothing behind", async () => {
  await first.query("create table public.services (id int)");
  await expect(migrate(first)).rejects.toThrow("0003_services.sql could not be applied");
  const { rows } = await first.query("select name from private.schema_migrations order by name");
  expect(rows.map(({ name }) => name)).toEqual(files.slice(0, 2));
  await first.query("drop table public.services");
  expect(await migrate(first)).toEqual(files.slice(2));
});
