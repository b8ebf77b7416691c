import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { abortableSleep } from "../../server/platform/abortableSleep.ts";
import { freePort } from "../../server/testing/freePort.ts";
import { benchSecret } from "../people.ts";
import { processSeconds } from "./processTimes.ts";
import { benchPublicUrl } from "./startGenerator.ts";

type MeasuredProcess = "app" | "worker" | "postgres";

export interface Sample {
  /** ms on the clock of performance.now(). */
  at: number;
  /** MiB. */
  resident: number;
  heap: number;
  /** Seconds of processor time since the start, by process. */
  cpu: Record<MeasuredProcess, number>;
  /** Seconds all processors of the machine were busy, and could have been, since it started. */
  machineBusy: number;
  machineTotal: number;
  /** ms until the probe `/healthz` was answered; undefined when it was not. */
  probe: number | undefined;
}

export interface AppProcess {
  port: number;
  /** Samples every `ms` until stopped; returns all samples. */
  watch(ms: number): { samples: Sample[]; stop: () => Promise<void> };
  isAlive(): boolean;
  /** Sends SIGTERM and returns the exit code. */
  stop(): Promise<number | null>;
}

/**
 * The app and a worker, each in a separate process as in docs/operations.md, on an existing PostgreSQL. Their log
 * goes to a file.
 */
export async function startApp(
  { ownerUrl, postgresPid }: { ownerUrl: string; postgresPid: number },
  logFile: string,
): Promise<AppProcess> {
  const port = await freePort("127.0.0.1");
  const token = randomBytes(24).toString("hex");
  // Straight into the file: a pipe that we are slow to empty would stop the app.
  const log = openSync(logFile, "w");
  const env = {
    ...process.env,
    NODE_ENV: "production",
    PORT: String(port),
    HOST: "127.0.0.1",
    PUBLIC_URL: benchPublicUrl,
    DATABASE_URL: ownerUrl,
    AUTH_SECRET: benchSecret,
    METRICS_TOKEN: token,
    DEMO_DATA: "off",
    WORKER: "off",
    PAYMENTS: "off",
    // Limits count by address, and all of the load comes from one.
    RATE_LIMIT: "off",
    DRAIN_SECONDS: "0",
    LOG_LEVEL: "info",
  };
  const start = (file: string) =>
    spawn(process.execPath, [fileURLToPath(new URL(`../../server/${file}`, import.meta.url))], {
      env,
      stdio: ["ignore", log, log],
    });
  const child = start("main.ts");
  const worker = start("worker.ts");
  const workerEnded = once(worker, "exit");
  closeSync(log);
  const ended = once(child, "exit").then(([code]) => code as number | null);
  try {
    await ready(child, port, logFile);
  } catch (error) {
    worker.kill("SIGKILL");
    throw error;
  }
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  return {
    port,
    isAlive,
    watch: (ms) => watch(port, token, { app: child.pid!, worker: worker.pid!, postgres: postgresPid }, ms),
    stop: async () => {
      worker.kill("SIGTERM");
      if (isAlive()) child.kill("SIGTERM");
      await workerEnded;
      return ended;
    },
  };
}

async function ready(child: ChildProcess, port: number, logFile: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(100);
  }
  child.kill("SIGKILL");
  throw new Error(`The app did not start; its log is ${logFile}.`);
}

type Pids = Record<MeasuredProcess, number>;

function watch(port: number, token: string, pids: Pids, ms: number): ReturnType<AppProcess["watch"]> {
  const samples: Sample[] = [];
  const stopping = new AbortController();
  const look = async () => {
    while (!stopping.signal.aborted) {
      await abortableSleep(ms, stopping.signal);
      const sample = await takeSample(port, token, pids);
      if (sample) samples.push(sample);
    }
  };
  const looking = look();
  return {
    samples,
    stop: async () => {
      stopping.abort();
      await looking;
    },
  };
}

async function takeSample(port: number, token: string, pids: Pids): Promise<Sample | undefined> {
  const askedAt = performance.now();
  const probed = await fetch(`http://127.0.0.1:${port}/healthz`, {
    signal: AbortSignal.timeout(10_000),
  }).then(
    async (answer) => {
      await answer.text();
      return answer.status === 200;
    },
    () => false,
  );
  const probe = probed ? performance.now() - askedAt : undefined;
  const figures = await fetch(`http://127.0.0.1:${port}/metrics`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(10_000),
  }).then(
    (answer) => answer.text(),
    () => "",
  );
  const read = (name: string) => Number(new RegExp(`^${name} (.*)$`, "m").exec(figures)?.[1] ?? Number.NaN);
  const times = cpus().map(({ times }) => times);
  const total = (of: (one: (typeof times)[number]) => number) =>
    times.reduce((sum, one) => sum + of(one), 0) / 1000;
  return {
    at: performance.now(),
    resident: read("process_resident_memory_bytes") / 2 ** 20,
    heap: read("nodejs_heap_size_used_bytes") / 2 ** 20,
    cpu: {
      app: processSeconds(pids.app),
      worker: processSeconds(pids.worker),
      postgres: processSeconds(pids.postgres),
    },
    machineBusy: total(({ user, nice, sys, irq }) => user + nice + sys + irq),
    machineTotal: total(({ user, nice, sys, irq, idle }) => user + nice + sys + irq + idle),
    probe,
  };
}
