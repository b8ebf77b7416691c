import { setTimeout as sleep } from "node:timers/promises";
import { Kysely, PostgresDialect, type PostgresPoolClient } from "kysely";
import pg from "pg";
import type { DB } from "../../../db/types.gen.ts";
import { messageOf, StartupError } from "../startupError.ts";
import { type AnnouncementListener, type Announcer, openAnnouncer } from "./announcer.ts";
import { BoundedPool } from "./boundedPool.ts";
import {
  type ConnectionRole,
  isDistributed,
  longestStatement,
  requireSession,
  takeRole,
  whichDatabase,
} from "./connections.ts";
import { isPlanOutdated, withCurrentPlans } from "./outdatedPlans.ts";
import { queueRole } from "./queueRole.ts";
import { openReplica, type PublicReads, type Replica, type ReplicaOptions } from "./replica.ts";
import { connectTo, openServers, type Servers } from "./servers.ts";
import { openStatementNames } from "./statementNames.ts";

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
  /**
   * The same for the last statement: the commit is sent right behind it, so that no lock is held while the app waits for
   * an answer. What the work decides after it no longer rolls anything back.
   */
  last: this;
  /** For a statement in front of the last one. */
  ahead: this;
  /** The rows are on many machines: only a statement that names its mentor by value is for one machine. */
  isDistributed: boolean;
}

/** As whom a transaction acts. */
type TransactionRole = "authenticated" | "matepeak_app";

declare const actsAs: unique symbol;
/** A transaction in which row level security sees one signed-in person. */
export type UserTx = Tx & { [actsAs]: "user" };
/** A transaction of the app itself: it may write what no client may (instants, first status, idempotency records). */
export type SystemTx = Tx & { [actsAs]: "system" };

export interface Database extends PublicReads {
  /** Single public reads, as `anon`: one round trip, read-only by construction. */
  public: Queryable;
  publicDb: Kysely<DB>;
  /** For public reads that may be out of date, or are checked; undefined if there is none. */
  replica: Replica | undefined;
  /** A dedicated connection for revision look-ups, so they never queue behind slow reads. */
  revisionPool: Queryable;
  /** Single calls of the app itself, each a transaction: one round trip. They announce nothing; `announce` does. */
  commands: Queryable;
  /** Announces changes of committed calls, as private.announce() takes them. */
  announce(changes: readonly { channel: string; id: string; about?: string }[]): void;
  /** Announces what a committed call has collected: its setting matepeak.announcements. */
  announceCollected(lines: string): void;
  /** A dedicated connection for rate-limit counts, so they never queue behind bookings. */
  counting: Queryable;
  /** Connections of the accounts library: only these reach passwords and logins. */
  accounts: pg.Pool;
  asUser<T>(userId: string, work: (tx: UserTx) => Promise<T>): Promise<T>;
  /** @param reason why the person's own rights don't suffice @param actorId who asked, for auth.uid() */
  asSystem<T>(reason: string, actorId: string | null, work: (tx: SystemTx) => Promise<T>): Promise<T>;
  /** Connections of the job queue: these reach nothing else. */
  queue: pg.Pool;
  /** Opens a connection that can only listen. The caller closes it. */
  connectListener(): Promise<pg.Client>;
  /** Calls the listener with what this process's own transactions announce, before their callers continue. */
  onAnnouncement(listener: AnnouncementListener): void;
  /** Connections by purpose: how many exist, are idle and are waited for, and for how long (ms). */
  load(): Record<
    "visitors" | "revisions" | "commands" | "counting" | "app" | "accounts" | "queue",
    PoolLoad
  > & {
    replica?: PoolLoad;
  };
  /** Transactions retried after a deadlock or a serialization failure. */
  retries(): number;
  /** Whether the rows of mentors are on many machines; known once a connection is open. */
  isDistributed(): boolean;
  ping(): Promise<void>;
  /**
   * Connects once for each purpose. @throws StartupError that names the variable if a connection does not have its role or its
   * session, or leads to another database than the others
   */
  checkRoles(): Promise<void>;
  close(): Promise<void>;
}

