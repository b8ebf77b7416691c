import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { ledgerFaults } from "../../server/testing/ledger.ts";
import { openTestApp, type TestApp } from "../../server/testing/testApp.ts";
import { type Attempt, ask, planAttempts } from "../crashes/attempts.ts";
import { startVictim, type Victim } from "../crashes/victim.ts";
import type { Finding } from "../proof.ts";
import { asTwin } from "../rounds.ts";
import { openPair, type Pair, type Server } from "./pair.ts";
import { askServer, until } from "./postgresTools.ts";
import { readFromReplica } from "./replica.ts";

/** A pair of servers: reads from the standby, then the primary is lost under load and the standby takes its place. */
export async function outliveThePrimary(): Promise<Finding[]> {
  const pair = await openPair();
  try {
    const test = await openTestApp();
    const people = await test.signUpCrowd(16);
    const standby = await pair.follow(pair.primary, "standby", 300);
    const read = await readFromReplica(pair, test, standby);
    const [planned, again] = [await planAttempts(test, people, 100), await planAttempts(test, people, 20)];
    const name = new URL(test.db.ownerUrl).pathname.slice(1);
    await askServer(standby.url, "alter system set recovery_min_apply_delay = 0");
    await askServer(standby.url, "select pg_reload_conf()");
    await askServer(pair.primary.url, "alter system set synchronous_standby_names = 'standby'");
    await askServer(pair.primary.url, "select pg_reload_conf()");
    await close(test);
    const over = await failOver(pair, name, pair.primary, standby, planned.attempts);
    const third = await pair.follow(standby, "third", 0);
    return [
      ...read,
      over,
      asTwin(
        "an asynchronous standby whose stream is cut loses what was acknowledged",
        await loseTheLast(pair, name, standby, third, again.attempts),
      ),
    ];
  } finally {
    await pair.close();
  }
}

/** The app of this process only arranges; it does not survive the server. */
async function close(test: TestApp): Promise<void> {
  await test.app.close();
  await test.db.database.close();
  await test.db.owner.end();
}

async function failOver(
  pair: Pair,
  name: string,
  primary: Server,
  standby: Server,
  attempts: Attempt[],
): Promise<Finding> {
  const url = pair.urlOf(name, primary, standby);
  const apps: Victim[] = [];
  try {
    for (let n = 0; n < 2; n++) apps.push(await startVictim("main", url, { MIGRATE: "off" }));
    const refused = new Set<string>();
    let turn = 0;
    let firstAfter: number | undefined;
    let promotedAt = Number.POSITIVE_INFINITY;
    const left = [...attempts];
    const book = async () => {
      for (let attempt = left.shift(); attempt; attempt = left.shift()) {
        // The same key again until there is an answer: it is booked once.
        for (let tries = 1; attempt.id === undefined && tries <= 400; tries++) {
          turn += 1;
          const answer = await ask(attempt, apps[turn % apps.length]!.address);
          if (typeof answer === "string") {
            refused.add(answer);
            await sleep(50);
            continue;
          }
          attempt.id = answer.id;
          if (performance.now() > promotedAt) firstAfter ??= performance.now();
        }
        await sleep(30);
      }
    };
    const booking = Promise.all([book(), book(), book(), book()]);
    await until("A third of the bookings", async () => left.length < (attempts.length * 2) / 3);
    const before = attempts.filter(({ id }) => id !== undefined).length;
    await pair.workshop.stop(primary.data);
    await promote(pair, standby);
    promotedAt = performance.now();
    await booking;
    const { kept, faults } = await countOn(pair, name, standby, attempts);
    const acknowledged = attempts.filter(({ id }) => id !== undefined).length;
    const restarts = apps.filter((app) => app.ended() !== undefined).length;
    return {
      promise:
        "The primary is lost under load and a synchronous standby promoted: no acknowledged booking is lost, and no app is restarted",
      figure:
        `${acknowledged} acknowledged (${before} before), ${acknowledged - kept} lost, ${faults} faults in the ledger · ` +
        `first booking ${Math.round((firstAfter ?? Number.NaN) - promotedAt)} ms after the promotion · meanwhile: ${[...refused].join(", ")} · ${restarts} restarts`,
      holds:
        kept === acknowledged &&
        acknowledged === attempts.length &&
        before > 0 &&
        faults === 0 &&
        restarts === 0 &&
        [...refused].every((answer) => answer === "answered 503"),
    };
  } finally {
    for (const app of apps) await app.kill();
  }
}

/** Nothing waits for the standby, and it gets nothing more. */
async function loseTheLast(
  pair: Pair,
  name: string,
  primary: Server,
  standby: Server,
  attempts: Attempt[],
): Promise<Finding> {
  const app = await startVictim("main", pair.urlOf(name, primary, standby), { MIGRATE: "off" });
  try {
    await askServer(standby.url, "alter system set primary_conninfo = ''");
    await askServer(standby.url, "select pg_reload_conf()");
    await until(
      "The end of the stream",
      async () => (await askServer(primary.url, "select from pg_stat_replication")) === undefined,
    );
    for (const attempt of attempts) {
      const answer = await ask(attempt, app.address);
      if (typeof answer !== "string") attempt.id = answer.id;
    }
    await pair.workshop.stop(primary.data);
    await promote(pair, standby);
    const { kept } = await countOn(pair, name, standby, attempts);
    const acknowledged = attempts.filter(({ id }) => id !== undefined).length;
    return {
      promise: "asynchronous",
      figure: `${acknowledged} acknowledged, ${acknowledged - kept} lost`,
      holds: kept === acknowledged,
    };
  } finally {
    await app.kill();
  }
}

async function promote({ workshop }: Pair, { data, url }: Server): Promise<void> {
  await workshop.run("pg_ctl", ["promote", "-D", data, "-w"]);
  await until(
    "The promotion",
    async () => (await askServer<{ is: boolean }>(url, "select pg_is_in_recovery() as is"))?.is === false,
  );
}

async function countOn(pair: Pair, name: string, server: Server, attempts: readonly Attempt[]) {
  const owner = new pg.Client({ connectionString: pair.urlOf(name, server) });
  await owner.connect();
  try {
    const ids = attempts.flatMap(({ id }) => (id === undefined ? [] : [id]));
    const { rowCount } = await owner.query("select from bookings where id = any($1)", [ids]);
    return { kept: rowCount ?? 0, faults: (await ledgerFaults(owner)).length };
  } finally {
    await owner.end();
  }
}
