import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { StartupError } from "../../server/platform/startupError.ts";
import { findHost } from "../../server/postgres/host.ts";
import { freePort } from "../../server/testing/freePort.ts";

/** The folder of a whole PostgreSQL: the embedded one has no pg_basebackup. Debian keeps each version in its own. */
function findTools(): string {
  const versions = "/usr/lib/postgresql";
  const folders = existsSync(versions)
    ? readdirSync(versions).map((name) => join(versions, name, "bin"))
    : [];
  const found = [...folders.sort().reverse(), ...(process.env.PATH ?? "").split(":")].find((folder) =>
    ["initdb", "pg_ctl", "pg_basebackup", "pg_receivewal"].every((name) => existsSync(join(folder, name))),
  );
  if (!found)
    throw new StartupError("The proof needs a PostgreSQL with pg_basebackup: install `postgresql`.");
  return found;
}

/** Runs PostgreSQL's programs as the user that may, in a folder that is removed at the end. */
export async function openWorkshop() {
  const tools = findTools();
  const { user } = await findHost();
  const folder = mkdtempSync("/tmp/matepeak-recovery-");
  if (user) chownSync(folder, user.uid, user.gid);
  const begin = (program: string, args: readonly string[]): ChildProcess =>
    spawn(resolve(tools, program), args, {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC", PGPASSWORD: "" },
      ...user,
    });
  const run = async (program: string, args: readonly string[]): Promise<void> => {
    const child = begin(program, args);
    let said = "";
    child.stderr?.on("data", (chunk) => (said += chunk));
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${said}`);
  };
  const port = await freePort("127.0.0.1");
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return {
    folder,
    url,
    port,
    begin,
    run,
    makeFolder: (name: string): string => {
      const path = join(folder, name);
      mkdirSync(path, { mode: 0o700 });
      if (user) chownSync(path, user.uid, user.gid);
      return path;
    },
    own: (path: string) => {
      if (user) chownSync(path, user.uid, user.gid);
    },
    start: (data: string, at = port) =>
      run("pg_ctl", ["start", "-D", data, "-w", "-t", "120", "-l", join(folder, "log"), "-o", `-p ${at}`]),
    stop: (data: string) => run("pg_ctl", ["stop", "-D", data, "-w", "-m", "immediate"]),
    close: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }),
  };
}

export type Workshop = Awaited<ReturnType<typeof openWorkshop>>;

/** Runs one statement of the superuser and returns its first row. */
export async function askServer<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
): Promise<Row | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows[0];
  } finally {
    await client.end();
  }
}

/** @throws after a minute */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`${what} did not come in a minute.`);
    await sleep(50);
  }
}