interface PoolLoad {
  total: number;
  idle: number;
  waiting: number;
  longestWaiting: number;
}

/** Logins by purpose. Each URL may name several hosts (servers.ts). */
export interface DatabaseUrls {
  /** For transactions and calls of the app. */
  url: string;
  /** For visitors' reads; defaults to `url`, as all others do. */
  visitorsUrl?: string;
  /** A standby for those of the visitors' reads that it may answer (replica.ts). */
  replicaUrl?: string;
  /** For the accounts library. */
  accountsUrl?: string;
  /** For the job queue, which needs sessions: no pooler in transaction mode. */
  queueUrl?: string;
  /** For the connection that listens, which needs a session too. */
  listenUrl?: string;
}

export interface DatabaseOptions extends DatabaseUrls {
  /** Maximum number of connections for transactions. */
  poolSize?: number;
  /** ms; while a caller has waited longer than this for a connection, others are rejected with `overloaded`. */
  longestWait?: number;
  /** ms; a connection in use on which the server stays silent for this long is closed. */
  longestSilence?: number;
  /** s; an older connection is replaced by a new one. */
  longestConnection?: number;
  /** How the replica is looked at. */
  replicaOptions?: ReplicaOptions;
  onIdleError?: (error: Error) => void;
}

/** How long closing may take, ms: a server that hangs never confirms it. */
const longestClose = 3_000;

/** ms; after this silence of the replica the primary is asked, and the replica only when it answers again. */
const longestReplicaSilence = 1_500;

/** Serialization failures and deadlocks: the same transaction can succeed when it is run again. */
const retryable = new Set(["40001", "40P01"]);
const readOnlyTransaction = "25006";
const notSupported = "0A000";
export const maxAttempts = 3;

