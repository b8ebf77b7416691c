import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { calendarStaleMinutes } from "#rules/calendarHealth.ts";
import { textLimits } from "#rules/limits.ts";
import { isGstin, isStateCode } from "#rules/tax.ts";
import { defaultDataDir } from "../postgres/embedded.ts";
import { chmodIfOurs } from "../postgres/host.ts";
import type { DatabaseUrls } from "./database/database.ts";
import { isDatabaseUrl, urlForm } from "./database/servers.ts";
import { readTrust, type TrustedProxies } from "./http/trustedProxies.ts";
import type { NamedSecret } from "./keyring.ts";
import { StartupError } from "./startupError.ts";

export const projectRoot = fileURLToPath(new URL("../..", import.meta.url));
const port = z.coerce.number().int().min(0).max(65_535);
const onOff = z.enum(["on", "off"]).transform((value) => value === "on");

/** One core works off a burst of this size in seconds, with some tens of MiB of memory. */
export const defaultMaxInFlight = 500;
/** Names and addresses of this machine. */
export const loopback = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;

/** A small mail provider accepts this many; the limit of a larger one can be configured. */
const defaultMailPerSecond = 20;
/** Of the price, in percent. */
const defaultFeePercent = "10";
/** In INR. */
const defaultApprovalAbove = 100_000;
/** Other support services. */
const defaultFeeSac = "998599";
const defaultTaxPercent = "18";
/** Load balancers check readiness every few seconds. */
const defaultDrainSeconds = 5;

const databaseUrl = z.string().refine(isDatabaseUrl, urlForm).optional();

