import type { Client } from "pg";
import { z } from "zod";
import { readLogic, readMigrations } from "../../db/schemaFiles.ts";
import { loopback } from "../platform/config.ts";
import { connectOwner } from "../platform/database/connections.ts";
import { openServers } from "../platform/database/servers.ts";
import { fetchBounded, NoAnswer } from "../platform/http/fetchBounded.ts";
import { messageOf, StartupError } from "../platform/startupError.ts";

export interface Finding {
  is: "in order" | "wrong" | "to know";
  text: string;
}

const inOrder = (text: string): Finding => ({ is: "in order", text });
const wrong = (text: string): Finding => ({ is: "wrong", text });
const toKnow = (text: string): Finding => ({ is: "to know", text });

/** What a project lacks, or undefined. */
const judge = (lacking: readonly string[], fine: string, bad: (names: string) => string): Finding =>
  lacking.length === 0 ? inOrder(fine) : wrong(bad(lacking.join(", ")));

const oldest = 150_000;
/** With the app's 44 connections and those that Supabase's own services hold. */
const fewConnections = 60;
const platformRoles = ["anon", "authenticated", "service_role", "authenticator"];
const ownRoles = ["matepeak_app", "matepeak_auth", "matepeak_jobs"];
const realtimeTables = ["availability_slots", "blocked_dates", "bookings", "notifications", "occupancies"];
/** What private.open_logins() reads. */
const authColumns = {
  users: [
    "id",
    "email",
    "email_confirmed_at",
    "raw_user_meta_data",
    "banned_until",
    "deleted_at",
    "is_anonymous",
  ],
  sessions: ["id", "user_id", "aal", "not_after"],
  mfa_factors: ["user_id", "status"],
};

/**
 * Looks at a Supabase project and changes nothing. No finding holds a password or key.
 * @param databaseUrl of the owner, `postgres` there @param projectUrl `https://….supabase.co`
 * @throws StartupError if the first is no URL of PostgreSQL
 */
export async function checkSupabase(databaseUrl: string, projectUrl?: string): Promise<Finding[]> {
  const findings = await checkDatabase(databaseUrl);
  return projectUrl === undefined ? findings : [...findings, ...(await checkKeys(projectUrl))];
}

async function checkDatabase(url: string): Promise<Finding[]> {
  const servers = openServers(url);
  let client: Client;
  try {
    client = await connectOwner(servers);
  } catch (error) {
    // Of the network or the server; the address with its password is in neither.
    if (!(error instanceof StartupError)) return [wrong(`No connection: ${messageOf(error)}`)];
    return [
      wrong(
        "The address leads through a pooler in transaction mode (port 6543): migrations, jobs and live updates need a session. Use the session pooler, port 5432, or the direct connection.",
      ),
    ];
  }
  try {
    const findings = [inOrder("The connection keeps its session."), ...checkEncryption(client, servers.url)];
    for (const check of [
      checkServer,
      checkRoles,
      checkAccounts,
      checkExtensions,
      checkMigrations,
      checkProtection,
      checkPublication,
    ])
      findings.push(...(await check(client)));
    return findings;
  } finally {
    await client.end();
  }
}

/** Nothing else says it: the server accepts both, and passwords of people and mentors' bank details go this way. */
function checkEncryption(client: Client, url: string): Finding[] {
  const { stream } = (client as unknown as { connection: { stream: { encrypted?: boolean } } }).connection;
  if (stream.encrypted) return [inOrder("The connection is encrypted.")];
  if (loopback.test(new URL(url).hostname)) return [];
  return [
    wrong(
      "The connection is not encrypted: add ?sslmode=verify-full&sslrootcert=<file> to the URL, with the certificate of the project's database settings.",
    ),
  ];
}

