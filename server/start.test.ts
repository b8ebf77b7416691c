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
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { StartupError } from "./platform/startupError.ts";
import { start } from "./start.ts";
import {
  end,
  endProcesses,
  mentorsOf,
  type Run,
  ready,
  refusal,
  runApp,
  withOwnDatabase,
} from "./testing/appProcess.ts";
import { freePort } from "./testing/freePort.ts";
import { openTestDatabase } from "./testing/testDatabase.ts";

// Whole processes start and stop here, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let dataDir: string;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), "matepeak-start-"));
});
afterEach(endProcesses);
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

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
    app = runApp({ DATA_DIR: dataDir, PORT: String(port), ...env });
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

  it("a purpose whose database the owner's login has not migrated", async () => {
    const db = await openTestDatabase();
    const line = await refusal({
      DATA_DIR: dataDir,
      PORT: "0",
      DATABASE_URL: db.ownerUrl,
      APP_URL: Object.assign(new URL(db.ownerUrl), { pathname: "/postgres" }).href,
      AUTH_SECRET: "x".repeat(40),
    });
    expect(line).toContain("The database lacks 0001_baseline.sql: run npm run migrate first");
    await db.drop();
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

it("runs on a given PostgreSQL", async () => {
  await withOwnDatabase("own_server", "template0", {}, async (_app, port) => {
    const answer = await fetch(`http://localhost:${port}/api/v1/mentors`);
    expect(await answer.json()).toEqual({ data: [], next_cursor: null });
    // Metrics need a token, and none is set here.
    expect((await fetch(`http://localhost:${port}/metrics`)).status).toBe(404);
  });
});