const environment = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default("localhost"),
  DATA_DIR: z.string().min(1).optional(),
  DATABASE_URL: databaseUrl,
  OWNER_URL: databaseUrl,
  APP_URL: databaseUrl,
  VISITORS_URL: databaseUrl,
  REPLICA_URL: databaseUrl,
  ACCOUNTS_URL: databaseUrl,
  QUEUE_URL: databaseUrl,
  LISTEN_URL: databaseUrl,
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: "must be an http or https address" }).optional(),
  MIGRATE: onOff.default(true),
  DEMO_DATA: onOff.optional(),
  RATE_LIMIT: onOff.default(true),
  TRUST_PROXY: z.string().default("off").transform(readTrust),
  WORKER: onOff.default(true),
  WORKER_PORT: port.optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  MAX_IN_FLIGHT: z.coerce.number().int().min(10).max(100_000).default(defaultMaxInFlight),
  DRAIN_SECONDS: z.coerce.number().min(0).max(300).optional(),
  METRICS_TOKEN: z.string().min(32, "must have at least 32 characters").optional(),
  AUTH: z.enum(["own", "supabase"]).default("own"),
  SUPABASE_URL: z.url({ protocol: /^https?$/, error: "must be an http or https address" }).optional(),
  SUPABASE_PUBLISHABLE_KEY: z.string().min(20, "must have at least 20 characters").optional(),
  SUPABASE_SECRET_KEY: z.string().min(20, "must have at least 20 characters").optional(),
  SUPABASE_JWT_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  AUTH_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  SECRET_KEYS: z
    .string()
    .regex(
      /^[\w.-]{1,40}:[\w+/-]{43,}={0,2}(,[\w.-]{1,40}:[\w+/-]{43,}={0,2})*$/,
      "must look like 2026a:key,2025b:key, each key at least 32 bytes in base64",
    )
    .transform((list) =>
      list.split(",").map((each): NamedSecret => {
        const [id = "", secret = ""] = each.split(":");
        return { id, secret };
      }),
    )
    .optional(),
  PRIVATE_CALENDAR_HOSTS: z
    .string()
    .regex(/^[^\s,/]+(,[^\s,/]+)*$/, "must look like host,host:port")
    .transform((list) => list.split(","))
    .optional(),
  CALENDAR_STALE_MINUTES: z.coerce.number().int().min(10).max(1440).default(calendarStaleMinutes),
  GOOGLE_CALENDAR_CLIENT_ID: z.string().min(1).optional(),
  GOOGLE_CALENDAR_CLIENT_SECRET: z.string().min(1).optional(),
  GOOGLE_CALENDAR_TESTING: onOff.default(false),
  MICROSOFT_CALENDAR_CLIENT_ID: z.string().min(1).optional(),
  MICROSOFT_CALENDAR_CLIENT_SECRET: z.string().min(1).optional(),
  MICROSOFT_CALENDAR_TENANT: z
    .string()
    .regex(/^[\w.-]+$/, "must be the id or a domain of a tenant, or common, organizations or consumers")
    .default("common"),
  GOOGLE_CLIENT_ID: z.string().min(1).optional(),
  GOOGLE_CLIENT_SECRET: z.string().min(1).optional(),
  ZOOM_ACCOUNT_ID: z.string().min(1).optional(),
  ZOOM_CLIENT_ID: z.string().min(1).optional(),
  ZOOM_CLIENT_SECRET: z.string().min(1).optional(),
  ZOOM_WEBHOOK_SECRET: z.string().min(8, "must have at least 8 characters").optional(),
  ZOOM_HOSTS: z
    .string()
    .transform((list) => list.split(",").map((host) => host.trim()))
    .refine(
      (hosts) => hosts.every((host) => host !== ""),
      "must be addresses of Zoom users, with commas between them",
    )
    .optional(),
  JITSI_URL: z.url({ protocol: /^https$/, error: "must be an https address" }).optional(),
  JITSI_APP_ID: z.string().min(1).optional(),
  JITSI_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: "must look like smtp://user:password@host:port" })
    .optional(),
  MAIL_FROM: z.email("must be an e-mail address").optional(),
  MAIL_PER_SECOND: z.coerce.number().min(0.1).max(10_000).default(defaultMailPerSecond),
  DEV_MAIL: onOff.optional(),
  PAYMENTS: z.enum(["off", "sandbox", "razorpay", "stripe"]).optional(),
  RAZORPAY_KEY_ID: z
    .string()
    .regex(/^rzp_(test|live)_\w+$/, "must look like rzp_test_… or rzp_live_…")
    .optional(),
  RAZORPAY_KEY_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
  RAZORPAY_WEBHOOK_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^[sr]k_(test|live)_\w+$/, "must look like sk_test_… or sk_live_…")
    .optional(),
  STRIPE_PUBLISHABLE_KEY: z
    .string()
    .regex(/^pk_(test|live)_\w+$/, "must look like pk_test_… or pk_live_…")
    .optional(),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[\w+/=]+$/, "must look like whsec_…")
    .optional(),
  PLATFORM_FEE_PERCENT: z
    .string()
    .regex(/^(100(\.00?)?|\d{1,2}(\.\d{1,2})?)$/, "must be a number from 0 to 100 with at most two decimals")
    .default(defaultFeePercent)
    .transform(basisPointsOf),
  PAYOUT_APPROVAL_ABOVE: z.coerce.number().int().min(0).max(1_000_000_000).default(defaultApprovalAbove),
  PLATFORM_LEGAL_NAME: z.string().trim().min(1).max(textLimits.personName).default("MatePeak"),
  PLATFORM_ADDRESS: z
    .string()
    .trim()
    .min(1)
    .max(textLimits.postalAddress)
    .transform((address) => address.replaceAll("\\n", "\n"))
    .optional(),
  PLATFORM_STATE: z.string().refine(isStateCode, "must be the two digits of a State in a GSTIN").optional(),
  PLATFORM_GSTIN: z.string().refine(isGstin, "must be a GSTIN with the right check character").optional(),
  PLATFORM_SAC: z
    .string()
    .regex(/^99\d{4}$/, "must be six digits that begin with 99")
    .default(defaultFeeSac),
  PLATFORM_TAX_PERCENT: z
    .string()
    .regex(/^(100(\.00?)?|\d{1,2}(\.\d{1,2})?)$/, "must be a number from 0 to 100 with at most two decimals")
    .default(defaultTaxPercent)
    .transform(basisPointsOf),
});

