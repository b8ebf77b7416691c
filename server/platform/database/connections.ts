import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { StartupError } from "../startupError.ts";
import { queueRole } from "./queueRole.ts";
import { connectTo, type Servers } from "./servers.ts";

/** The roles that connections act as. */
export type ConnectionRole = "anon" | "matepeak_app" | "matepeak_auth" | typeof queueRole;

/** PostgreSQL's limit for one statement, ms. */
export const longestStatement = 15_000;
const common = { TimeZone: "UTC", statement_timeout: `${longestStatement / 1000}s` };

/** What holds on every connection of a role, spelled as PostgreSQL shows it. */
export const roleSettings: Record<ConnectionRole, Readonly<Record<string, string>>> = {
  anon: { ...common, default_transaction_read_only: "on" },
  matepeak_app: { ...common, idle_in_transaction_session_timeout: "15s" },
  matepeak_auth: common,
  [queueRole]: common,
};

/** How long a notification may take to come back, ms. */
const longestEcho = 2_000;

/** Connections through a pooler: the process that serves them is not the one that greeted them. */
const pooled = new WeakSet<pg.ClientBase>();
/** Those to a database that `npm run distribute` has distributed (docs/decisions/0077). */
const distributed = new WeakSet<pg.ClientBase>();
/** Poolers' connections that have proved that their session is theirs. */
const proved = new WeakSet<pg.ClientBase>();

interface Answer {
  role: string;
  isDirect: boolean;
  isStandby: boolean;
  isDistributed: boolean;
  missing: string[];
}

/** Whether a connection that took its role leads to a database whose rows are on many machines. */
export function isDistributed(client: pg.ClientBase): boolean {
  return distributed.has(client);
}

/**
 * Makes sure that a new connection acts as a role, with that role's settings. A connection to PostgreSQL itself takes both by
 * statement, whatever its login; whether it is one is decided by that statement, in the session that it changes. Behind a
 * pooler in transaction mode nothing may be set for a session: it is the session of others too, and the next statement may
 * run in another one. There the login must be the role, and has the settings by itself (`npm run logins`). Any other login
 * has to prove its session first. @throws StartupError if the role or its settings are others
 */
export async function takeRole(client: pg.ClientBase, role: ConnectionRole, servers: Servers): Promise<void> {
  const direct = isDirectSql(client);
  let answer = await setAndAsk(client, role, direct);
  servers.accept(answer.isStandby);
  if (answer.isDistributed) distributed.add(client);
  if (!answer.isDirect) {
    pooled.add(client);
    if (answer.role !== role && (await hasSession(client, servers)))
      answer = await setAndAsk(client, role, "true");
    else if (!(await translatesNames(client))) dropNames(client);
  }
  if (answer.role !== role)
    throw new StartupError(
      `A database connection acts as ${answer.role} and not as ${role}, so its rights would be wrong: ` +
        "behind a pooler in transaction mode each purpose needs a login of its own (npm run logins).",
    );
  if (answer.missing.length > 0)
    throw new StartupError(
      `The login ${role} does not have ${answer.missing.join(", ")}: npm run logins sets what it needs behind a pooler.`,
    );
}

/** Sets role and settings if the condition holds in this session, and returns what it then has: one round trip. */
async function setAndAsk(client: pg.ClientBase, role: ConnectionRole, condition: string): Promise<Answer> {
  const settings = Object.entries(roleSettings[role])
    .map(([name, value]) => `('${name}', '${value}')`)
    .join(", ");
  const answers = await client
    .query(
      `select set_config(name, value, false) from (values ${settings}, ('role', '${role}')) as setting (name, value)
         where ${condition};
       select current_user as role, ${isDirectSql(client)} as "isDirect", pg_is_in_recovery() as "isStandby",
         exists (
           select from pg_proc where proname = 'book_sessions_of'
             and pronamespace = (select oid from pg_namespace where nspname = 'private')) as "isDistributed",
         array(select name || '=' || value from (values ${settings}) as setting (name, value)
           where current_setting(name) <> value) as missing`,
    )
    .catch((error: unknown) => {
      if (!(error instanceof pg.DatabaseError && ["42501", "22023"].includes(error.code ?? ""))) throw error;
      throw new StartupError(
        `A login of the database cannot act as ${role}: ${error.message}. Run npm run migrate first.`,
        { cause: error },
      );
    });
  // Several statements in one have a list of results, which the library's types do not know.
  const [, { rows }] = answers as unknown as [unknown, { rows: [Answer] }];
  return rows[0];
}

/**
 * Whether PostgreSQL's own process greeted the client: it then knows itself by the number of that greeting. A pooler greets
 * with numbers of its own.
 */
function isDirectSql(client: pg.ClientBase): string {
  const { processID } = client as unknown as { processID: number | null };
  return `pg_backend_pid() = ${processID ?? 0}`;
}

/**
 * Whether a pooler keeps apart what its clients prepare, by names of its own (PgBouncer since 1.21, with
 * `max_prepared_statements`). Where names arrive as they were sent, two clients meet each other's statements.
 */
