import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  defaultDataDir,
  type EmbeddedPostgres,
  StartupError,
  startEmbeddedPostgres,
  startThrowawayPostgres,
} from "./embedded.ts";

const modulePath = new URL("./embedded.ts", import.meta.url).href;
// Every start is a real server; a loaded machine may need its time.
const SLOW = { timeout: 60_000 };

/** A data folder with a database at rest. Most tests start on a copy, because creating one takes seconds. */
let readyDir: string;
let dataDir: string;
let started: EmbeddedPostgres[] = [];
let children: ChildProcess[] = [];

function makeDataDir(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "matepeak-test-"));
  chmodSync(folder, 0o711);
  return join(folder, "data");
}

beforeAll(async () => {
  readyDir = makeDataDir();
  await (await startEmbeddedPostgres({ dataDir: readyDir })).stop();
}, SLOW.timeout);
afterAll(() => rmSync(join(readyDir, ".."), { recursive: true, force: true }));

beforeEach(() => {
  dataDir = makeDataDir();
});

afterEach(async () => {
  for (const child of children.filter(isRunning)) await kill(child);
  for (const server of started) await server.stop();
  // A server whose app a test killed is stopped the way the next start would find it.
  if (existsSync(join(dataDir, "postgres", "postmaster.pid"))) await (await start()).stop();
  children = [];
  started = [];
  rmSync(join(dataDir, ".."), { recursive: true, force: true });
});

/** Fills the test's data folder as a first start would have. PostgreSQL's user remains its owner. */
function copyReady(): void {
  execFileSync("cp", ["-a", readyDir, dataDir]);
}