async function checkServer(client: Client): Promise<Finding[]> {
  const { rows } = await client.query<{
    version: number;
    full: string;
    connections: number;
    encoding: string;
  }>(
    `select current_setting('server_version_num')::int as version, current_setting('server_version') as full,
       current_setting('max_connections')::int as connections, current_setting('server_encoding') as encoding`,
  );
  const { version = 0, full = "", connections = 0, encoding = "" } = rows[0] ?? {};
  return [
    version >= oldest ? inOrder(`PostgreSQL ${full}.`) : wrong(`PostgreSQL ${full} is older than 15.`),
    ...(encoding === "UTF8" ? [] : [wrong(`The database's encoding is ${encoding}, not UTF8.`)]),
    connections > fewConnections
      ? inOrder(`It takes ${connections} connections.`)
      : toKnow(`It takes ${connections} connections, and one process of the app up to 44: run only one.`),
  ];
}

async function checkRoles(client: Client): Promise<Finding[]> {
  const { rows } = await client.query<{ rolname: string; settable: boolean }>(
    `select rolname, pg_has_role(current_user, oid,
       case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) as settable
     from pg_roles where rolname = any ($1)`,
    [[...platformRoles, ...ownRoles]],
  );
  const known = new Map(rows.map(({ rolname, settable }) => [rolname, settable]));
  const { rows: login } = await client.query<{ name: string; creates: boolean; superuser: boolean }>(
    "select rolname as name, rolcreaterole as creates, rolsuper as superuser from pg_roles where rolname = current_user",
  );
  const { name = "", creates = false, superuser = false } = login[0] ?? {};
  const missing = ownRoles.filter((role) => !known.has(role));
  return [
    judge(
      platformRoles.filter((role) => !known.has(role)),
      "Supabase's roles are there.",
      (names) => `This is no Supabase project, or an old one: the roles ${names} are missing.`,
    ),
    missing.length > 0
      ? creates
        ? toKnow(`The app's roles (${missing.join(", ")}) will be created by the migrations.`)
        : wrong(`The login ${name} may not create the roles ${missing.join(", ")}.`)
      : judge(
          [...platformRoles.slice(0, 2), ...ownRoles].filter((role) => known.get(role) === false),
          `The login ${name} can act as each of the app's roles.`,
          (names) => `The login ${name} cannot act as ${names}.`,
        ),
    ...(superuser ? [toKnow(`The login ${name} is a superuser: use the project's own, postgres.`)] : []),
  ];
}

async function checkAccounts(client: Client): Promise<Finding[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname || '.' || a.attname as name
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = to_regnamespace('auth') and has_table_privilege(c.oid, 'select')`,
  );
  const there = new Set(rows.map(({ name }) => name));
  if (there.has("verifications.identifier"))
    return [wrong("The schema auth is MatePeak's own: this is no Supabase project.")];
  const { rows: functions } = await client.query("select where to_regprocedure('auth.uid()') is not null");
  return [
    judge(
      [
        ...Object.entries(authColumns).flatMap(([table, columns]) =>
          columns.map((column) => `${table}.${column}`).filter((name) => !there.has(name)),
        ),
        ...(functions.length > 0 ? [] : ["uid()"]),
      ],
      "Supabase Auth's accounts, logins and second factors can be read.",
      (names) =>
        `In the schema auth the login cannot read ${names}: the project's Auth is too old, or has changed.`,
    ),
  ];
}

async function checkExtensions(client: Client): Promise<Finding[]> {
  const { rows } = await client.query<{ name: string; installed: boolean }>(
    `select name, installed_version is not null as installed from pg_available_extensions
     where name in ('btree_gist', 'pg_trgm')`,
  );
  const missing = rows.flatMap(({ name, installed }) => (installed ? [] : [name]));
  return [
    judge(
      ["btree_gist", "pg_trgm"].filter((name) => !rows.some((row) => row.name === name)),
      missing.length > 0
        ? `The extensions ${missing.join(", ")} will be installed by the migrations.`
        : "The extensions btree_gist and pg_trgm are installed.",
      (names) => `The server does not have the extensions ${names}.`,
    ),
  ];
}

