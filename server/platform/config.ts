import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { defaultDataDir } from "../postgres/embedded.ts";
import { chmodIfOurs } from "../postgres/host.ts";
import { readTrust, type TrustedProxies } from "./http/trustedProxies.ts";
import { StartupError } from "./startupError.ts";

export const projectRoot = fileURLToPath(new URL("../..", import.meta.url));
const port = z.coerce.number().int().min(0).max(65_535);
const onOff = z.enum(["on", "off"]).transform((value) => value === "on");

/** A burst of so many is worked off in seconds by one core; the memory they need is some tens of MiB. */
export const usualInFlight = 500;
/** A load balancer asks every few seconds whether we are ready. */
const usualDrainSeconds = 5;

const environment = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default("localhost"),
  DATA_DIR: z.string().min(1).optional(),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "must look like postgres://user:password@host/database" })
    .optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: "must be an http or https address" }).optional(),
  DEMO_DATA: onOff.optional(),
  RATE_LIMIT: onOff.default(true),
  TRUST_PROXY: z.string().default("off").transform(readTrust),
  WORKER: onOff.default(true),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  MAX_IN_FLIGHT: z.coerce.number().int().min(10).max(100_000).default(usualInFlight),
  DRAIN_SECONDS: z.coerce.number().min(0).max(300).optional(),
  METRICS_TOKEN: z.string().min(32, "must have at least 32 characters").optional(),
  AUTH_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
});

export interface Config {
  port: number;
  host: string;
  /** Absolute. Holds the embedded database and development secrets. */
  dataDir: string;
  /** undefined: the embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | undefined;
  publicUrl: string;
  /** undefined: fill an empty embedded database, leave any other alone. */
  demoData: boolean | undefined;
  rateLimit: boolean;
  /** How many proxies of ours stand in front, or their addresses; false: none, and X-Forwarded-For is not believed. */
  trustProxy: TrustedProxies;
  /** Whether this process also does the jobs; `node server/worker.ts` does nothing else. */
  worker: boolean;
  logLevel: string;
  /** How many requests are worked on at once before others are asked to come back. */
  mostInFlight: number;
  /** How long it is said that we are not ready, and everybody is served, before SIGTERM stops the process. */
  drainSeconds: number;
  /** Who sends it as a bearer token may read /metrics; undefined: nobody may. */
  metricsToken: string | undefined;
  authSecret: string;
}

/**
 * Reads the environment once. A wrong value is refused with the name of its variable; secrets are made up and kept
 * under DATA_DIR for development, but must be given together with DATABASE_URL.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const values = readEnvironment(env);
  const dataDir = dataDirOf(values);
  if (values.DATABASE_URL && !values.AUTH_SECRET) {
    throw new StartupError("AUTH_SECRET must be given together with DATABASE_URL.");
  }
  return {
    port: values.PORT,
    host: values.HOST,
    dataDir,
    databaseUrl: values.DATABASE_URL,
    publicUrl: (values.PUBLIC_URL ?? `http://localhost:${values.PORT}`).replace(/\/$/, ""),
    demoData: values.DEMO_DATA,
    rateLimit: values.RATE_LIMIT,
    trustProxy: values.TRUST_PROXY,
    worker: values.WORKER,
    logLevel: values.LOG_LEVEL,
    mostInFlight: values.MAX_IN_FLIGHT,
    // With a database of its own nobody else could take over meanwhile.
    drainSeconds: values.DRAIN_SECONDS ?? (values.DATABASE_URL ? usualDrainSeconds : 0),
    metricsToken:
      values.METRICS_TOKEN ?? (values.DATABASE_URL ? undefined : developmentSecret(dataDir, "metrics-token")),
    authSecret: values.AUTH_SECRET ?? developmentSecret(dataDir, "auth-secret"),
  };
}

const loopback = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;

/** Whether other machines are meant to reach the app: by the address it listens on, or by the one people use. */
export function isOpenToOthers({ host, publicUrl }: Pick<Config, "host" | "publicUrl">): boolean {
  return !loopback.test(host) || !loopback.test(new URL(publicUrl).hostname);
}

/** Where the database is, for tools that need no secret and shall not make one up. */
export function readPlace(env: NodeJS.ProcessEnv): Pick<Config, "dataDir" | "databaseUrl"> {
  const values = readEnvironment(env);
  return { dataDir: dataDirOf(values), databaseUrl: values.DATABASE_URL };
}

function readEnvironment(env: NodeJS.ProcessEnv): z.infer<typeof environment> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new StartupError(`${String(issue?.path[0])} ${issue?.message ?? "is not right"}`);
}

function dataDirOf({ DATA_DIR }: z.infer<typeof environment>): string {
  return DATA_DIR ? resolve(DATA_DIR) : defaultDataDir(projectRoot);
}

function developmentSecret(dataDir: string, name: string): string {
  const file = join(dataDir, name);
  try {
    const kept = readFileSync(file, "utf8").trim();
    chmodIfOurs(file, 0o600);
    return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw new StartupError(`DATA_DIR ${dataDir} cannot be read: ${(error as Error).message}`);
    }
  }
  const secret = randomBytes(48).toString("base64url");
  try {
    mkdirSync(dataDir, { recursive: true });
    chmodIfOurs(dataDir, 0o700);
    writeFileSync(file, secret, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new StartupError(`DATA_DIR ${dataDir} cannot be written: ${(error as Error).message}`);
  }
  return secret;
}
