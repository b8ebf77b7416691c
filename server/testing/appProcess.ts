import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { expect, inject } from "vitest";
import { freePort } from "./freePort.ts";
import type { templateName } from "./templateName.ts";

/** The app as `npm start` runs it. */
const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const removeDemo = fileURLToPath(new URL("../../scripts/removeDemo.ts", import.meta.url));
/** The cache of `npm start`, for the scripts too. */
const compileCache = fileURLToPath(new URL("../../node_modules/.cache/compile", import.meta.url));
const running = new Set<ChildProcess>();

export interface Run {
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
}

/** Starts the app, or another script, as a process with only the given environment. */
export function runApp(env: Record<string, string>, script = main, args: readonly string[] = []): Run {
  const child = spawn(process.execPath, [script, ...args], {
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

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

/** Ends the processes that a test left running. */
export async function endProcesses(): Promise<void> {
  for (const child of running) await end(child, "SIGTERM");
}

export async function ready({ output, child }: Run): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!output().includes("MatePeak is ready")) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`Not ready: ${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Starts the app, which must refuse, and returns the line it prints. */
export async function refusal(env: Record<string, string>): Promise<string> {
  const { ended, output } = runApp(env);
  expect(await ended).toBe(1);
  const lines = output().trim().split("\n");
  expect(lines).toHaveLength(1);
  return lines[0] ?? "";
}

export async function mentorsOf(port: number): Promise<unknown[]> {
  const answer = await fetch(`http://localhost:${port}/api/v1/mentors?limit=100`);
  return ((await answer.json()) as { data: unknown[] }).data;
}

/** Runs `npm run demo:remove` and returns what it prints. */
export async function removal(env: Record<string, string>): Promise<string> {
  const { ended, output } = runApp(env, removeDemo);
  expect(await ended, output()).toBe(0);
  return output();
}

/** Runs on a database of the tests' PostgreSQL, empty or migrated, which `owner` owns. */
export async function withOwnDatabase(
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
  const dataDir = mkdtempSync(join(tmpdir(), "matepeak-own-"));
  const app = runApp({
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
    rmSync(dataDir, { recursive: true, force: true });
  }
}