/** Every variable that the app reads. */
export const environmentNames = Object.keys(environment.shape);

/** The app's own credentials at Google, for "Continue with Google". */
export interface GoogleConfig {
  clientId: string;
  clientSecret: string;
}

/** The Supabase project whose Auth keeps the accounts. */
export interface SupabaseConfig {
  /** Without a slash at the end. */
  url: string;
  /** The key that every page may know: `sb_publishable_…`, or the older key `anon`. */
  publishableKey: string;
  /** The key with every right at the project: `sb_secret_…`, or the older key `service_role`. Deletes people; undefined: nothing does. */
  secretKey: string | undefined;
  /** The shared secret that older projects sign with; undefined: only tokens signed with a private key count. */
  jwtSecret: string | undefined;
}

/** The app's own credentials at Google, to connect calendars. */
export interface GoogleCalendarConfig extends GoogleConfig {
  /** Whether Google lists the app as "Testing": it then ends each login after a week. */
  isTesting: boolean;
}

/** The app's own credentials at Microsoft Entra, to connect calendars. */
export interface MicrosoftCalendarConfig {
  clientId: string;
  clientSecret: string;
  /** Whose accounts can be connected: the id or a domain of a tenant, or `common`, `organizations`, `consumers`. */
  tenant: string;
}

/** What links for single sessions are made with. */
export interface MeetingConfig {
  zoom:
    | {
        accountId: string;
        clientId: string;
        clientSecret: string;
        webhookSecret: string;
        /** Users of the account, by address or id: each holds one session at a time. "me": who made the app. */
        hosts: readonly string[];
      }
    | undefined;
  jitsi:
    | {
        /** Without a slash at the end. */
        url: string;
        /** Without it, anyone with a room's address can enter it. */
        token: { appId: string; secret: string } | undefined;
      }
    | undefined;
}

/**
 * Who takes the payments. `off`: prices are shown, and students pay their mentors outside the app. `sandbox`: everything is real
 * but the money.
 */
export type PaymentsConfig =
  | "off"
  | "sandbox"
  | { provider: "razorpay"; keyId: string; keySecret: string; webhookSecret: string }
  | { provider: "stripe"; secretKey: string; publishableKey: string; webhookSecret: string };

/** Who runs the platform, as its invoices to mentors say it. With a GSTIN they are tax invoices, and the fee contains the tax. */
export interface PlatformConfig {
  legalName: string;
  address: string | null;
  stateCode: string | null;
  gstin: string | null;
  sac: string;
  /** Of the tax on the fee. */
  taxBasisPoints: number;
}

/** The operator's own PostgreSQL. */
type EachUrl = Required<Omit<DatabaseUrls, "replicaUrl">> & Pick<DatabaseUrls, "replicaUrl">;

export interface GivenDatabase {
  /** The login that owns the schema; undefined with MIGRATE=off: the start applies nothing, it must have been applied before. */
  ownerUrl: string | undefined;
  urls: EachUrl;
}

