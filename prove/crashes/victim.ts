import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../../server/testing/freePort.ts";
import { testSecret } from "../../server/testing/testApp.ts";

export interface Victim {
  address: string;
  /** Its exit code, or the signal that ended it; undefined while it runs. */
  ended(): number | NodeJS.Signals | undefined;
  /** The end of its output. */
  said(): string;
  /** Sends SIGKILL, or another signal that ends it, and resolves when the process has ended. */
  kill(signal?: "SIGKILL" | "SIGTERM"): Promise<void>;
}

const running = new Set<ChildProcess>();
// An aborted proof leaves no process behind.
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** The cache of `npm start`. */
const compileCache = fileURLToPath(new URL("../../node_modules/.cache/compile", import.meta.url));
const programs = {
  main: { file: "../../server/main.ts", ready: "MatePeak is ready" },
  worker: { file: "../../server/worker.ts", ready: "The worker is ready" },
  unguardedWorker: { file: "./unguardedWorker.ts", ready: "The worker is ready" },
};

/** Starts the app (which does no jobs) or a worker in its own process. @throws if it does not become ready */
export async function startVictim(
  program: keyof typeof programs,
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Victim> {
  const port = await freePort("127.0.0.1");
  const { file, ready } = programs[program];
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_COMPILE_CACHE: compileCache,
      DATABASE_URL: databaseUrl,
      AUTH_SECRET: testSecret,
      HOST: "127.0.0.1",
      PORT: String(port),
      DEMO_DATA: "off",
      RATE_LIMIT: "off",
      WORKER: "off",
      PAYMENTS: "off",
      LOG_LEVEL: "info",
      ...settings,
    },
  });
  running.add(child);
  const exit = once(child, "exit").finally(() => running.delete(child));
  let said = "";
  const hear = (chunk: Buffer) => {
    said = (said + chunk).slice(-4000);
  };
  let isReady = false;
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const deadline = performance.now() + 180_000;
  while (!isReady) {
    isReady = said.includes(ready);
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`Not ready: ${said}`);
    await sleep(20);
  }
  return {
    address: `http://127.0.0.1:${port}`,
    ended: () => child.exitCode ?? child.signalCode ?? undefined,
    said: () => said,
    kill: async (signal = "SIGKILL") => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await exit;
    },
  };
}
