import { randomBytes } from "node:crypto";
import pg from "pg";
import { connectAs, connectOwner } from "../platform/database/connections.ts";
import type { DatabaseUrls } from "../platform/database/database.ts";
import { queueRole } from "../platform/database/queueRole.ts";
import { openServers } from "../platform/database/servers.ts";
import { messageOf, StartupError } from "../platform/startupError.ts";
import { checkMigrated, migrate } from "./migrate.ts";
import { adoptZoneRules } from "./zoneRules.ts";

const oldestServer = 150_000;
const insufficientPrivilege = "42501";
const unreachable = (variable: string) => `The database of ${variable} or DATABASE_URL cannot be reached`;
/** The app's database on the embedded server. */
export const embeddedName = "matepeak";

/** Further work of the schema's owner, after the migrations (`applied`) and before the first request is served. */
type WhenMigrated<T> = (owner: pg.Client, applied: string[]) => Promise<T>;

/**
 * Prepares the operator's own server: checks its version and migrates. `url` owns the schema. Returns the result of
 * `whenMigrated`.
 * @throws StartupError when it cannot be reached, is too old, or a migration fails
 */
export async function prepareGivenDatabase<T>(url: string, whenMigrated: WhenMigrated<T>): Promise<T> {
  const client = await connect(url, unreachable("OWNER_URL"));
  try {
    const { rows } = await client.query<{ server_version_num: string }>("show server_version_num");
    if (Number(rows[0]?.server_version_num) < oldestServer) {
      throw new StartupError("The database of OWNER_URL or DATABASE_URL is older than PostgreSQL 15.");
    }
    const applied = await migrateAsOwner(client);
    await adoptZoneRules(client);
    return await whenMigrated(client, applied);
  } finally {
    await client.end();
  }
}

async function migrateAsOwner(client: pg.Client): Promise<string[]> {
  try {
    return await migrate(client);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== insufficientPrivilege) throw error;
    throw new StartupError(
      `The login of OWNER_URL or DATABASE_URL cannot migrate: ${error.message}. Use the schema's owner, or run npm run migrate as the owner and start with MIGRATE=off.`,
      { cause: error },
    );
  }
}

/**
 * The same for a process that must not migrate (`MIGRATE=off`): it only compares, as the app, and needs no other right.
 * Returns the result of `whenCompared`, which is a visitor's.
 * @throws StartupError also when the database lacks something
 */
export async function compareGivenDatabase<T>(
  { url, visitorsUrl = url }: DatabaseUrls,
  whenCompared: (visitor: pg.Client) => Promise<T>,
): Promise<T> {
  const app = await complaining(connectAs(openServers(url), "matepeak_app"), unreachable("APP_URL"));
  try {
    await checkMigrated(app);
    await adoptZoneRules(app);
  } finally {
    await app.end();
  }
  const visitor = await complaining(connectAs(openServers(visitorsUrl), "anon"), unreachable("VISITORS_URL"));
  try {
    return await whenCompared(visitor);
  } finally {
    await visitor.end();
  }
}

/**
 * Prepares the embedded server: database, migrations, and logins for the app, the accounts library and the job queue, with
 * passwords for this start only. The superuser is not used afterwards. Returns those logins and the result of
 * `whenMigrated`.
 */
export async function prepareEmbeddedDatabase<T>(
  adminUrl: string,
  whenMigrated: WhenMigrated<T>,
): Promise<{ logins: DatabaseUrls; answer: T }> {
  const admin = await connect(adminUrl, "The embedded database does not respond");
  const { rowCount } = await admin.query("select from pg_database where datname = $1", [embeddedName]);
  if (rowCount === 0) await admin.query(`create database ${embeddedName}`);
  await admin.end();

  const ownerUrl = new URL(adminUrl);
  ownerUrl.pathname = `/${embeddedName}`;
  const owner = await connect(ownerUrl.href, "The embedded database does not respond");
  try {
    const applied = await migrate(owner);
    await adoptZoneRules(owner);
    const answer = await whenMigrated(owner, applied);
    const logins = {
      url: await openLogin(owner, ownerUrl, "matepeak_app"),
      accountsUrl: await openLogin(owner, ownerUrl, "matepeak_auth"),
      queueUrl: await openLogin(owner, ownerUrl, queueRole),
    };
    return { logins, answer };
  } finally {
    await owner.end();
  }
}

/** Sets a new password for a role and returns the URL to log in with. */
export async function openLogin(owner: pg.Client, database: URL, role: string): Promise<string> {
  const password = randomBytes(24).toString("base64url");
  await owner.query(
    `alter role ${owner.escapeIdentifier(role)} login password ${owner.escapeLiteral(password)}`,
  );
  const url = new URL(database);
  url.username = role;
  url.password = password;
  return url.href;
}

/** Connects as the owner of the schema. @throws StartupError with the complaint and the reason */
export function connect(url: string, complaint: string): Promise<pg.Client> {
  return complaining(connectOwner(openServers(url)), complaint);
}

async function complaining(connecting: Promise<pg.Client>, complaint: string): Promise<pg.Client> {
  try {
    return await connecting;
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(`${complaint}: ${messageOf(error)}`, { cause: error });
  }
}
