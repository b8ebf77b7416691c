import {
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, DatabaseError } from "pg";
import { StartupError } from "../platform/startupError.ts";
import { type DataPaths, superuser } from "./cluster.ts";
import { type Host, runProgram } from "./host.ts";
import { isProcess, processCommand, readIfPresent } from "./lock.ts";

const logLimitBytes = 8 * 1024 * 1024;
/** How long a running server may take to respond: it may be recovering from a crash, or shutting down. */
const answerLimitMs = 60_000;
/** How long backends may outlive their killed postmaster; a long query ends before they notice. */
const leavingLimitMs = 15_000;
const portTries = 5;

export function urlOf(port: number, password: string): string {
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`;
}

interface PidFile {
  pid: number;
  port: number;
}

function pidFilePath(paths: DataPaths): string {
  return join(paths.cluster, "postmaster.pid");
}

function readPidFile(paths: DataPaths): PidFile | null {
  const lines = readIfPresent(pidFilePath(paths))?.split("\n") ?? [];
  // Lines as in PostgreSQL's pidfile.h; the port is written some time after the process id.
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, port: Number(lines[3] ?? 0) } : null;
}

/** The server of exactly this data directory, if its process is alive: ids are reused, especially in containers. */
function liveServer(paths: DataPaths): PidFile | null {
  const file = readPidFile(paths);
  if (!file || !isProcess(file.pid)) return null;
  const command = processCommand(file.pid);
  if (command === null) return file;
  const isOurs = [paths.cluster, realpathSync(paths.cluster)].some((folder) => command.includes(folder));
  return command.includes("postgres") && isOurs ? file : null;
}

/**
 * PostgreSQL does not start while the process id in its file is alive as the same user, even if it is now another
 * program or a zombie that is never reaped. Removing the file would also remove its data about shared memory, which
 * protects the data from backends that are still exiting; so only the id is replaced by one that cannot exist.
 */
function replaceForeignPid(paths: DataPaths): void {
  const file = readPidFile(paths);
  if (!file || !isProcess(file.pid)) return;
  const path = pidFilePath(paths);
  writeFileSync(path, readFileSync(path, "utf8").replace(/^\d+/, "2147483646"), { flag: "r+" });
}

type Answer = "ours" | "not yet" | "wrong password" | "another server";

async function ask(port: number, password: string, paths: DataPaths): Promise<Answer> {
  const client = new Client({ connectionString: urlOf(port, password), connectionTimeoutMillis: 5000 });
  // The server may stop between two lines. The failing query reports it; ignore the duplicate event.
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>("show data_directory");
    const folder = rows[0]?.data_directory ?? "";
    return existsSync(folder) && realpathSync(folder) === realpathSync(paths.cluster)
      ? "ours"
      : "another server";
  } catch (error) {
    return error instanceof DatabaseError && error.code === "28P01" ? "wrong password" : "not yet";
  } finally {
    await client.end().catch(() => {});
  }
}

interface StartOptions {
  durable: boolean;
  /** The port to listen on; any free one when omitted. */
  port?: number;
}

/** Adopts the server that runs in this data directory, or starts one. */
export async function startOrAdopt(
  paths: DataPaths,
  host: Host,
  password: string,
  options: StartOptions,
): Promise<{ port: number; adopted: boolean }> {
  const adoptedPort = await adopt(paths, password);
  if (adoptedPort !== null) return { port: adoptedPort, adopted: true };
  return { port: await startServer(paths, host, password, options), adopted: false };
}

/** The process id of the server that runs in this data directory, or null. */
export function serverPid(paths: DataPaths): number | null {
  return liveServer(paths)?.pid ?? null;
}

/** The superuser's URL of the server that runs in this data directory, or null. Changes and locks nothing. */
export async function urlOfRunningServer(paths: DataPaths): Promise<string | null> {
  const server = liveServer(paths);
  const password = readIfPresent(paths.password)?.trim();
  if (!server || server.port === 0 || !password) return null;
  return (await ask(server.port, password, paths)) === "ours" ? urlOf(server.port, password) : null;
}

/** The port of the running server, or null once there is none. */
async function adopt(paths: DataPaths, password: string): Promise<number | null> {
  const until = performance.now() + answerLimitMs;
  while (performance.now() < until) {
    const server = liveServer(paths);
    if (server === null) return null;
    const answer = server.port > 0 ? await ask(server.port, password, paths) : "not yet";
    if (answer === "ours") return server.port;
    if (answer === "wrong password") throw wrongPassword(paths);
    await sleep(100);
  }
  const pid = liveServer(paths)?.pid;
  throw new StartupError(
    `PostgreSQL runs in ${paths.cluster} as process ${pid} but does not respond; stop that process.`,
  );
}

function wrongPassword(paths: DataPaths): StartupError {
  return new StartupError(`The password in ${paths.password} does not open the database beside it.`);
}

async function startServer(
  paths: DataPaths,
  host: Host,
  password: string,
  { durable, port: wanted }: StartOptions,
): Promise<number> {
  const leavingUntil = performance.now() + leavingLimitMs;
  for (let failedPorts = 0; failedPorts < portTries; ) {
    prepareLog(paths.log, host);
    replaceForeignPid(paths);
    const port = wanted ?? (await freePort());
    const before = statSync(paths.log).size;
    const { code, output } = await pgCtlStart(paths, host, port, durable);
    if (code === 0) {
      const answer = await ask(port, password, paths);
      if (answer === "ours") return port;
      await stopServer(paths, host);
      throw answer === "wrong password"
        ? wrongPassword(paths)
        : failure(paths, `it does not respond on port ${port}`);
    }
    const said = `${output}\n${readFileSync(paths.log).subarray(before).toString("utf8")}`;
    if (/could not bind|could not create any TCP\/IP sockets/.test(said)) failedPorts += 1;
    else if (
      /pre-existing shared memory block|lock file .* already exists/.test(said) &&
      performance.now() < leavingUntil
    ) {
      await sleep(200);
    } else throw failure(paths, reasonIn(said));
  }
  throw failure(paths, wanted ? `port ${wanted} is taken` : "every port tried was taken at once");
}

function failure(paths: DataPaths, reason: string): StartupError {
  return new StartupError(`PostgreSQL could not start: ${reason} (see ${paths.log}).`);
}

function reasonIn(said: string): string {
  const lines = said.split("\n").filter((line) => /\b(FATAL|PANIC|error|could not)\b/.test(line));
  const last = lines.at(-1) ?? "pg_ctl failed";
  return last.replace(/^.*?(FATAL|PANIC):\s*/, "").trim();
}

/**
 * Where a server of the tests has its socket, or null if it has none: a statement over it takes a quarter less processor time
 * than over a port. Its path must be short, and free of what a shell splits.
 */
export function socketFolder({ cluster }: DataPaths): string | null {
  return process.platform !== "win32" && /^[\w./-]{1,85}$/.test(cluster) ? cluster : null;
}

function pgCtlStart(paths: DataPaths, host: Host, port: number, durable: boolean) {
  // Only words and numbers here: a shell splits this, which would break paths with spaces.
  const settings = Object.entries(serverSettings(paths, port, durable)).map(
    ([name, value]) => `-c ${name}=${value}`,
  );
  const options = ["-D", paths.cluster, "-l", paths.log, "-o", settings.join(" "), "-w", "-t", "120"];
  return runProgram(host, host.programs.pg_ctl, ["start", ...options], paths.dataDir);
}

function serverSettings(paths: DataPaths, port: number, durable: boolean): Record<string, string> {
  return {
    port: String(port),
    listen_addresses: "127.0.0.1",
    // The app's own clients use the port, and the folder's path may be too long for a socket.
    unix_socket_directories: durable ? "" : (socketFolder(paths) ?? ""),
    max_connections: durable ? "120" : "400",
    shared_buffers: "128MB",
    fsync: durable ? "on" : "off",
    synchronous_commit: durable ? "on" : "off",
    full_page_writes: durable ? "on" : "off",
    // Each connection of the tests would compute a password's hash for longer than many of their statements take.
    scram_iterations: durable ? "4096" : "1",
    // Most statements of the tests run only a few times, and would be planned again in each of their first five runs.
    plan_cache_mode: durable ? "auto" : "force_generic_plan",
    timezone: "UTC",
    log_timezone: "UTC",
    logging_collector: "off",
    // The log must not contain what people entered: no statements, and no DETAIL lines, which quote rows and keys.
    log_statement: "none",
    log_min_error_statement: "panic",
    log_min_duration_statement: "-1",
    log_parameter_max_length: "0",
    log_parameter_max_length_on_error: "0",
    log_error_verbosity: "terse",
  };
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** PostgreSQL's user writes the log, and may not create files in the data folder when the app runs as root. */
function prepareLog(path: string, host: Host): void {
  closeSync(openSync(path, "a", 0o600));
  if (host.user) chownSync(path, host.user.uid, host.user.gid);
  shortenLog(path);
}

/** Keeps the last full log as `….1`. Lines written between the copy and the truncation are lost, which is acceptable. */
function shortenLog(path: string): void {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < logLimitBytes) return;
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
}

/** Limits the log's size every minute, until the returned function is called. */
export function limitLogSize(path: string): () => void {
  const timer = setInterval(() => shortenLog(path), 60_000);
  timer.unref();
  return () => clearInterval(timer);
}

/** Stops the server in this data directory, if one runs; open sessions end and their transactions are rolled back. */
export async function stopServer(paths: DataPaths, host: Host): Promise<void> {
  for (const mode of ["fast", "immediate"]) {
    if (!existsSync(paths.cluster) || liveServer(paths) === null) return;
    await runProgram(
      host,
      host.programs.pg_ctl,
      ["stop", "-D", paths.cluster, "-m", mode, "-w", "-t", "60"],
      paths.dataDir,
    );
  }
  const left = liveServer(paths);
  if (left) throw new Error(`PostgreSQL (process ${left.pid}) in ${paths.cluster} did not stop.`);
}