export function openDatabase({
  url,
  visitorsUrl = url,
  replicaUrl,
  accountsUrl = url,
  queueUrl = url,
  listenUrl = url,
  poolSize = 16,
  longestWait = 2_000,
  // Longer than PostgreSQL's own limit, whose error names the statement.
  longestSilence = longestStatement + 3_000,
  // A prepared statement keeps its plan, which may have been made while the tables were small.
  longestConnection = 300,
  replicaOptions,
  onIdleError = () => undefined,
}: DatabaseOptions): Database {
  // Purposes with one URL also fail over together.
  const opened = new Map<string, Servers>();
  const serversOf = (of: string) => {
    const servers = opened.get(of) ?? openServers(of);
    opened.set(of, servers);
    return servers;
  };
  const listening = serversOf(listenUrl);
  let areMentorsApart = false;
  const usual = { pipeline: false, longestSilence, wait: longestWait };
  const open = (
    role: ConnectionRole,
    max: number,
    login: string | Servers,
    others: Partial<typeof usual> = {},
  ) => {
    const servers = typeof login === "string" ? serversOf(login) : login;
    const { wait, ...rest } = { ...usual, ...others };
    return (
      new BoundedPool({
        ...rest,
        // The worker has no caller to time out.
        longestWait: role === queueRole ? Number.POSITIVE_INFINITY : wait,
        servers,
        max,
        // Covers both connecting and waiting for a free connection.
        connectionTimeoutMillis: wait + 2_000,
        idleTimeoutMillis: 60_000,
        // The queue's library holds one of its connections for good.
        maxLifetimeSeconds: role === queueRole ? 0 : longestConnection,
        application_name: `matepeak ${role}`,
        onConnect: async (client) => {
          await takeRole(client, role, servers);
          areMentorsApart ||= isDistributed(client);
        },
      })
        .on("error", onIdleError)
        // The query of a broken connection fails anyway; without a listener, the event would also end the process.
        .on("connect", (client) => client.on("error", onIdleError))
    );
  };

  const visitors = open("anon", 8, visitorsUrl);
  const revisions = open("anon", 1, visitorsUrl);
  // Pipelined: statements of one transaction can be sent without waiting for the previous result.
  const app = open("matepeak_app", poolSize, url, { pipeline: true });
  // As many as are sent at a time (batches.ts). They wait for no lock, and here for no transaction either.
  const commands = open("matepeak_app", 2, url);
  const counting = open("matepeak_app", 1, url);
  const announcing = open("matepeak_app", 1, url);
  const announcer = openAnnouncer(announcing);
  const accounts = open("matepeak_auth", 6, accountsUrl);
  const queue = open(queueRole, 8, queueUrl);
  let retries = 0;
  const onRetry = () => {
    retries += 1;
  };

  const primary = publicReadsOf(visitors);
  const standby = replicaUrl
    ? open("anon", 8, openServers(replicaUrl, "prefer-standby"), {
        longestSilence: longestReplicaSilence,
        wait: 500,
      })
    : undefined;
  const replica = standby && openReplica({ replica: publicReadsOf(standby), primary }, replicaOptions);
  const pools = [visitors, revisions, commands, counting, announcing, app, accounts, queue];
  return {
    ...primary,
    replica,
    revisionPool: withCurrentPlans(revisions),
    counting: withCurrentPlans(counting),
    commands: withCurrentPlans(commands),
    announce: (changes) =>
      announcer.announce(
        changes.map(({ channel, id, about }) => [channel, id, ...(about ? [about] : [])].join(" ")),
      ),
    announceCollected: (lines) => announceCollected(announcer, lines),
    accounts,
    queue,
    connectListener: () => connectListener(listening, onIdleError),
    onAnnouncement: announcer.onAnnouncement,
    asUser: (userId, work) =>
      inTransaction({ pool: app, announcer, onRetry }, "authenticated", userId, (tx) => work(tx as UserTx)),
    asSystem: (_reason, actorId, work) =>
      inTransaction({ pool: app, announcer, onRetry }, "matepeak_app", actorId, (tx) => work(tx as SystemTx)),
    load: () => ({
      visitors: loadOf(visitors),
      revisions: loadOf(revisions),
      commands: loadOf(commands),
      counting: loadOf(counting),
      app: loadOf(app),
      accounts: loadOf(accounts),
      queue: loadOf(queue),
      ...(standby && { replica: loadOf(standby) }),
    }),
    retries: () => retries,
    isDistributed: () => areMentorsApart,
    ping: async () => {
      await visitors.query("select 1");
    },
    checkRoles: async () => {
      // Not the replica: without it everything is read on the primary.
      const own = await usable("VISITORS_URL", () => whichDatabase(visitors));
      const check = async (variable: string, on: Queryable) => {
        const its = await usable(variable, () => whichDatabase(on));
        if (own && its && `${own.cluster} ${own.database}` !== `${its.cluster} ${its.database}`)
          throw new StartupError(
            `${variable} leads to another database than VISITORS_URL (both are DATABASE_URL if left out).`,
          );
      };
      await check("VISITORS_URL", revisions);
      for (const pool of [commands, counting, announcing, app]) await check("APP_URL", pool);
      await check("ACCOUNTS_URL", accounts);
      await check("QUEUE_URL", queue);
      const session = await queue.connect();
      await requireSession(session, "QUEUE_URL", serversOf(queueUrl)).finally(() => session.release());
      const listener = await usable("LISTEN_URL", () => connectListener(listening, onIdleError));
      await check("LISTEN_URL", listener).finally(() => listener.end());
    },
    close: async () => {
      const timeout = new AbortController();
      await Promise.race([
        Promise.all([announcer.close(), replica?.close()]).then(() =>
          Promise.all([...pools, ...(standby ? [standby] : [])].map((pool) => pool.end())),
        ),
        sleep(longestClose, undefined, { signal: timeout.signal }),
      ]).finally(() => timeout.abort());
    },
  };
}