async function translatesNames(client: pg.ClientBase): Promise<boolean> {
  const name = `probe_${randomUUID()}`;
  await client.query("begin");
  const { rows } = await client.query<{ isAsSent: boolean }>({
    name,
    text: 'select exists (select from pg_prepared_statements where name = $1) as "isAsSent"',
    values: [name],
  });
  const isAsSent = rows[0]?.isAsSent !== false;
  await client.query(isAsSent ? `deallocate "${name}"; commit` : "commit");
  return !isAsSent;
}

/** From now on each statement of the connection is parsed and planned again. */
function dropNames(client: pg.ClientBase): void {
  const send = client.query.bind(client) as (...asked: unknown[]) => unknown;
  const isNamed = (asked: unknown): asked is pg.QueryConfig =>
    typeof asked === "object" && asked !== null && "name" in asked && !("submit" in asked);
  client.query = ((asked: unknown, ...rest: unknown[]) =>
    send(isNamed(asked) ? { ...asked, name: undefined } : asked, ...rest)) as typeof client.query;
}

/**
 * Requires a connection that keeps its session while it lives: announcements, the queue and migrations use what belongs
 * to a session. @throws StartupError
 */
export async function requireSession(
  client: pg.ClientBase,
  variable: string,
  servers: Servers,
): Promise<void> {
  if (pooled.has(client) && !(await hasSession(client, servers)))
    throw new StartupError(
      `${variable} leads through a pooler in transaction mode and must have a connection of its own: ` +
        "name PostgreSQL itself, or a pooler in session mode.",
    );
}

/**
 * Behind a pooler a connection has a session only in session mode. A notification proves it: it comes back only if the
 * process that listens still belongs to the connection although that is idle.
 */
async function hasSession(client: pg.ClientBase, servers: Servers): Promise<boolean> {
  if (!proved.has(client) && (await hearsItself(client, servers))) proved.add(client);
  return proved.has(client);
}

async function hearsItself(client: pg.ClientBase, servers: Servers): Promise<boolean> {
  const channel = `echo_${randomUUID()}`;
  const timeout = new AbortController();
  const hear = (message: pg.Notification) => {
    if (message.channel === channel) timeout.abort();
  };
  client.on("notification", hear);
  try {
    await client.query(`listen "${channel}"`);
    await callOut(servers, channel);
    await sleep(longestEcho, undefined, { signal: timeout.signal }).catch(() => undefined);
    if (timeout.signal.aborted) await client.query(`unlisten "${channel}"`);
    return timeout.signal.aborted;
  } catch (error) {
    // A standby takes no listeners.
    if (error instanceof pg.DatabaseError && error.code === "25006") return false;
    throw error;
  } finally {
    client.off("notification", hear);
  }
}

/** Who calls at each database, and how many calls are under way: a pool that opens many connections needs one. */
const callers = new WeakMap<Servers, { client: Promise<pg.Client>; calls: number }>();

/** Notifies a channel over another connection than the one that listens. */
async function callOut(servers: Servers, channel: string): Promise<void> {
  const config = { connectionTimeoutMillis: longestEcho };
  const caller = callers.get(servers) ?? {
    client: connectTo(servers, config, async () => undefined),
    calls: 0,
  };
  callers.set(servers, caller);
  caller.calls += 1;
  try {
    await (await caller.client).query(`notify "${channel}"`);
  } finally {
    caller.calls -= 1;
    if (caller.calls === 0) {
      callers.delete(servers);
      await caller.client.then((client) => client.end()).catch(() => undefined);
    }
  }
}

/**
 * Which cluster answers, and which of its databases: a standby has the same numbers as its primary. Undefined where the platform
 * does not say the first.
 */
export async function whichDatabase(
  on: Pick<pg.Pool, "query">,
): Promise<{ cluster: string; database: string } | undefined> {
  const { rows } = await on
    .query<{ cluster: string; database: string }>(
      `select (select system_identifier from pg_control_system())::text as cluster, oid::text as database
       from pg_database where datname = current_database()`,
    )
    .catch((error: unknown) => {
      if (error instanceof pg.DatabaseError && ["42501", "42883"].includes(error.code ?? ""))
        return { rows: [] };
      throw error;
    });
  return rows[0];
}

/** Opens a connection that acts as a role. The caller closes it. @throws StartupError if it does not */
export function connectAs(servers: Servers, role: ConnectionRole): Promise<pg.Client> {
  const config = { connectionTimeoutMillis: 10_000 };
  return connectTo(servers, config, (client) => takeRole(client, role, servers));
}

/** Opens a connection as the login of the URL itself, which owns the schema. @throws StartupError behind a transaction pooler */
export async function connectOwner(servers: Servers): Promise<pg.Client> {
  const client = await connectTo(servers, { connectionTimeoutMillis: 10_000 }, async (owner) => {
    const { rows } = await owner.query<Pick<Answer, "isDirect" | "isStandby">>(
      `select ${isDirectSql(owner)} as "isDirect", pg_is_in_recovery() as "isStandby"`,
    );
    servers.accept(rows[0]?.isStandby === true);
    if (!rows[0]?.isDirect) pooled.add(owner);
  });
  try {
    await requireSession(client, "OWNER_URL", servers);
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}
