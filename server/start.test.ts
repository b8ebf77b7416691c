import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { StartupError } from "./platform/startupError.ts";
import { start } from "./start.ts";
import { freePort } from "./testing/freePort.ts";
import { templateName } from "./testing/templateName.ts";
import { openTestDatabase } from "./testing/testDatabase.ts";

// Whole processes start and stop here, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const removeDemo = fileURLToPath(new URL("../scripts/removeDemo.ts", import.meta.url));
/** The cache of `npm start`, for the scripts too. */
const compileCache = fileURLToPath(new URL("../node_modules/.cache/compile", import.meta.url));
const running = new Set<ChildProcess>();
let dataDir: string;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), "matepeak-start-"));
});
afterEach(async () => {
  for (const child of running) await end(child, "SIGTERM");
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

interface Run {
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
}

function run(env: Record<string, string>, script = main): Run {
  const child = spawn(process.execPath, [script], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_COMPILE_CACHE: compileCache,
      DEMO_DATA: "off",
      LOG_LEVEL: "error",
      ...env,
    },
  });
  running.add(child);
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  child.stderr.on("data", (chunk) => (text += chunk));
  const ended = once(child, "exit").then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  return { child, output: () => text, ended };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

async function ready({ output, child }: Run): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!output().includes("MatePeak is ready")) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`Not ready: ${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function pidFile(): string {
  return join(dataDir, "postgres", "postmaster.pid");
}

function serverPid(): number {
  return Number(readFileSync(pidFile(), "utf8").split("\n")[0]);
}

/** Has an error happen in the process on SIGUSR2 that no code handles. */
function faultOn(kind: string): { NODE_OPTIONS: string } {
  const listener = `process.on("SIGUSR2", () => { ${kind} })`;
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(listener)}` };
}

/** Causes that error, which must be logged and stop the app in order. */
async function endByFault({ child, ended, output }: Run): Promise<void> {
  child.kill("SIGUSR2");
  expect(await ended).toBe(1);
  const lines = output().split("\n");
  expect(JSON.parse(lines.find((one) => one.includes("planted")) ?? "")).toMatchObject({
    level: 60,
    msg: "An error was not handled: the process stops",
    err: { message: "planted" },
  });
  expectStopped();
}

/** PostgreSQL takes its pid file away when it has shut down in order. */
function expectStopped(): void {
  expect(existsSync(pidFile())).toBe(false);
}