/** @throws StartupError in place of every error, with the variable that has the URL */
async function usable<T>(variable: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new StartupError(
      `The database of ${variable} or DATABASE_URL cannot be used: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function publicReadsOf(pool: BoundedPool): PublicReads {
  const reads = withCurrentPlans(pool);
  return { public: reads, publicDb: kyselyOver(preparing(reads, "anon")) };
}

function loadOf({ totalCount, idleCount, waitingCount, longestWaiting }: BoundedPool): PoolLoad {
  return { total: totalCount, idle: idleCount, waiting: waitingCount, longestWaiting };
}

async function connectListener(servers: Servers, onError: (error: Error) => void): Promise<pg.Client> {
  const config = {
    connectionTimeoutMillis: 10_000,
    // A dead network looks like silence, so the holder of the connection queries it from time to time.
    query_timeout: 10_000,
    keepAlive: true,
    application_name: "matepeak listener",
  };
  const client = await connectTo(servers, config, async (opened) => {
    await takeRole(opened, "anon", servers);
    await requireSession(opened, "LISTEN_URL", servers);
  });
  return client.on("error", onError);
}

interface Surroundings {
  pool: BoundedPool;
  announcer: Announcer;
  onRetry: () => void;
}

async function inTransaction<T>(
  { pool, announcer, onRetry }: Surroundings,
  role: TransactionRole,
  userId: string | null,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptTransaction(pool, announcer, role, userId, work);
    } catch (error) {
      if (attempt >= maxAttempts || !isRetryable(error)) throw error;
      onRetry();
      if (isPlanOutdated(error)) pool.renew();
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * attempt));
    }
  }
}

/**
 * Begins a transaction as a role. On many machines Citus sends on the text in which it finds SET LOCAL, as a whole: the claims are
 * to reach the other machines, the role is not, because it would also be that of the functions' owner there.
 */
async function begin(client: pg.PoolClient, role: TransactionRole, claims: string): Promise<void> {
  const settings = [`set local request.jwt.claims = ${claims}`, "set local matepeak.announces = later"];
  if (!isDistributed(client)) {
    await client.query(["begin", `set local role ${role}`, ...settings].join("; "));
    return;
  }
  const statements = ["begin", `select set_config('role', '${role}', true)`, ...settings];
  await Promise.all(statements.map((statement) => client.query(statement)));
}

/** Ends a transaction, and first returns what it has announced (private.announce). */
const commit = "select current_setting('matepeak.announcements', true) as lines; commit";

/** The commits that were sent right behind a last statement. */
const sentCommits = new WeakMap<pg.ClientBase, Promise<unknown>>();

async function attemptTransaction<T>(
  pool: pg.Pool,
  announcer: Announcer,
  role: TransactionRole,
  userId: string | null,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  let isCommitted = false;
  try {
    const claims = client.escapeLiteral(JSON.stringify(userId ? { sub: userId, role } : { role }));
    // Begins, sets the role and the claims; the first statement of the work is sent in the same flight. If this fails,
    // every statement behind it fails too: the connection is lost, or the transaction is aborted.
    const [begun, done] = await Promise.allSettled([
      begin(client, role, claims),
      work(transactionOn(client, role)),
    ]);
    if (begun.status === "rejected") throw begun.reason;
    const sent = sentCommits.get(client);
    if (done.status === "rejected" && !sent) throw done.reason;
    // Several statements in one have a list of results, which the library's types do not know. If a statement failed, so
    // does this one.
    const ended = await (sent ?? client.query(commit)).catch((error: unknown) => {
      throw done.status === "rejected" ? done.reason : error;
    });
    const [{ rows }] = ended as [pg.QueryResult<{ lines: string | null }>];
    if (rows[0]?.lines) announceCollected(announcer, rows[0].lines);
    isCommitted = true;
    if (done.status === "rejected") throw done.reason;
    return done.value;
  } catch (error) {
    // Behind a pooler a connection outlives its server: this one leads to a standby now.
    if (sqlState(error) === readOnlyTransaction) broken = error as Error;
    // Where Citus 13 has refused to plan a statement, it no longer sends functions to the machine of their mentor.
    if (sqlState(error) === notSupported && isDistributed(client)) broken = error as Error;
    if (!isCommitted)
      await client.query("rollback").catch((rollbackError: Error) => {
        // A connection that cannot roll back must not return to the pool.
        broken = rollbackError;
      });
    throw error;
  } finally {
    sentCommits.delete(client);
    client.release(broken);
  }
}

function announceCollected(announcer: Announcer, lines: string): void {
  announcer.announce(lines.trimEnd().split("\n"));
}

const nameOf = openStatementNames();

/**
 * Prepares the typed statements. The role is part of the name: PostgreSQL plans a statement under row level security
 * again whenever the role is another than the time before, and both roles use the same connections.
 */
function preparing({ query }: Queryable, role: "anon" | TransactionRole): PostgresPoolClient["query"] {
  const prepare = (text: string, values: readonly unknown[]) => {
    const name = nameOf(text);
    return query({ ...(name === undefined ? {} : { name: `${role}_${name}` }), text, values: [...values] });
  };
  // Kysely calls the other form, with a cursor, for streams only.
  return prepare as unknown as PostgresPoolClient["query"];
}

/** Kysely over something that runs single statements: it neither takes nor releases a connection. */
function kyselyOver(query: PostgresPoolClient["query"]): Kysely<DB> {
  const borrowed = { query, release: () => undefined };
  return new Kysely<DB>({
    dialect: new PostgresDialect({ pool: { connect: async () => borrowed, end: async () => undefined } }),
  });
}

const transactions = {
  authenticated: new WeakMap<pg.ClientBase, Tx>(),
  matepeak_app: new WeakMap<pg.ClientBase, Tx>(),
};

/** What the work of a transaction is given: the same for all transactions of a connection and role. */
function transactionOn(client: pg.ClientBase, role: TransactionRole): Tx {
  const known = transactions[role].get(client);
  if (known) return known;
  const send = ((...asked: Parameters<pg.Pool["query"]>) => {
    if (sentCommits.has(client)) throw new Error("A statement behind the last one of its transaction.");
    return client.query(...asked);
  }) as unknown as pg.Pool["query"];
  const sendLast = ((...asked: Parameters<pg.Pool["query"]>) => {
    const answer = send(...asked);
    const ended: Promise<unknown> = client.query(commit);
    // Its failure is reported where the transaction ends.
    ended.catch(() => undefined);
    sentCommits.set(client, ended);
    return answer;
  }) as unknown as pg.Pool["query"];
  const over = (query: pg.Pool["query"]) => ({
    isDistributed: isDistributed(client),
    client: { query },
    db: kyselyOver(preparing({ query }, role)),
  });
  const tx: Tx = {
    ...over(send),
    get ahead() {
      return tx;
    },
    last: {
      ...over(sendLast),
      get ahead() {
        return tx;
      },
      get last(): Tx {
        throw new Error("A transaction has one last statement.");
      },
    },
  };
  transactions[role].set(client, tx);
  return tx;
}

/** Kysely over a connection of the owner that the caller holds. Its statements are many and rare, so none is prepared. */
export function typed(client: pg.ClientBase): Kysely<DB> {
  return kyselyOver(client.query.bind(client) as PostgresPoolClient["query"]);
}

/** Whether the transaction can simply be run again. */
export function isRetryable(error: unknown): boolean {
  return retryable.has(sqlState(error) ?? "") || isPlanOutdated(error);
}

/** The five-character code of an error that PostgreSQL reported. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}
