// Runs the PostgreSQL that comes with the project when DATABASE_URL is not set. The server is not a child process:
// pg_ctl detaches it, so that Ctrl-C in the terminal reaches only the app, which then stops the database last. The
// drawback is that it outlives an app that was killed; the next start adopts it.
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { StartupError } from "../platform/startupError.ts";
import {
  checkCluster,
  clusterOwner,
  createCluster,
  type DataPaths,
  pathsIn,
  readOrCreatePassword,
  removeUnfinished,
} from "./cluster.ts";
import { blockingFolder, findHost, type Host, prepareDataDir } from "./host.ts";
import { lockHolder, readIfPresent, takeLock } from "./lock.ts";
import {
  limitLogSize,
  serverPid,
  socketFolder,
  startOrAdopt,
  stopServer,
  urlOf,
  urlOfRunningServer,
} from "./server.ts";
import { type KeepRunning, watchServer } from "./watch.ts";

export { StartupError } from "../platform/startupError.ts";
export { defaultDataDir } from "./host.ts";

export interface EmbeddedPostgres {
  /** The superuser's URL of the database `postgres`. */
  adminUrl: string;
  /** On 127.0.0.1; differs at each start. */
  port: number;
  /** From now on restarts the server, on the same port, when its process has ended. Returns a function that ends this. */
  keepRunning(options: KeepRunning): () => Promise<void>;
  /** Stops the server (open transactions are rolled back) and releases the data folder. May be called again. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Absolute. Contains `postgres/` (the data), `postgres-password`, `postgres.log` and, while in use, `app.lock`. */
  dataDir: string;
  log?: (line: string) => void;
}

/**
 * Starts the database in `dataDir`, creating it at the first call; a server that still runs there is adopted.
 * @throws StartupError if another live process uses the folder, its data is another version's, or it cannot start
 */
export function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  return start(options, true);
}

async function start(
  { dataDir, log = () => {} }: EmbeddedPostgresOptions,
  durable: boolean,
): Promise<EmbeddedPostgres> {
  if (!isAbsolute(dataDir))
    throw new StartupError(`The data directory must be an absolute path, not ${dataDir}.`);
  const paths = pathsIn(dataDir);
  const found = await findHost();
  checkCluster(paths, found.major);
  const host = { ...found, user: clusterOwner(paths) ?? found.user };
  prepareDataDir(dataDir, host.user);
  const release = takeLock(
    paths.lock,
    (pid) => `The data directory ${dataDir} is already in use by process ${pid}.`,
  );
  try {
    return await startLocked(paths, host, { log, durable, release });
  } catch (error) {
    release();
    throw error;
  }
}

/** The state of a data folder: nothing yet, a stopped database, or one that is running. */
export type EmbeddedState = { is: "missing" } | { is: "stopped" } | { is: "running"; adminUrl: string };

/** Reads the state of the data folder without locking it, because a backup is made while the app runs. */
export async function lookAtEmbeddedPostgres(dataDir: string): Promise<EmbeddedState> {
  const paths = pathsIn(dataDir);
  if (readIfPresent(join(paths.cluster, "PG_VERSION")) === null) return { is: "missing" };
  const adminUrl = await urlOfRunningServer(paths);
  return adminUrl === null ? { is: "stopped" } : { is: "running", adminUrl };
}

interface StartContext {
  log: (line: string) => void;
  durable: boolean;
  release: () => void;
}

async function startLocked(paths: DataPaths, host: Host, context: StartContext): Promise<EmbeddedPostgres> {
  const { log, durable, release } = context;
  removeUnfinished(paths.dataDir);
  const password = readOrCreatePassword(paths.password);
  if (readIfPresent(join(paths.cluster, "PG_VERSION")) === null) {
    log(`creating a PostgreSQL ${host.major} database in ${paths.cluster}`);
    await createCluster(paths, host, password, durable);
  }
  const { port, adopted } = await startOrAdopt(paths, host, password, { durable });
  log(`PostgreSQL ${host.major} ${adopted ? "was still running" : "started"} on 127.0.0.1:${port}`);
  const stopWatchingLog = limitLogSize(paths.log);

  let stopped: Promise<void> | undefined;
  let stopWatching: (() => Promise<void>) | undefined;
  const stop = async () => {
    stopWatchingLog();
    await stopWatching?.();
    try {
      await stopServer(paths, host);
    } finally {
      release();
    }
  };
  return {
    adminUrl: urlOf(port, password),
    port,
    keepRunning: (options) => {
      const restart = async () => void (await startOrAdopt(paths, host, password, { durable, port }));
      stopWatching = watchServer({ pid: () => serverPid(paths), start: restart }, options);
      return stopWatching;
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

const throwawayPrefix = "matepeak-postgres-";

/**
 * A database for tests in a new folder in the system's temporary one: fast (lost if the machine crashes), otherwise the
 * same. Stopping it removes the folder; the next call removes what a killed test run left behind.
 */
export async function startThrowawayPostgres(
  options: Pick<EmbeddedPostgresOptions, "log"> = {},
): Promise<EmbeddedPostgres & { dataDir: string; socketFolder: string | null }> {
  const parent = await throwawayParent();
  await removeAbandoned(parent);
  const dataDir = mkdtempSync(join(parent, throwawayPrefix));
  // mkdtemp's folders are for their creator alone, and as root another user runs PostgreSQL.
  chmodSync(dataDir, 0o711);
  const remove = () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 });
  try {
    const server = await start({ ...options, dataDir }, false);
    return {
      ...server,
      dataDir,
      socketFolder: socketFolder(pathsIn(dataDir)),
      stop: () => server.stop().finally(remove),
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Resolves long names and links (macOS), because PostgreSQL reports its folder like that. */
async function throwawayParent(): Promise<string> {
  const { user } = await findHost();
  const usual = realpathSync(tmpdir());
  return blockingFolder(usual, user) === null ? usual : "/tmp";
}

async function removeAbandoned(parent: string): Promise<void> {
  const names = readdirSync(parent).filter((name) => name.startsWith(throwawayPrefix));
  for (const name of names) {
    const paths = pathsIn(join(parent, name));
    if (!isAbandoned(paths)) continue;
    const found = await findHost();
    await stopServer(paths, { ...found, user: clusterOwner(paths) ?? found.user });
    rmSync(paths.dataDir, { recursive: true, force: true, maxRetries: 10 });
  }
}

function isAbandoned(paths: DataPaths): boolean {
  const stat = statSync(paths.dataDir, { throwIfNoEntry: false });
  // Leftovers of other users cannot be removed.
  if (!stat || stat.uid !== (process.getuid?.() ?? stat.uid)) return false;
  if (readIfPresent(paths.lock) !== null) return lockHolder(paths.lock) === null;
  // No lock: being created, or partly removed.
  const hour = 3_600_000;
  return performance.timeOrigin + performance.now() - stat.mtimeMs > hour;
}
