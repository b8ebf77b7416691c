import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { loginsOf, openLogins } from "../../server/postgres/openLogins.ts";
import { allowQueue } from "../../server/testing/jobs.ts";
import { type PoolMode, pgBouncerVersions, startPgBouncer } from "../../server/testing/pgBouncer.ts";
import { type PurposeUrls, purposeUrlsOf } from "../../server/testing/purposeUrls.ts";
import { openTestApp, type TestApp } from "../../server/testing/testApp.ts";
import { startVictim } from "../crashes/victim.ts";
import type { Finding } from "../proof.ts";
import { asTwin } from "../rounds.ts";
import { replaceBoth } from "./rollingRestart.ts";
import { onStack, type Stack, type Way } from "./stack.ts";
import { playUnderLoad } from "./underLoad.ts";

/** How many connections of one login the pooler opens in session mode, where each of a process takes one. */
const sessions = 80;

/** Two apps and a worker reach the database through PgBouncer only, with a login for each purpose. */
export async function poolUnderLoad(): Promise<Finding[]> {
  return [
    await throughPooler("session"),
    await throughPooler("transaction"),
    asTwin(
      "with LISTEN and the queue through transaction mode too, no process starts",
      await withoutSession(),
    ),
    asTwin("a plain client that listens through transaction mode hears nothing", await listenPlainly()),
  ];
}

function newest(): (typeof pgBouncerVersions)[number] {
  const found = pgBouncerVersions.at(-1);
  if (!found) throw new Error("npm run prove unpacks PgBouncer first.");
  return found;
}

function throughPooler(mode: PoolMode): Promise<Finding> {
  const promise = `The same through PgBouncer ${newest().version} in ${mode} mode: no request fails, and the worker does its jobs`;
  return onStack(
    (stack) =>
      playUnderLoad(promise, stack, async () => {
        await replaceBoth(stack);
        return `${await countSessions(stack)} sessions of three processes`;
      }),
    { connect: (test) => connectThrough(mode, test, mode === "session" ? [] : sessionful) },
  );
}

/** How many sessions the server has for the processes; this one uses the socket. */
async function countSessions({ test }: Stack): Promise<number> {
  const { rowCount } = await test.db.owner.query(
    `select from pg_stat_activity
     where datname = current_database() and client_addr is not null and usename <> current_user`,
  );
  return rowCount ?? 0;
}

/** @param around which purposes go around the pooler */
async function connectThrough(
  mode: PoolMode,
  test: TestApp,
  around: readonly (keyof PurposeUrls)[],
): Promise<Way> {
  const { owner } = test.db;
  const direct = purposeUrlsOf(test.db.ownerUrl);
  await openLogins(owner, loginsOf(direct));
  await allowQueue(test.db);
  const size = mode === "session" ? { poolSize: sessions } : {};
  const bouncer = await startPgBouncer(newest(), mode, Object.values(direct), size);
  const urlOf = (purpose: keyof PurposeUrls) =>
    around.includes(purpose) ? direct[purpose] : bouncer.urlOf(direct[purpose]);
  return {
    url: urlOf("url"),
    settings: {
      VISITORS_URL: urlOf("visitorsUrl"),
      ACCOUNTS_URL: urlOf("accountsUrl"),
      LISTEN_URL: urlOf("listenUrl"),
      QUEUE_URL: urlOf("queueUrl"),
    },
    close: bouncer.stop,
  };
}

const sessionful = ["listenUrl", "queueUrl"] as const;

/** Each process is to say which URL is wrong. */
async function withoutSession(): Promise<Finding> {
  const said: string[] = [];
  for (const pooled of sessionful) {
    const test = await openTestApp();
    const around = sessionful.filter((purpose) => purpose !== pooled);
    const way = await connectThrough("transaction", test, around);
    try {
      for (const program of ["main", "worker"] as const)
        said.push(`${program}: ${await refusalOf(program, way)}`);
    } finally {
      await way.close();
      await test.close();
    }
  }
  return {
    promise: "without sessions",
    figure: `refused are ${said.join(", ")}`,
    holds: said.some((what) => !what.endsWith("_URL")),
  };
}

/** The variable that keeps a process from starting. */
async function refusalOf(program: "main" | "worker", { url, settings }: Way): Promise<string> {
  try {
    await (await startVictim(program, url, { ...settings, MIGRATE: "off" })).kill();
    return "none, it started";
  } catch (error) {
    const found = /(\w+_URL) leads through a pooler in transaction mode/.exec((error as Error).message);
    return found?.[1] ?? "for no known reason";
  }
}

/** What the refusal above is for. */
async function listenPlainly(): Promise<Finding> {
  const test = await openTestApp();
  const way = await connectThrough("transaction", test, []);
  const listener = new pg.Client({ connectionString: way.settings.LISTEN_URL ?? "" });
  try {
    await listener.connect();
    let heard = 0;
    listener.on("notification", () => (heard += 1));
    await listener.query("listen plainly");
    for (let times = 0; times < 20; times++) await test.db.owner.query("notify plainly");
    await sleep(2_000);
    return { promise: "plainly", figure: `20 announced, ${heard} heard`, holds: heard === 20 };
  } finally {
    await listener.end();
    await way.close();
    await test.close();
  }
}