export interface Config {
  port: number;
  host: string;
  /** Absolute. Holds the embedded database and development secrets. */
  dataDir: string;
  /** undefined: the embedded PostgreSQL under `dataDir`. */
  givenDatabase: GivenDatabase | undefined;
  publicUrl: string;
  /** undefined: only for an empty embedded database. */
  demoData: boolean | undefined;
  rateLimit: boolean;
  /** The number of trusted proxies or their addresses; false: none, and X-Forwarded-For is ignored. */
  trustProxy: TrustedProxies;
  /** Whether this process also runs jobs; `node server/worker.ts` does nothing else. */
  worker: boolean;
  /** Where a worker of its own answers probes and Prometheus; undefined: nowhere. */
  workerPort: number | undefined;
  logLevel: string;
  /** How many requests may be in flight before others are rejected. */
  maxInFlight: number;
  /** How long the process reports not ready, but still serves requests, before SIGTERM stops it. */
  drainSeconds: number;
  /** Bearer token for /metrics; undefined disables it. */
  metricsToken: string | undefined;
  authSecret: string;
  /** undefined: the accounts are our own. */
  supabase: SupabaseConfig | undefined;
  /** What seals logins that are kept: the first; all of them open. None: the accounts' secret does both. */
  secretKeys: NamedSecret[];
  /** `host` or `host:port` of calendar servers in the operator's own network. */
  privateCalendarHosts: string[];
  /** How old the busy times of a connected calendar may be before they count as too old to rely on. */
  calendarStaleMinutes: number;
  /** undefined: calendars of Google are connected as feeds only. */
  googleCalendar: GoogleCalendarConfig | undefined;
  /** undefined: calendars of Microsoft 365 are connected as feeds only. */
  microsoftCalendar: MicrosoftCalendarConfig | undefined;
  /** undefined: people cannot sign in with Google. */
  google: GoogleConfig | undefined;
  /** How links are made for single sessions. */
  meetings: MeetingConfig;
  /** The mail server; undefined: mail goes to the local mailbox. */
  smtpUrl: string | undefined;
  /** The address that mail comes from. */
  mailFrom: string;
  /** How many mails a process sends per second at most. */
  mailPerSecond: number;
  /** Whether /dev/mail shows the local mailbox, codes and all, to everyone who can reach the app. */
  devMail: boolean;
  payments: PaymentsConfig;
  /** What the platform keeps of a price, in hundredths of a percent. */
  feeBasisPoints: number;
  /** A larger run of payouts, in INR, needs the approval of a second administrator, if there is one. */
  payoutApprovalAbove: number;
  platform: PlatformConfig;
}

