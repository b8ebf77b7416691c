import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";

const migrationsFolder = new URL("migrations/", import.meta.url);

/** The migration that makes an empty database what the `tables.sql` files describe. */
export const baseline = "0001_baseline.sql";

/** The folders of `schema/`, each after those whose tables its own refer to. */
export const nouns = [
  "roles",
  "accounts",
  "platform",
  "sandbox",
  "timeZones",
  "mentors",
  "services",
  "hours",
  "programmes",
  "slots",
  "series",
  "baskets",
  "bookings",
  "noShow",
  "groupSessions",
  "money",
  "ledger",
  "payments",
  "payouts",
  "offers",
  "meetings",
  "favourites",
  "students",
  "reviews",
  "timeRequests",
  "alerts",
  "waitlist",
  "notifications",
  "mail",
  "calendarFeed",
  "calendarConnections",
  "sessionEntries",
  "documents",
  "personalData",
  "administration",
  "reconciliation",
  "supabase",
] as const;

export interface SqlFile {
  /** Of a migration the file's name, of a logic file its path below `db/`. */
  name: string;
  sql: string;
  /** SHA-256 of the file, hexadecimal. */
  checksum: string;
}

async function readSql(name: string, file: URL): Promise<SqlFile> {
  const sql = await readFile(file, "utf8");
  return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
}

function readOfEachNoun(name: "tables.sql" | "logic.sql"): Promise<SqlFile[]> {
  const paths = nouns.map((noun) => `schema/${noun}/${name}`);
  return Promise.all(paths.map((path) => readSql(path, new URL(path, import.meta.url))));
}

/** Returns the migrations in the order in which they are applied. */
export async function readMigrations(): Promise<SqlFile[]> {
  const names = (await readdir(migrationsFolder)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(names.map((name) => readSql(name, new URL(name, migrationsFolder))));
}

/** Returns the `logic.sql` of each noun: functions, triggers, policies and grants as they are now. */
export function readLogic(): Promise<SqlFile[]> {
  return readOfEachNoun("logic.sql");
}

/** Returns the `tables.sql` of each noun: what rows are in. */
export function readTables(): Promise<SqlFile[]> {
  return readOfEachNoun("tables.sql");
}

/** Returns the `tables.sql` of each noun as one script, in the order of `nouns`. */
export async function composeTables(): Promise<string> {
  const parts = (await readTables()).map(({ name, sql }) => `-- ${name}\n\n${sql}`);
  return `-- Composed of schema/*/tables.sql by \`npm run db:generate\`. Do not edit it.\n\n${parts.join("\n")}`;
}

export const baselineFile = new URL(baseline, migrationsFolder);