// A start takes seconds, so each one looks at how the one before it has ended.
describe("starting and stopping", () => {
  let port: number;
  let app: Run;
  const startHere = async (env: Record<string, string> = {}) => {
    app = run({ DATA_DIR: dataDir, PORT: String(port), ...env });
    await ready(app);
  };
  beforeAll(async () => {
    port = await freePort("localhost");
  });

  it("serves, and plants no demo in an empty database that others reach", async () => {
    await startHere({ DEMO_DATA: "", HOST: "0.0.0.0" });
    expect(app.output()).not.toContain("Demo logins");
    expect((await fetch(`http://localhost:${port}/readyz`)).status).toBe(200);
    expect(await mentorsOf(port)).toEqual([]);
    const signUp = await fetch(`http://localhost:${port}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "Asha", email: "asha@example.com", password: "long enough" }),
    });
    expect(signUp.status).toBe(200);
    app.child.kill("SIGINT");
    expect(await app.ended).toBe(0);
    expectStopped();
  });

  it("comes back with the same data after Ctrl-C, and stops in order after a rejection that no code handles", async () => {
    await startHere(faultOn('Promise.reject(new Error("planted"))'));
    expect(await signInStatus(port)).toBe(200);
    await endByFault(app);
  });

  it("comes back after that, and recovers after a kill -9 of app and database", async () => {
    await startHere();
    expect(await signInStatus(port)).toBe(200);
    const postgres = serverPid();
    await end(app.child, "SIGKILL");
    process.kill(postgres, "SIGKILL");
    await startHere(faultOn('setTimeout(() => { throw new Error("planted") })'));
    expect(await signInStatus(port)).toBe(200);
    // An exception in a callback, too, stops it in order.
    await endByFault(app);
  });
});

async function signInStatus(port: number): Promise<number> {
  const answer = await fetch(`http://localhost:${port}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "asha@example.com", password: "long enough" }),
  });
  return answer.status;
}

async function refusal(env: Record<string, string>): Promise<string> {
  const { ended, output } = run(env);
  expect(await ended).toBe(1);
  const lines = output().trim().split("\n");
  expect(lines).toHaveLength(1);
  return lines[0] ?? "";
}

describe("a reason not to start is printed in one line", () => {
  let occupied: Server;
  let port: number;
  beforeAll(async () => {
    occupied = createServer().listen(0, "localhost");
    await once(occupied, "listening");
    port = (occupied.address() as { port: number }).port;
  });
  afterAll(() => occupied.close());

  it("a port in use", async () => {
    const db = await openTestDatabase();
    const given = { DATABASE_URL: db.ownerUrl, AUTH_SECRET: "x".repeat(40) };
    const line = await refusal({ ...given, DATA_DIR: dataDir, PORT: String(port) });
    expect(line).toContain(`Port ${port} is in use`);
    await db.drop();
  });

  it("a database that cannot be reached, without its password", async () => {
    const line = await refusal({
      DATA_DIR: dataDir,
      PORT: "0",
      DATABASE_URL: `postgres://me:secret-word@127.0.0.1:1/none`,
      AUTH_SECRET: "x".repeat(40),
    });
    expect(line).toContain("DATABASE_URL cannot be reached");
    expect(line).not.toContain("secret-word");
  });

  it("a data directory of another PostgreSQL version, which stays as it was", async () => {
    const old = mkdtempSync(join(tmpdir(), "matepeak-old-"));
    mkdirSync(join(old, "postgres"));
    writeFileSync(join(old, "postgres", "PG_VERSION"), "12\n");
    expect(await refusal({ DATA_DIR: old, PORT: "0" })).toMatch(/version|12/);
    expect(readdirSync(join(old, "postgres"))).toEqual(["PG_VERSION"]);
    rmSync(old, { recursive: true });
  });

  it("a wrong variable, by name", async () => {
    expect(await refusal({ DATA_DIR: dataDir, PORT: "eighty" })).toContain("PORT");
  });

  it("the demo, whose password everyone knows, where others can reach it", async () => {
    const line = await refusal({ DATA_DIR: dataDir, PORT: "0", DEMO_DATA: "on", HOST: "0.0.0.0" });
    expect(line).toContain("DEMO_DATA=on is refused");
  });
});

describe("nothing is started", () => {
  // Without a process, which would only print the line: a refusal is all that happens.
  it.each<Record<string, string>>([
    { HOST: "::" },
    { PUBLIC_URL: "https://book.example.com" },
    { HOST: "192.168.1.5" },
  ])("with the demo where others can reach it: %j", async (env) => {
    const refused = start({ DATA_DIR: dataDir, PORT: "0", DEMO_DATA: "on", ...env });
    await expect(refused).rejects.toBeInstanceOf(StartupError);
    await expect(refused).rejects.toThrow("DEMO_DATA=on is refused");
  });

  it("on a given database without a secret", async () => {
    const refused = start({ DATABASE_URL: "postgres://localhost/x" });
    await expect(refused).rejects.toBeInstanceOf(StartupError);
    await expect(refused).rejects.toThrow("AUTH_SECRET");
  });
});

/** Runs on a database of the tests' PostgreSQL, empty or migrated, which `owner` owns. */
async function withOwnDatabase(
  name: string,
  from: "template0" | typeof templateName,
  env: Record<string, string>,
  work: (app: Run, port: number, owner: pg.Client) => Promise<void>,
): Promise<void> {
  const { adminUrl } = inject("postgres");
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`create database ${name} template ${from}`);
  const url = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  const port = await freePort("localhost");
  const app = run({
    DATA_DIR: dataDir,
    PORT: String(port),
    DATABASE_URL: url,
    AUTH_SECRET: "x".repeat(40),
    DRAIN_SECONDS: "0",
    ...env,
  });
  try {
    await ready(app);
    await work(app, port, owner);
  } finally {
    await end(app.child, "SIGTERM");
    await owner.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
}

it("runs on a given PostgreSQL", async () => {
  await withOwnDatabase("own_server", "template0", {}, async (_app, port) => {
    const answer = await fetch(`http://localhost:${port}/api/v1/mentors`);
    expect(await answer.json()).toEqual({ data: [], next_cursor: null });
    // Metrics need a token, and none is set here.
    expect((await fetch(`http://localhost:${port}/metrics`)).status).toBe(404);
  });
});

async function mentorsOf(port: number): Promise<unknown[]> {
  const answer = await fetch(`http://localhost:${port}/api/v1/mentors?limit=100`);
  return ((await answer.json()) as { data: unknown[] }).data;
}

async function removal(env: Record<string, string>): Promise<string> {
  const { ended, output } = run(env, removeDemo);
  expect(await ended, output()).toBe(0);
  return output();
}

describe("the demo, whose password is public", () => {
  let demoDir: string;
  beforeAll(() => {
    demoDir = mkdtempSync(join(tmpdir(), "matepeak-demo-"));
  });
  afterAll(() => rmSync(demoDir, { recursive: true, force: true }));

  /** Starts on the embedded database without a setting for the demo. */
  async function startHere(env: Record<string, string> = {}) {
    const port = await freePort("localhost");
    const app = run({ DATA_DIR: demoDir, PORT: String(port), DEMO_DATA: "", ...env });
    await ready(app);
    const seen = { mentors: (await mentorsOf(port)).length, logins: app.output().includes("Demo logins") };
    return { app, port, seen };
  }

  it("is planted in an empty database that this machine alone reaches", async () => {
    const { app, seen } = await startHere();
    expect(seen).toEqual({ mentors: 12, logins: true });
    await end(app.child, "SIGINT");
  });

  it("keeps the app from starting where others reach it", async () => {
    const line = await refusal({ DATA_DIR: demoDir, PORT: "0", DEMO_DATA: "", HOST: "0.0.0.0" });
    expect(line).toContain("The database holds the demo people");
    expect(line).toContain("npm run demo:remove");
    const elsewhere = { PUBLIC_URL: "https://book.example.com" };
    const refused = start({ DATA_DIR: demoDir, PORT: "0", ...elsewhere });
    await expect(refused).rejects.toThrow("The database holds the demo people");
  });

  it("stays, is removed while the app serves, once, and does not come back; then others may reach the app", async () => {
    const { app, port, seen } = await startHere();
    expect(seen).toEqual({ mentors: 12, logins: true });
    expect(await removal({ DATA_DIR: demoDir })).toMatch(
      /The demo was removed .*\n +15 people\n +12 mentors' pages\n/,
    );
    expect(await mentorsOf(port)).toEqual([]);
    expect(await removal({ DATA_DIR: demoDir })).toBe("There is no demo here.\n");
    await end(app.child, "SIGINT");
    // At rest as well.
    expect(await removal({ DATA_DIR: demoDir })).toBe("There is no demo here.\n");

    // Not even where it is asked for.
    const wanted = await startHere({ DEMO_DATA: "on" });
    expect(wanted.seen).toEqual({ mentors: 0, logins: false });
    expect(wanted.app.output()).toContain("DEMO_DATA=on has no effect");
    await end(wanted.app.child, "SIGINT");
    const open = await startHere({ HOST: "0.0.0.0", PUBLIC_URL: "https://book.example.com" });
    expect(open.seen).toEqual({ mentors: 0, logins: false });
    await end(open.app.child, "SIGINT");
  });

  it("is removed from a database of DATABASE_URL", async () => {
    await withOwnDatabase("own_demo", templateName, { DEMO_DATA: "on" }, async (_app, port, owner) => {
      expect(await mentorsOf(port)).toHaveLength(12);
      const { adminUrl } = inject("postgres");
      const url = Object.assign(new URL(adminUrl), { pathname: `/${owner.database}` }).href;
      expect(await removal({ DATA_DIR: dataDir, DATABASE_URL: url })).toContain("15 people");
      expect(await mentorsOf(port)).toEqual([]);
    });
  });

  it("is absent where the app has never started, and no tables are made there", async () => {
    const { adminUrl } = inject("postgres");
    const admin = new pg.Client({ connectionString: adminUrl });
    await admin.connect();
    await admin.query("create database never_started");
    const url = Object.assign(new URL(adminUrl), { pathname: "/never_started" }).href;
    expect(await removal({ DATABASE_URL: url })).toBe("There is no demo here.\n");
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const made = "select from pg_namespace where nspname in ('private', 'auth')";
    expect((await client.query(made)).rowCount).toBe(0);
    await client.end();
    await admin.query("drop database never_started");
    await admin.end();
  });
});

describe("SIGTERM in a rolling change", () => {
  /** A request that the database keeps waiting until `letGo`. */
  async function beginSlowRequest(port: number, owner: pg.Client) {
    await owner.query("begin; lock table expert_profiles in access exclusive mode");
    const answer = fetch(`http://localhost:${port}/api/v1/mentors`).then(
      ({ status }) => status,
      () => "cut",
    );
    const waits = "select from pg_locks where not granted and relation = 'expert_profiles'::regclass";
    await expect.poll(async () => (await owner.query(waits)).rowCount, { timeout: 10_000 }).toBe(1);
    return { answer, letGo: () => owner.query("commit") };
  }
  const statusOf = (port: number, path: string) =>
    fetch(`http://localhost:${port}${path}`).then(
      ({ status }) => status,
      () => "no connection",
    );

  it("first reports not ready, still serves requests, and cuts off none", async () => {
    await withOwnDatabase("rolling_stop", templateName, { DRAIN_SECONDS: "3" }, async (app, port, owner) => {
      expect(await statusOf(port, "/readyz")).toBe(200);
      const slow = await beginSlowRequest(port, owner);
      app.child.kill("SIGTERM");
      await expect.poll(() => statusOf(port, "/readyz"), { timeout: 2_500, interval: 20 }).toBe(503);
      // Requests in the meantime are served, and told to connect elsewhere the next time.
      const meanwhile = await fetch(`http://localhost:${port}/api/docs/errors`);
      expect(meanwhile.status).toBe(200);
      expect(meanwhile.headers.get("connection")).toBe("close");
      // Then no new connection is accepted, and open requests are answered.
      await expect.poll(() => statusOf(port, "/healthz"), { timeout: 20_000 }).toBe("no connection");
      await slow.letGo();
      expect(await slow.answer).toBe(200);
      expect(await app.ended).toBe(0);
    });
  });

  it("SIGKILL cuts them: the twin", async () => {
    await withOwnDatabase("rolling_kill", templateName, {}, async (app, port, owner) => {
      const slow = await beginSlowRequest(port, owner);
      app.child.kill("SIGKILL");
      expect(await slow.answer).toBe("cut");
      await slow.letGo();
    });
  });
});