/**
 * Reads the environment once. Secrets are generated and stored under DATA_DIR for development, but required together with
 * DATABASE_URL. @throws StartupError that names the variable with an invalid value
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const values = readEnvironment(env);
  const dataDir = dataDirOf(values);
  const givenDatabase = givenDatabaseOf(values);
  if (givenDatabase && !values.AUTH_SECRET) {
    throw new StartupError("AUTH_SECRET must be given together with DATABASE_URL.");
  }
  if (!values.MIGRATE && !givenDatabase) {
    throw new StartupError("DATABASE_URL must be given together with MIGRATE=off.");
  }
  if (values.SMTP_URL && !values.MAIL_FROM) {
    throw new StartupError("MAIL_FROM must be given together with SMTP_URL.");
  }
  const publicUrl = (values.PUBLIC_URL ?? `http://localhost:${values.PORT}`).replace(/\/$/, "");
  return {
    port: values.PORT,
    host: values.HOST,
    dataDir,
    givenDatabase,
    publicUrl,
    demoData: values.DEMO_DATA,
    rateLimit: values.RATE_LIMIT,
    trustProxy: values.TRUST_PROXY,
    worker: values.WORKER,
    workerPort: values.WORKER_PORT,
    logLevel: values.LOG_LEVEL,
    maxInFlight: values.MAX_IN_FLIGHT,
    // With an embedded database no other process could take over.
    drainSeconds: values.DRAIN_SECONDS ?? (givenDatabase ? defaultDrainSeconds : 0),
    metricsToken:
      values.METRICS_TOKEN ?? (givenDatabase ? undefined : developmentSecret(dataDir, "metrics-token")),
    authSecret: values.AUTH_SECRET ?? developmentSecret(dataDir, "auth-secret"),
    supabase: supabaseOf(values),
    secretKeys: values.SECRET_KEYS ?? [],
    privateCalendarHosts: values.PRIVATE_CALENDAR_HOSTS ?? [],
    calendarStaleMinutes: values.CALENDAR_STALE_MINUTES,
    googleCalendar: googleCalendarOf(values),
    microsoftCalendar: microsoftCalendarOf(values),
    google: clientOf(values, "GOOGLE"),
    meetings: meetingsOf(values),
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM ?? "matepeak@localhost.test",
    mailPerSecond: values.MAIL_PER_SECOND,
    devMail: values.DEV_MAIL ?? (values.SMTP_URL === undefined && loopback.test(new URL(publicUrl).hostname)),
    payments: paymentsOf(values),
    feeBasisPoints: values.PLATFORM_FEE_PERCENT,
    payoutApprovalAbove: values.PAYOUT_APPROVAL_ABOVE,
    platform: platformOf(values),
  };
}

function supabaseOf(values: z.infer<typeof environment>): SupabaseConfig | undefined {
  if (values.AUTH === "own") return undefined;
  const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY } = values;
  if (!givenDatabaseOf(values) || !SUPABASE_URL || !SUPABASE_PUBLISHABLE_KEY) {
    throw new StartupError(
      "DATABASE_URL, SUPABASE_URL and SUPABASE_PUBLISHABLE_KEY must be given together with AUTH=supabase.",
    );
  }
  if (values.DEMO_DATA) {
    throw new StartupError(
      "DEMO_DATA=on is refused with AUTH=supabase: the demo's people would have no accounts.",
    );
  }
  const url = new URL(SUPABASE_URL);
  if (url.protocol !== "https:" && !loopback.test(url.hostname)) {
    throw new StartupError("SUPABASE_URL must be https, unless it is on this machine.");
  }
  return {
    url: SUPABASE_URL.replace(/\/+$/, ""),
    publishableKey: SUPABASE_PUBLISHABLE_KEY,
    secretKey: values.SUPABASE_SECRET_KEY,
    jwtSecret: values.SUPABASE_JWT_SECRET,
  };
}

/** Each purpose has its own URL or the one for all. @throws StartupError that names a purpose with neither */
function givenDatabaseOf(values: z.infer<typeof environment>): GivenDatabase | undefined {
  const names = ["APP_URL", "VISITORS_URL", "ACCOUNTS_URL", "QUEUE_URL", "LISTEN_URL", "OWNER_URL"] as const;
  const first = names.find((name) => values[name] !== undefined);
  if (values.DATABASE_URL === undefined && first === undefined) return undefined;
  const urlOf = (name: (typeof names)[number]) => {
    const url = values[name] ?? values.DATABASE_URL;
    if (url === undefined)
      throw new StartupError(`${name} or DATABASE_URL must be given together with ${first}.`);
    return url;
  };
  return {
    ownerUrl: values.MIGRATE ? urlOf("OWNER_URL") : undefined,
    urls: {
      url: urlOf("APP_URL"),
      visitorsUrl: urlOf("VISITORS_URL"),
      ...(values.REPLICA_URL && { replicaUrl: values.REPLICA_URL }),
      accountsUrl: urlOf("ACCOUNTS_URL"),
      queueUrl: urlOf("QUEUE_URL"),
      listenUrl: urlOf("LISTEN_URL"),
    },
  };
}

/** By what the app is known to a vendor at which people sign in; undefined if it is not. */
function clientOf(
  values: z.infer<typeof environment>,
  vendor: "GOOGLE" | "GOOGLE_CALENDAR" | "MICROSOFT_CALENDAR",
): GoogleConfig | undefined {
  const [id, secret] = [`${vendor}_CLIENT_ID`, `${vendor}_CLIENT_SECRET`] as const;
  const given = allOrNone(values, [id, secret]);
  return given && { clientId: given[id], clientSecret: given[secret] };
}

function googleCalendarOf(values: z.infer<typeof environment>): GoogleCalendarConfig | undefined {
  const client = clientOf(values, "GOOGLE_CALENDAR");
  return client && { ...client, isTesting: values.GOOGLE_CALENDAR_TESTING };
}