async function start(): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir });
  started.push(server);
  return server;
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** Another app process that starts a server and then waits; returns the process and its output. */
async function startInAnotherProcess(call: string): Promise<{ child: ChildProcess; line: string }> {
  const script = `
    const { startEmbeddedPostgres, startThrowawayPostgres } = await import(${JSON.stringify(modulePath)});
    const server = await ${call};
    console.log(JSON.stringify({ ...server, pid: process.pid }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [line] = await once(child.stdout, "data");
  return { child, line: String(line) };
}

function startApp() {
  return startInAnotherProcess(`startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} })`);
}

async function query(server: Pick<EmbeddedPostgres, "adminUrl">, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: server.adminUrl });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

async function remember(server: EmbeddedPostgres): Promise<void> {
  await query(server, "create table notes as select 'kept' as text");
}

async function recall(server: EmbeddedPostgres): Promise<unknown[]> {
  return query(server, "select text from notes");
}

function pidFile(): string {
  return join(dataDir, "postgres", "postmaster.pid");
}

function postmasterPid(): number {
  return Number(readFileSync(pidFile(), "utf8").split("\n")[0]);
}

/** Every file below the folder with its time and size. */
function inventory(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => {
      const { mtimeMs, size, mode } = statSync(join(folder, name));
      return `${name} ${mtimeMs} ${size} ${mode}`;
    })
    .sort();
}

describe("startEmbeddedPostgres", SLOW, () => {
  it("creates the database at the first start and keeps it for the second", async () => {
    const first = await start();
    await remember(first);
    await first.stop();
    await first.stop();
    expect(existsSync(pidFile())).toBe(false);
    expect(existsSync(join(dataDir, "app.lock"))).toBe(false);
    const second = await start();
    expect(await recall(second)).toEqual([{ text: "kept" }]);
  });

  it("is durable, uses UTF-8, requires the password and listens on this machine only", async () => {
    const server = await start();
    const settings =
      "listen_addresses unix_socket_directories max_connections fsync synchronous_commit TimeZone".split(" ");
    const names = settings.map((name) => `current_setting('${name}')`).join(", ");
    expect(await query(server, `select array[${names}] as found`)).toEqual([
      { found: ["127.0.0.1", "", "120", "on", "on", "UTC"] },
    ]);
    expect(
      await query(
        server,
        "select datlocprovider, datlocale, pg_encoding_to_char(encoding) as encoding from pg_database where datname = 'postgres'",
      ),
    ).toEqual([{ datlocprovider: "b", datlocale: "C.UTF-8", encoding: "UTF8" }]);
    const adminUrl = server.adminUrl.replace(/:[^:@]+@/, ":guess@");
    await expect(query({ adminUrl }, "select 1")).rejects.toThrow("password authentication failed");
    expect(statSync(join(dataDir, "postgres-password")).mode & 0o777).toBe(0o600);
  });

  it("writes no value that a person entered into the log", async () => {
    copyReady();
    const server = await start();
    await query(server, "create table people (email text primary key)");
    const add = "insert into people values ('asha@example.org')";
    await query(server, add);
    await expect(query(server, add)).rejects.toThrow("duplicate key");
    const log = readFileSync(join(dataDir, "postgres.log"), "utf8");
    expect(log).toContain("duplicate key");
    expect(log).not.toContain("asha");
  });

  it("recovers after the server was killed, with all that was committed", async () => {
    copyReady();
    const first = await start();
    await remember(first);
    process.kill(postmasterPid(), "SIGKILL");
    await first.stop();
    expect(await recall(await start())).toEqual([{ text: "kept" }]);
  });

  it("waits for a backend that outlives its killed server", async () => {
    copyReady();
    const first = await start();
    await remember(first);
    // A backend that computes notices its orphanhood only when the statement is done.
    const loop = "do $$ begin while clock_timestamp() < now() + interval '3 s' loop end loop; end $$";
    const busy = query(first, loop).catch(() => "cut off");
    await expect
      .poll(() => query(first, "select 1 from pg_stat_activity where query like 'do %' and state = 'active'"))
      .toHaveLength(1);
    process.kill(postmasterPid(), "SIGKILL");
    await first.stop();
    expect(await recall(await start())).toEqual([{ text: "kept" }]);
    await busy;
  });

  it("takes over the server of an app that was killed", async () => {
    copyReady();
    const { child, line } = await startApp();
    const pid = postmasterPid();
    await kill(child);
    const server = await start();
    expect(postmasterPid()).toBe(pid);
    expect(server.port).toBe(JSON.parse(line).port);
    await server.stop();
    expect(existsSync(pidFile())).toBe(false);
  });

  it("refuses a folder that a living app uses, naming it, and leaves that app alone", async () => {
    copyReady();
    const { child, line } = await startApp();
    await expect(start()).rejects.toThrow(`${dataDir} is already in use by process ${child.pid}.`);
    expect(await query(JSON.parse(line), "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("lets one of several simultaneous starts win", async () => {
    const outcomes = await Promise.allSettled([start(), start(), start()]);
    const lost = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(lost).toHaveLength(2);
    for (const { reason } of lost) expect(reason).toBeInstanceOf(StartupError);
  });

  it("starts although the killed server's process id belongs to another program now", async () => {
    copyReady();
    const first = await start();
    await remember(first);
    const left = readFileSync(pidFile(), "utf8");
    await first.stop();
    const { uid, gid } = statSync(join(dataDir, "postgres"));
    const stranger = spawn("sleep", ["60"], { stdio: "ignore", uid, gid });
    children.push(stranger);
    writeFileSync(pidFile(), left.replace(/^\d+/, String(stranger.pid)));
    expect(await recall(await start())).toEqual([{ text: "kept" }]);
    expect(isRunning(stranger)).toBe(true);
  });

  it("does not touch data of another major version", async () => {
    const cluster = join(dataDir, "postgres");
    mkdirSync(cluster, { recursive: true });
    writeFileSync(join(cluster, "PG_VERSION"), "15\n");
    const before = inventory(dataDir);
    const attempt = startEmbeddedPostgres({ dataDir });
    await expect(attempt).rejects.toBeInstanceOf(StartupError);
    await expect(attempt).rejects.toThrow("was written by PostgreSQL 15 but this is PostgreSQL 18");
    expect(inventory(dataDir)).toEqual(before);
  });

  it("does not touch a folder `postgres` that is something else", async () => {
    mkdirSync(join(dataDir, "postgres"), { recursive: true });
    writeFileSync(join(dataDir, "postgres", "thesis.txt"), "years of work");
    const before = inventory(dataDir);
    await expect(start()).rejects.toThrow("is not a PostgreSQL data directory");
    expect(inventory(dataDir)).toEqual(before);
  });

  it("does not make up a new password for data that has one", async () => {
    copyReady();
    rmSync(join(dataDir, "postgres-password"));
    await expect(start()).rejects.toThrow("postgres-password is missing");
  });

  it("removes the remains of a start killed during initialisation, and starts again", async () => {
    const leftover = join(dataDir, "postgres.new-Ab3xYz");
    mkdirSync(join(leftover, "cluster"), { recursive: true });
    writeFileSync(join(leftover, "cluster", "PG_VERSION"), "18\n");
    await start();
    expect(existsSync(leftover)).toBe(false);
    expect(readdirSync(dataDir).sort()).toEqual([
      "app.lock",
      "postgres",
      "postgres-password",
      "postgres.log",
    ]);
  });

  it("keeps other users of the machine out of the data folder, also out of one that was open", async () => {
    copyReady();
    const password = join(dataDir, "postgres-password");
    const modes = () => [dataDir, password].map((path) => (statSync(path).mode & 0o777).toString(8));
    // As root, PostgreSQL's own user has to pass through it.
    const expected = [process.getuid?.() === 0 ? "710" : "700", "600"];
    expect(modes()).toEqual(expected);
    chmodSync(dataDir, 0o755);
    chmodSync(password, 0o644);
    expect(await query(await start(), "select 1 as one")).toEqual([{ one: 1 }]);
    expect(modes()).toEqual(expected);
  });

  it("cuts a log that has grown too long, keeping one old part", async () => {
    copyReady();
    const log = join(dataDir, "postgres.log");
    writeFileSync(log, "x".repeat(9 * 1024 * 1024));
    await start();
    expect(statSync(log).size).toBeLessThan(100_000);
    expect(statSync(`${log}.1`).size).toBe(9 * 1024 * 1024);
  });

  it.runIf(process.getuid?.() === 0)("reports which folder PostgreSQL's user may not enter", async () => {
    const closed = join(dataDir, "closed");
    mkdirSync(closed, { recursive: true });
    chmodSync(closed, 0o700);
    const attempt = startEmbeddedPostgres({ dataDir: join(closed, "below", "data") });
    await expect(attempt).rejects.toThrow(`who may not enter ${closed}; set DATA_DIR`);
    expect(readdirSync(closed)).toEqual([]);
    expect(defaultDataDir(closed)).toMatch(/^\/var\/lib\/matepeak\/[0-9a-f]{8}$/);
    expect(defaultDataDir(dataDir)).toBe(join(dataDir, ".data"));
  });
});

describe("startThrowawayPostgres", SLOW, () => {
  it("leaves nothing behind", async () => {
    const server = await startThrowawayPostgres();
    started.push(server);
    expect(await query(server, "select current_setting('fsync') as fsync")).toEqual([{ fsync: "off" }]);
    await server.stop();
    expect(existsSync(server.dataDir)).toBe(false);
  });

  it("requires no password on its socket only, whose folder others cannot enter", async () => {
    const server = await startThrowawayPostgres();
    started.push(server);
    const adminUrl = server.adminUrl.replace(/:[^:@]+@/, ":guess@");
    await expect(query({ adminUrl }, "select 1")).rejects.toThrow("password authentication failed");
    const { socketFolder } = server;
    if (socketFolder === null) return;
    expect(await query({ adminUrl: `${adminUrl}?host=${socketFolder}` }, "select 1 as one")).toEqual([
      { one: 1 },
    ]);
    expect(statSync(socketFolder).mode & 0o077).toBe(0);
  });

  it("removes what a killed test run left behind", async () => {
    const { child, line } = await startInAnotherProcess("startThrowawayPostgres()");
    await kill(child);
    const abandoned: EmbeddedPostgres & { dataDir: string } = JSON.parse(line);
    started.push(await startThrowawayPostgres());
    expect(existsSync(abandoned.dataDir)).toBe(false);
    await expect(query(abandoned, "select 1")).rejects.toThrow("ECONNREFUSED");
  });
});
