import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { startEmbeddedPostgres } from "../../server/postgres/embedded.ts";
import { givePostgres, postgresUrls } from "../../server/testing/postgres.ts";
import { fillPostgres } from "../../server/testing/startPostgres.ts";
import { openTestApp } from "../../server/testing/testApp.ts";
import type { Finding } from "../proof.ts";
import { asTwin } from "../rounds.ts";
import { findingOf } from "./appKills.ts";
import { type Attempt, askUntilCut, check, planAttempts, type Seen } from "./attempts.ts";
import { startVictim } from "./victim.ts";

export async function killThePostgres(): Promise<Finding[]> {
  return [
    await killRounds("PostgreSQL is killed under load", 3),
    asTwin(
      "a database that acknowledges commits before they are on disk loses acknowledged bookings",
      await killRounds("acknowledged too early", 1, [
        // The database's setting goes before the server's, which the command line gives.
        "do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$",
        "alter system set wal_writer_delay = '10s'",
        "alter system set wal_writer_flush_after = '1GB'",
        "select pg_reload_conf()",
      ]),
    ),
  ];
}

/** A separate, durable server, as `npm start` runs it. */
async function killRounds(promise: string, rounds: number, loosen: readonly string[] = []): Promise<Finding> {
  const startedAt = performance.now();
  const dataDir = mkdtempSync(join(tmpdir(), "matepeak-kills-"));
  chmodSync(dataDir, 0o711);
  let server = await startEmbeddedPostgres({ dataDir });
  const usual = postgresUrls();
  givePostgres(await fillPostgres(server.adminUrl));
  const total: Seen = { acknowledged: 0, found: 0, faults: [] };
  try {
    for (let round = 0; round < rounds; round++) {
      // The app of this process only arranges: it lets go of the server before that is killed.
      const test = await openTestApp();
      const people = await test.signUpCrowd(8);
      const { mentor, attempts } = await planAttempts(test, people, 64);
      for (const statement of loosen) await test.db.owner.query(statement);
      await test.app.close();
      await test.db.database.close();
      await test.db.owner.end();
      const urlNow = () => Object.assign(new URL(test.db.ownerUrl), { port: String(server.port) }).href;

      await killWhileAsked(urlNow(), dataDir, attempts);
      await server.stop();
      server = await startEmbeddedPostgres({ dataDir });
      givePostgres(withPort(postgresUrls(), server.port));

      const owner = new pg.Client({ connectionString: urlNow() });
      await owner.connect();
      const app = await startVictim("main", urlNow());
      const seen = await check(owner, mentor, attempts, app.address);
      await app.kill();
      await owner.end();
      total.acknowledged += seen.acknowledged;
      total.found += seen.found;
      total.faults.push(...seen.faults);
    }
  } finally {
    givePostgres(usual);
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  return findingOf(promise, rounds, total, startedAt);
}

async function killWhileAsked(url: string, dataDir: string, attempts: readonly Attempt[]): Promise<void> {
  const app = await startVictim("main", url);
  const asked = askUntilCut(attempts, app.address);
  while (attempts.filter(({ id }) => id !== undefined).length < 8) await sleep(2);
  const [pid] = readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n");
  process.kill(Number(pid), "SIGKILL");
  await asked;
  await app.kill();
}

function withPort<Urls extends object>(urls: Urls, port: number): Urls {
  const moved = Object.entries(urls).map(([name, url]) => [
    name,
    Object.assign(new URL(String(url)), { port: String(port) }).href,
  ]);
  return Object.fromEntries(moved) as Urls;
}