function microsoftCalendarOf(values: z.infer<typeof environment>): MicrosoftCalendarConfig | undefined {
  const client = clientOf(values, "MICROSOFT_CALENDAR");
  return client && { ...client, tenant: values.MICROSOFT_CALENDAR_TENANT };
}

function meetingsOf(values: z.infer<typeof environment>): MeetingConfig {
  const zoom = allOrNone(values, [
    "ZOOM_ACCOUNT_ID",
    "ZOOM_CLIENT_ID",
    "ZOOM_CLIENT_SECRET",
    "ZOOM_WEBHOOK_SECRET",
  ]);
  const token = allOrNone(values, ["JITSI_APP_ID", "JITSI_SECRET"]);
  if (token && !values.JITSI_URL)
    throw new StartupError("JITSI_URL must be given together with JITSI_APP_ID.");
  if (values.ZOOM_HOSTS && !zoom)
    throw new StartupError("ZOOM_ACCOUNT_ID must be given together with ZOOM_HOSTS.");
  return {
    zoom: zoom && {
      accountId: zoom.ZOOM_ACCOUNT_ID,
      clientId: zoom.ZOOM_CLIENT_ID,
      clientSecret: zoom.ZOOM_CLIENT_SECRET,
      webhookSecret: zoom.ZOOM_WEBHOOK_SECRET,
      hosts: values.ZOOM_HOSTS ?? ["me"],
    },
    jitsi: values.JITSI_URL
      ? {
          url: values.JITSI_URL.replace(/\/+$/, ""),
          token: token && { appId: token.JITSI_APP_ID, secret: token.JITSI_SECRET },
        }
      : undefined,
  };
}

/** Keys that are given must be complete, even if `PAYMENTS` chooses another provider. */
function platformOf(values: z.infer<typeof environment>): PlatformConfig {
  const { PLATFORM_GSTIN: gstin = null, PLATFORM_ADDRESS: address = null } = values;
  const stateCode = values.PLATFORM_STATE ?? gstin?.slice(0, 2) ?? null;
  if (gstin && stateCode !== gstin.slice(0, 2)) {
    throw new StartupError("PLATFORM_STATE must be the State of PLATFORM_GSTIN: its first two digits.");
  }
  if (gstin && !address)
    throw new StartupError("PLATFORM_ADDRESS must be given together with PLATFORM_GSTIN.");
  return {
    legalName: values.PLATFORM_LEGAL_NAME,
    address,
    stateCode,
    gstin,
    sac: values.PLATFORM_SAC,
    taxBasisPoints: values.PLATFORM_TAX_PERCENT,
  };
}

function paymentsOf(values: z.infer<typeof environment>): PaymentsConfig {
  const razorpay = allOrNone(values, ["RAZORPAY_KEY_ID", "RAZORPAY_KEY_SECRET", "RAZORPAY_WEBHOOK_SECRET"]);
  const stripe = allOrNone(values, ["STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET"]);
  if (stripe && isLive(stripe.STRIPE_SECRET_KEY) !== isLive(stripe.STRIPE_PUBLISHABLE_KEY)) {
    throw new StartupError(
      "STRIPE_PUBLISHABLE_KEY must be of the same mode as STRIPE_SECRET_KEY, test or live.",
    );
  }
  const chosen = values.PAYMENTS ?? (razorpay ? "razorpay" : stripe ? "stripe" : "sandbox");
  switch (chosen) {
    case "off":
    case "sandbox":
      return chosen;
    case "razorpay":
      if (!razorpay) throw new StartupError("RAZORPAY_KEY_ID must be given together with PAYMENTS=razorpay.");
      return {
        provider: chosen,
        keyId: razorpay.RAZORPAY_KEY_ID,
        keySecret: razorpay.RAZORPAY_KEY_SECRET,
        webhookSecret: razorpay.RAZORPAY_WEBHOOK_SECRET,
      };
    case "stripe":
      if (!stripe) throw new StartupError("STRIPE_SECRET_KEY must be given together with PAYMENTS=stripe.");
      return {
        provider: chosen,
        secretKey: stripe.STRIPE_SECRET_KEY,
        publishableKey: stripe.STRIPE_PUBLISHABLE_KEY,
        webhookSecret: stripe.STRIPE_WEBHOOK_SECRET,
      };
    default:
      return chosen satisfies never;
  }
}

