import { setTimeout as sleep } from "node:timers/promises";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { DB } from "../../../db/types.gen.ts";
import { StartupError } from "../startupError.ts";
import { BoundedPool } from "./boundedPool.ts";
import { queueRole } from "./queueRole.ts";

// A calendar date is not an instant and money is not a string: parse them as what they are.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Runs one statement: a pool (own connection, own transaction) or a transaction's client. */
export type Queryable = Pick<pg.Pool, "query">;

interface Tx {
  /** Typed statements. */
  db: Kysely<DB>;
  /** Prepared statements of the hot paths. */
  client: Queryable;
}

declare const actsAs: unique symbol;
/** A transaction in which row level security sees one signed-in person. */
export type UserTx = Tx & { [actsAs]: "user" };
/** A transaction of the app itself: it may write what no client may (instants, first status, idempotency records). */
export type SystemTx = Tx & { [actsAs]: "system" };

export interface Database {
  /** Single public reads, as `anon`: one round trip, read-only by construction. */
  public: Queryable;
  publicDb: Kysely<DB>;
  /** The same on one connection of its own, for a moment's questions that many wait for: never behind long ones. */
  quick: Queryable;
  /** One connection of its own that counts calls for all processes: never behind a booking. */
  counting: Queryable;
  /** The accounts library's own connections: only they reach passwords and sessions. */
  accounts: pg.Pool;
  asUser<T>(userId: string, work: (tx: UserTx) => Promise<T>): Promise<T>;
  /** `reason` says why the person's own rights do not suffice; `actorId` is who asked, for auth.uid(). */
  asSystem<T>(reason: string, actorId: string | null, work: (tx: SystemTx) => Promise<T>): Promise<T>;
  /** The job queue's own connections: they reach nothing else. */
  queue: pg.Pool;
  /** A connection of its own that can only listen, connected; whoever asks for it closes it. */
  connectListener(): Promise<pg.Client>;
  /** How many connections of each purpose there are, are idle and are waited for, and for how long (ms). */
  load(): Record<"visitors" | "quick" | "counting" | "app" | "accounts" | "queue", PoolLoad>;
  /** Transactions that were done once more, because of a deadlock or a serialization failure. */
  retries(): number;
  ping(): Promise<void>;
  /** Connects once for each purpose. @throws StartupError when a connection acts as another role than it should */
  checkRoles(): Promise<void>;
  close(): Promise<void>;
}

interface PoolLoad {
  total: number;
  idle: number;
  waiting: number;
  longestWaiting: number;
}

export interface DatabaseOptions {
  /** Login for visitors' reads and for transactions. */
  url: string;
  /** Login for the accounts library; the same one when left out. */
  accountsUrl?: string;
  /** Login for the job queue; the same one when left out. */
  queueUrl?: string;
  /** Most connections for transactions. */
  poolSize?: number;
  /** ms; while somebody waits for longer than this, nobody else joins the queue: `overloaded`. */
  longestWait?: number;
  /** ms; a connection on which the server says nothing for so long, while it is asked, is given up. */
  longestSilence?: number;
  onIdleError?: (error: Error) => void;
}

/** The server's own limit for one statement, ms. */
const longestStatement = 15_000;
/** How long a connection may take to say goodbye, ms; a server that hangs does not. */
const longestGoodbye = 3_000;

/** Deadlocks and serialization failures are the database's word for "once more". */
const retryable = new Set(["40001", "40P01"]);
export const maxAttempts = 3;

export function openDatabase({
  url,
  accountsUrl = url,
  queueUrl = url,
  poolSize = 16,
  longestWait = 2_000,
  // The server's own limit comes first: it can say which statement it was.
  longestSilence = longestStatement + 3_000,
  onIdleError = () => undefined,
}: DatabaseOptions): Database {
  // The login may be more powerful; every connection steps down to the role of its purpose at once.
  const open = (role: string, max: number, extra = "", login = url, pipeline = false) =>
    new BoundedPool({
      // Nobody waits for the worker.
      longestWait: role === queueRole ? Number.POSITIVE_INFINITY : longestWait,
      longestSilence,
      pipeline,
      connectionString: login,
      max,
      options: `-c role=${role} -c timezone=UTC -c statement_timeout=${longestStatement} ${extra}`,
      // Both to connect and to wait in the queue.
      connectionTimeoutMillis: longestWait + 2_000,
      idleTimeoutMillis: 60_000,
      application_name: `matepeak ${role}`,
      onConnect: (client) => checkRole(client, role),
    })
      .on("error", onIdleError)
      // A connection that breaks while in use fails its query; unheard, the event would end the process as well.
      .on("connect", (client) => client.on("error", onIdleError));

  const visitors = open("anon", 8, "-c default_transaction_read_only=on");
  const quick = open("anon", 1, "-c default_transaction_read_only=on");
  // Statements of one transaction may be sent without waiting for the answer to the one before.
  const app = open("matepeak_app", poolSize, "-c idle_in_transaction_session_timeout=15000", url, true);
  const counting = open("matepeak_app", 1);
  const accounts = open("matepeak_auth", 6, "", accountsUrl);
  const queue = open(queueRole, 8, "", queueUrl);
  let retries = 0;
  const onRetry = () => {
    retries += 1;
  };

  return {
    public: visitors,
    publicDb: new Kysely<DB>({ dialect: new PostgresDialect({ pool: visitors }) }),
    quick,
    counting,
    accounts,
    queue,
    connectListener: () => connectListener(url, onIdleError),
    asUser: (userId, work) =>
      inTransaction(app, "authenticated", userId, onRetry, (tx) => work(tx as UserTx)),
    asSystem: (_reason, actorId, work) =>
      inTransaction(app, "matepeak_app", actorId, onRetry, (tx) => work(tx as SystemTx)),
    load: () => ({
      visitors: loadOf(visitors),
      quick: loadOf(quick),
      counting: loadOf(counting),
      app: loadOf(app),
      accounts: loadOf(accounts),
      queue: loadOf(queue),
    }),
    retries: () => retries,
    ping: async () => {
      await visitors.query("select 1");
    },
    checkRoles: async () => {
      for (const pool of [visitors, quick, counting, app, accounts, queue]) await pool.query("select");
      await (await connectListener(url, onIdleError)).end();
    },
    close: async () => {
      const pools = [visitors, quick, counting, app, accounts, queue];
      const goodbye = new AbortController();
      await Promise.race([
        Promise.all(pools.map((pool) => pool.end())),
        sleep(longestGoodbye, undefined, { signal: goodbye.signal }),
      ]).finally(() => goodbye.abort());
    },
  };
}

