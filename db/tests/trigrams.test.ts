import { randomUUID } from "node:crypto";
import pg from "pg";
import { expect, inject, it } from "vitest";
// Brings the type of inject("postgres").
import type {} from "../../server/testing/globalSetup.ts";

const { adminUrl } = inject("postgres");

/** How many trigrams the search's index has of a word in Devanagari, in a new database of the embedded server. */
async function trigramsIn(settings: string): Promise<number> {
  const name = `letters_${randomUUID().replaceAll("-", "")}`;
  const admin = await connect(adminUrl);
  await admin.query(`create database ${name} template template0 ${settings}`);
  const client = await connect(Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href);
  try {
    await client.query("create extension pg_trgm");
    const { rows } = await client.query("select cardinality(show_trgm('प्रकाश')) as count");
    return rows[0].count;
  } finally {
    await client.end();
    await admin.query(`drop database ${name}`);
    await admin.end();
  }
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

it("the embedded server's character type includes the letters of Devanagari", async () => {
  expect(await trigramsIn("")).toBeGreaterThan(3);
});

it("twin: with the character type C they are no letters", async () => {
  expect(await trigramsIn("lc_ctype 'C'")).toBe(0);
});