/** @throws StartupError that names the first missing variable, if only some are given */
function allOrNone<Name extends string>(
  values: Partial<Record<Name, string>>,
  names: readonly Name[],
): Record<Name, string> | undefined {
  const given = names.find((name) => values[name] !== undefined);
  if (given === undefined) return undefined;
  const entries = names.map((name) => {
    const value = values[name];
    if (value === undefined) throw new StartupError(`${name} must be given together with ${given}.`);
    return [name, value] as const;
  });
  return Object.fromEntries(entries) as Record<Name, string>;
}

function isLive(key: string): boolean {
  return key.includes("_live_");
}

/** Whole hundredths, without the fractions of a binary product. @param percent with at most two decimals */
function basisPointsOf(percent: string): number {
  const [whole = "", decimals = ""] = percent.split(".");
  return Number(`${whole}${decimals.padEnd(2, "0")}`);
}

/** Whether other machines can reach the app, judged by the address it listens on and its public URL. */
export function isOpenToOthers({ host, publicUrl }: Pick<Config, "host" | "publicUrl">): boolean {
  return !loopback.test(host) || !loopback.test(new URL(publicUrl).hostname);
}

export interface Place {
  dataDir: string;
  /** undefined: the embedded PostgreSQL under `dataDir`. */
  ownerUrl: string | undefined;
}

/** Returns where the database is, for tools that need no secret and must not generate one. */
export function readPlace(env: NodeJS.ProcessEnv): Place {
  const values = readEnvironment(env);
  return { dataDir: dataDirOf(values), ownerUrl: values.OWNER_URL ?? values.DATABASE_URL };
}

/** Returns the address of the Supabase project, likewise. */
export function readSupabaseUrl(env: NodeJS.ProcessEnv): string | undefined {
  return readEnvironment(env).SUPABASE_URL;
}

/** Returns the URLs of the operator's own PostgreSQL, likewise. */
export function readUrls(env: NodeJS.ProcessEnv): GivenDatabase["urls"] | undefined {
  return givenDatabaseOf(readEnvironment(env))?.urls;
}

function readEnvironment(env: NodeJS.ProcessEnv): z.infer<typeof environment> {
  const given = withFiles(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== "")));
  if (given.PGOPTIONS !== undefined)
    throw new StartupError(
      "PGOPTIONS must not be given: connections send no options, which no pooler passes on.",
    );
  const parsed = environment.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new StartupError(`${String(issue?.path[0])} ${issue?.message ?? "is not right"}`);
}

/** `NAME_FILE` is the path of a file with the value of `NAME`, as container platforms hand over secrets. */
function withFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const read = { ...env };
  for (const name of environmentNames) {
    const path = env[`${name}_FILE`];
    if (path === undefined) continue;
    if (env[name] !== undefined) throw new StartupError(`${name} and ${name}_FILE must not both be given.`);
    try {
      read[name] = readFileSync(path, "utf8").trim();
    } catch (error) {
      throw new StartupError(`${name}_FILE cannot be read: ${(error as Error).message}`);
    }
  }
  return read;
}

function dataDirOf({ DATA_DIR }: z.infer<typeof environment>): string {
  return DATA_DIR ? resolve(DATA_DIR) : defaultDataDir(projectRoot);
}

function developmentSecret(dataDir: string, name: string): string {
  const file = join(dataDir, name);
  try {
    const stored = readFileSync(file, "utf8").trim();
    chmodIfOurs(file, 0o600);
    return stored;
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
