import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { StartupError } from "../platform/startupError.ts";
import { chmodIfOurs, type Host, isRoot, runProgram } from "./host.ts";
import { readIfPresent } from "./lock.ts";

export const superuser = "postgres";

/** The paths within a data folder. */
export interface DataPaths {
  dataDir: string;
  /** PostgreSQL's own data directory. */
  cluster: string;
  password: string;
  log: string;
  lock: string;
}

const unfinishedPrefix = "postgres.new-";

export function pathsIn(dataDir: string): DataPaths {
  return {
    dataDir,
    cluster: join(dataDir, "postgres"),
    password: join(dataDir, "postgres-password"),
    log: join(dataDir, "postgres.log"),
    lock: join(dataDir, "app.lock"),
  };
}

/** @throws StartupError if the data exists but cannot be used by this version or this user; changes nothing */
export function checkCluster(paths: DataPaths, major: string): void {
  if (!existsSync(paths.cluster)) return;
  const found = clusterVersion(paths.cluster);
  if (found === null) {
    if (readdirSync(paths.cluster).length === 0) return;
    throw new StartupError(
      `${paths.cluster} is not a PostgreSQL data directory; move it away or set another DATA_DIR.`,
    );
  }
  if (found !== major) {
    throw new StartupError(
      `${paths.cluster} was written by PostgreSQL ${found} but this is PostgreSQL ${major}; dump it with the old version, or move it away to start empty.`,
    );
  }
  if (!existsSync(paths.password)) {
    throw new StartupError(
      `${paths.password} is missing, without which the database beside it cannot be opened.`,
    );
  }
}

function clusterVersion(cluster: string): string | null {
  try {
    return readIfPresent(join(cluster, "PG_VERSION"))?.trim() ?? null;
  } catch {
    throw new StartupError(
      `${cluster} belongs to another user; start MatePeak as that user or set another DATA_DIR.`,
    );
  }
}

/** Data that an earlier start as another user created is served as that user, as PostgreSQL requires. */
export function clusterOwner(paths: DataPaths): Host["user"] {
  if (!isRoot || !existsSync(paths.cluster)) return undefined;
  const { uid, gid } = statSync(paths.cluster);
  return uid === 0 ? undefined : { uid, gid };
}

/** The superuser's password, generated at the first start and stored. */
export function readOrCreatePassword(path: string): string {
  const kept = readIfPresent(path)?.trim();
  if (kept) {
    chmodIfOurs(path, 0o600);
    return kept;
  }
  const password = randomBytes(24).toString("base64url");
  // Written atomically: the database is created with it, and could not be opened with a partial one.
  writeFileSync(`${path}.new`, `${password}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
  return password;
}

/** Removes the remains of an initialisation that was killed. */
export function removeUnfinished(dataDir: string): void {
  for (const name of readdirSync(dataDir).filter((entry) => entry.startsWith(unfinishedPrefix))) {
    // An initdb that outlived the app may still be writing; a few tries are enough, as it fails without its folder.
    rmSync(join(dataDir, name), { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Each system's name of a locale with only Unicode's letters; Windows has none. */
const letters: Partial<Record<NodeJS.Platform, string>> = { linux: "C.UTF-8", darwin: "UTF-8" };

/** Creates the database files next to their final folder and moves them there as a whole. */
export async function createCluster(
  paths: DataPaths,
  host: Host,
  password: string,
  durable: boolean,
): Promise<void> {
  const workplace = mkdtempSync(join(paths.dataDir, unfinishedPrefix));
  const cluster = join(workplace, "cluster");
  const passwordFile = join(workplace, "password");
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  for (const path of [workplace, passwordFile]) if (host.user) chownSync(path, host.user.uid, host.user.gid);

  const { code, output } = await runProgram(
    host,
    host.programs.initdb,
    [
      `--pgdata=${cluster}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      "--auth-host=scram-sha-256",
      // The tests' socket is in the data folder, which only PostgreSQL's user and root may enter.
      `--auth-local=${durable ? "scram-sha-256" : "trust"}`,
      "--encoding=UTF8",
      // PostgreSQL's own collation sorts the same on every machine and after every update of the system's library.
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--locale=C",
      // pg_trgm uses it to recognize letters: with C alone, Devanagari has none and the search has no index for it.
      ...(process.platform in letters ? [`--lc-ctype=${letters[process.platform]}`] : []),
      ...(durable ? [] : ["--no-sync", "--set=scram_iterations=1"]),
    ],
    workplace,
  );
  if (code === 0) {
    if (existsSync(paths.cluster)) rmdirSync(paths.cluster);
    renameSync(cluster, paths.cluster);
  }
  rmSync(workplace, { recursive: true, force: true });
  if (code !== 0) {
    const reason =
      output.split("\n").find((line) => /error|fatal|could not/i.test(line)) ?? `initdb ended with ${code}`;
    throw new StartupError(`The database could not be created in ${paths.dataDir}: ${reason.trim()}`);
  }
}
