import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "./freePort.ts";

export interface EmbeddedApp {
  address: string;
  dataDir: string;
  /** Its exit code once it has ended. */
  ended: Promise<number | null>;
  output(): string;
  /** The lines of its log. */
  lines(): Record<string, unknown>[];
  /** Process id of its PostgreSQL. */
  postmaster(): number;
  /** The postmaster and all its backends, the postmaster first. */
  postgresProcesses(): number[];
  /** Stops the app with its database and removes its data. */
  remove(): Promise<void>;
}

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/**
 * Starts the app in its own process with its own database, as `npm start` does.
 * @param script what starts it instead, for an app whose neighbours are servers of the tests
 * @throws if it does not become ready
 */
export async function startEmbeddedApp(
  env: Record<string, string> = {},
  script: string = main,
): Promise<EmbeddedApp> {
  const dataDir = mkdtempSync(join(tmpdir(), "matepeak-app-"));
  const port = await freePort("localhost");
  const child = spawn(process.execPath, [script], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DEMO_DATA: "off",
      LOG_LEVEL: "info",
      RATE_LIMIT: "off",
      PAYMENTS: "off",
      DATA_DIR: dataDir,
      PORT: String(port),
      ...env,
    },
  });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  child.stderr.on("data", (chunk) => (text += chunk));
  const ended = once(child, "exit").then(([code]) => code as number | null);
  const deadline = performance.now() + 60_000;
  while (!text.includes("MatePeak is ready")) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`Not ready: ${text}`);
    await sleep(50);
  }
  const postmaster = () =>
    Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
  return {
    address: `http://localhost:${port}`,
    dataDir,
    ended,
    output: () => text,
    lines: () => text.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : [])),
    postmaster,
    postgresProcesses: () => {
      const parent = postmaster();
      const table = execFileSync("ps", ["-e", "-o", "pid=,ppid="], { encoding: "utf8" });
      const children = table.split("\n").flatMap((line) => {
        const [pid, ppid] = line.trim().split(/\s+/).map(Number);
        return pid !== undefined && ppid === parent ? [pid] : [];
      });
      return [parent, ...children];
    },
    remove: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await ended;
      }
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