/**
 * A pooler between us and the server may drop what a connection asks for as it opens (PgBouncer's
 * `ignore_startup_parameters = options` does so silently): it would then act as its login, the schema's owner, for whom
 * row level security does not apply. @throws StartupError
 */
async function checkRole(client: pg.ClientBase, role: string): Promise<void> {
  const { rows } = await client.query<{ role: string }>("select current_user as role");
  if (rows[0]?.role === role) return;
  throw new StartupError(
    `A database connection acts as ${rows[0]?.role} and not as ${role}, so its rights would be wrong: ` +
      "the pooler in front of PostgreSQL drops the startup parameter options. Connect directly or through a session pooler that passes it on.",
  );
}

function loadOf({ totalCount, idleCount, waitingCount, longestWaiting }: BoundedPool): PoolLoad {
  return { total: totalCount, idle: idleCount, waiting: waitingCount, longestWaiting };
}

async function connectListener(url: string, onError: (error: Error) => void): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    options: "-c role=anon -c default_transaction_read_only=on",
    connectionTimeoutMillis: 10_000,
    // A silent network must not look like a quiet day: whoever holds the connection asks it now and then.
    query_timeout: 10_000,
    keepAlive: true,
    application_name: "matepeak listener",
  });
  client.on("error", onError);
  await client.connect();
  try {
    await checkRole(client, "anon");
  } catch (error) {
    await client.end();
    throw error;
  }
  return client;
}

async function inTransaction<T>(
  pool: pg.Pool,
  role: "authenticated" | "matepeak_app",
  userId: string | null,
  onRetry: () => void,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptTransaction(pool, role, userId, work);
    } catch (error) {
      if (attempt >= maxAttempts || !asksForRetry(error)) throw error;
      onRetry();
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * attempt));
    }
  }
}

async function attemptTransaction<T>(
  pool: pg.Pool,
  role: string,
  userId: string | null,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const claims = client.escapeLiteral(JSON.stringify(userId ? { sub: userId, role } : { role }));
    // Begin, who acts, with which rights; the first statement of the work follows in the same flight. Should this fail,
    // so does every statement behind it: the connection is gone, or the transaction is in its failed state.
    const [begun, done] = await Promise.allSettled([
      client.query(
        `begin; select set_config('role', '${role}', true), set_config('request.jwt.claims', ${claims}, true)`,
      ),
      work({ db: typed(client), client }),
    ]);
    if (begun.status === "rejected") throw begun.reason;
    if (done.status === "rejected") throw done.reason;
    await client.query("commit");
    return done.value;
  } catch (error) {
    await client.query("rollback").catch((rollbackError: Error) => {
      // A connection that cannot even roll back must not be handed to anybody else.
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

const typedClients = new WeakMap<pg.ClientBase, Kysely<DB>>();

/** A typed view of one connection that somebody else holds; Kysely must not release what it did not take. */
export function typed(client: pg.ClientBase): Kysely<DB> {
  const known = typedClients.get(client);
  if (known) return known;
  const borrowed = { query: client.query.bind(client), release: () => undefined };
  const view = new Kysely<DB>({
    dialect: new PostgresDialect({ pool: { connect: async () => borrowed, end: async () => undefined } }),
  });
  typedClients.set(client, view);
  return view;
}

/** Whether the transaction may simply be done once more. */
export function asksForRetry(error: unknown): boolean {
  return retryable.has(sqlState(error) ?? "");
}

/** The five-character code of an error that PostgreSQL reported. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}