async function checkMigrations(client: Client): Promise<Finding[]> {
  const files = [...(await readMigrations()), ...(await readLogic())];
  const { rows: there } = await client.query(
    "select where to_regclass('private.schema_migrations') is not null",
  );
  if (there.length === 0)
    return [toKnow("No migration is applied yet: the first start does it, or npm run migrate.")];
  const { rows } = await client.query<{ name: string; checksum: string }>(
    "select name, checksum from private.schema_migrations",
  );
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  const due = files.filter(({ name, checksum }) => applied.get(name) !== checksum);
  const { rows: queue } = await client.query("select where to_regnamespace('graphile_worker') is not null");
  return [
    due.length === 0
      ? inOrder(`All ${files.length} files of the schema are applied as this version has them.`)
      : wrong(
          `${due.length} files of the schema are not applied as this version has them: start the app, or npm run migrate.`,
        ),
    ...(queue.length > 0 ? [] : [wrong("The job queue is missing.")]),
  ];
}

async function checkProtection(client: Client): Promise<Finding[]> {
  const names = async (sql: string) =>
    (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name);
  const open = await names(
    `select c.oid::regclass::text as name from pg_class c
     where c.relnamespace in (select oid from pg_namespace where nspname in ('public', 'private'))
       and c.relkind in ('r', 'p') and not c.relrowsecurity order by 1`,
  );
  const writable = await names(
    `select distinct p.polrelid::regclass::text as name from pg_policy p join pg_class c on c.oid = p.polrelid
     where c.relnamespace = to_regnamespace('public') and p.polpermissive and p.polcmd in ('a', '*')
       and to_regrole('authenticated')::oid = any (p.polroles) and not exists (
         select from pg_policy r where r.polrelid = c.oid and not r.polpermissive and r.polcmd = 'a') order by 1`,
  );
  return [
    judge(
      open,
      "Every table in public and private has row level security.",
      (tables) => `Without row level security, and so open to every key of the project: ${tables}.`,
    ),
    judge(
      writable,
      "Anonymous people write in no table.",
      (tables) => `Anonymous people may write in ${tables}: run npm run migrate.`,
    ),
  ];
}

async function checkPublication(client: Client): Promise<Finding[]> {
  const { rows } = await client.query<{ tables: string[] | null }>(
    `select array_agg(t.tablename::text order by t.tablename) filter (where t.schemaname = 'public') as tables
     from pg_publication p left join pg_publication_tables t on t.pubname = p.pubname
     where p.pubname = 'supabase_realtime' group by p.pubname`,
  );
  const [publication] = rows;
  if (!publication)
    return [
      toKnow(
        "There is no publication supabase_realtime: Realtime has none of the tables. The app's pages do not use it.",
      ),
    ];
  const published = publication.tables ?? [];
  const { rows: migrated } = await client.query("select where to_regclass('public.bookings') is not null");
  if (migrated.length === 0)
    return [inOrder("Realtime's publication is there; the migrations add the tables that people may see.")];
  const others = published.filter((table) => !realtimeTables.includes(table));
  return [
    judge(
      realtimeTables.filter((table) => !published.includes(table)),
      "Realtime's publication has the tables that people may see.",
      (tables) => `Realtime's publication lacks ${tables}: run npm run migrate as its owner.`,
    ),
    ...(others.length > 0
      ? [toKnow(`Realtime's publication also has ${others.join(", ")}: their policies decide who is told.`)]
      : []),
  ];
}

const keySet = z.object({ keys: z.array(z.object({ alg: z.string() })) });

async function checkKeys(projectUrl: string): Promise<Finding[]> {
  const address = `${projectUrl.replace(/\/+$/, "")}/auth/v1/.well-known/jwks.json`;
  try {
    const { status, text } = await fetchBounded(address, {}, { timeoutMs: 10_000, maxBytes: 64 * 1024 });
    const { data } = keySet.safeParse(JSON.parse(text));
    if (status !== 200 || !data) return [wrong(`${address} answers ${status}, without keys.`)];
    return [
      data.keys.length > 0
        ? inOrder(`Supabase Auth signs with ${data.keys.map(({ alg }) => alg).join(", ")}.`)
        : toKnow(
            "Supabase Auth has no public key: it signs with the shared secret, which SUPABASE_JWT_SECRET needs.",
          ),
    ];
  } catch (error) {
    if (!(error instanceof NoAnswer || error instanceof SyntaxError)) throw error;
    return [wrong(`${address} cannot be read.`)];
  }
}
