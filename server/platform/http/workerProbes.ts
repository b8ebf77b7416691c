import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import type { Database } from "../database/database.ts";
import { type Metrics, measureProcess } from "../metrics/metrics.ts";
import { metricsPlugin } from "../metrics/plugin.ts";
import { StartupError } from "../startupError.ts";
import { admission } from "./admission.ts";
import { problems } from "./problems.ts";
import { readiness } from "./readiness.ts";
import { requestIds } from "./requestLog.ts";

interface WorkerProbes {
  config: Pick<Config, "host" | "workerPort" | "metricsToken" | "maxInFlight">;
  database: Database;
  metrics: Metrics;
}

/**
 * Answers `/healthz`, `/readyz` and `/metrics` of a process that serves nothing else, if it has a port. The app's closing ends
 * it. @throws StartupError if it cannot listen
 */
export async function openWorkerProbes(
  app: FastifyInstance,
  { config, database, metrics }: WorkerProbes,
): Promise<void> {
  const { host, workerPort: port, metricsToken: token, maxInFlight } = config;
  if (port === undefined) return;
  measureProcess(metrics);
  await app.register(requestIds);
  await app.register(problems);
  await app.register(admission, { maxInFlight, maxAgeMs: 2_000, onRejected: () => metrics.refused.inc() });
  await app.register(readiness, { ping: database.ping });
  await app.register(metricsPlugin, { metrics, database, token });
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new StartupError(
      `The worker cannot listen on ${host}:${port} (WORKER_PORT): ${(error as Error).message}`,
    );
  }
}
