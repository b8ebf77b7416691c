import { once } from "node:events";
import { appendFileSync, cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { ledgerFaults } from "../../server/testing/ledger.ts";
import { givePostgres, postgresUrls } from "../../server/testing/postgres.ts";
import { fillPostgres } from "../../server/testing/startPostgres.ts";
import { openTestApp } from "../../server/testing/testApp.ts";
import { type Attempt, ask, planAttempts } from "../crashes/attempts.ts";
import { startVictim } from "../crashes/victim.ts";
import type { Finding } from "../proof.ts";
import { asTwin } from "../rounds.ts";
import { askServer, openWorkshop, until, type Workshop } from "./postgresTools.ts";

const settings = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
timezone = 'UTC'
`;

interface Disaster {
  workshop: Workshop;
  /** The database's name. */
  name: string;
  base: string;
  wal: string;
  /** Booked before the mark, and after it. */
  before: Attempt[];
  after: Attempt[];
  mark: string;
}

/** A base backup and the log as it is written, kept elsewhere, are what a lost server is made again from. */
export async function recoverFromDisaster(): Promise<Finding[]> {
  const workshop = await openWorkshop();
  const usual = postgresUrls();
  try {
    const disaster = await loseServer(workshop);
    const { before, after, mark } = disaster;
    const all = [...before, ...after];
    return [
      await restored(disaster, {
        promise: "A lost server is restored to the moment of its end: no acknowledged booking is lost",
        there: all,
        gone: [],
      }),
      await restored(disaster, {
        promise: "A server is restored to a moment: what was booked before is there, what came after is not",
        there: before,
        gone: after,
        target: mark,
      }),
      asTwin(
        "without the log, what was booked since the base backup is lost",
        await restored(disaster, { promise: "base alone", there: all, gone: [], withoutLog: true }),
      ),
    ];
  } finally {
    givePostgres(usual);
    workshop.close();
  }
}

/** Books on a server whose log is streamed elsewhere, then kills it without warning and removes its files. */
async function loseServer(workshop: Workshop): Promise<Disaster> {
  const { url, port, run, begin, start, stop, makeFolder } = workshop;
  const [data, base, wal] = [join(workshop.folder, "data"), join(workshop.folder, "base"), makeFolder("wal")];
  await run("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]);
  appendFileSync(join(data, "postgresql.conf"), settings);
  await start(data);
  await askServer(url, "select pg_create_physical_replication_slot('log', true)");
  const place = ["-h", "127.0.0.1", "-p", String(port), "-U", "postgres"];
  const receiver = begin("pg_receivewal", [...place, "-D", wal, "-S", "log", "--synchronous", "--no-loop"]);
  const streams = "select from pg_stat_replication where application_name = 'pg_receivewal'";
  await until("The stream of the log", async () => (await askServer(url, streams)) !== undefined);
  // From here on a commit is acknowledged when it is in two places.
  await askServer(url, "alter system set synchronous_standby_names = 'pg_receivewal'");
  await askServer(url, "select pg_reload_conf()");

  givePostgres(await fillPostgres(url));
  const test = await openTestApp();
  const people = await test.signUpCrowd(16);
  const { attempts } = await planAttempts(test, people, 60);
  const name = new URL(test.db.ownerUrl).pathname.slice(1);
  await run("pg_basebackup", [...place, "-D", base, "-X", "none", "-c", "fast"]);

  const app = await startVictim("main", test.db.ownerUrl);
  const book = async (some: Attempt[]) => {
    for (const attempt of some) {
      const answer = await ask(attempt, app.address);
      if (typeof answer === "string") throw new Error(`A booking was ${answer}`);
      attempt.id = answer.id;
    }
    return some;
  };
  const before = await book(attempts.slice(0, 30));
  const found = await askServer<{ mark: string }>(url, "select clock_timestamp()::text as mark");
  await sleep(50);
  const after = await book(attempts.slice(30));
  // The app of this process only arranges; it does not survive the server.
  await test.app.close();
  await test.db.database.close();
  await test.db.owner.end();
  await stop(data);
  await app.kill();
  if (receiver.exitCode === null) {
    receiver.kill("SIGTERM");
    await once(receiver, "exit");
  }
  rmSync(data, { recursive: true });
  return { workshop, name, base, wal, before, after, mark: found?.mark ?? "" };
}

interface Restoring {
  promise: string;
  there: readonly Attempt[];
  gone: readonly Attempt[];
  /** Up to when; the end of the log if left out. */
  target?: string;
  /** The log of the base backup alone, without which it does not start. */
  withoutLog?: boolean;
}

async function restored(
  { workshop, name, base, wal }: Disaster,
  { promise, there, gone, target, withoutLog = false }: Restoring,
): Promise<Finding> {
  const startedAt = performance.now();
  const { folder, run, start, stop, own, url } = workshop;
  const data = join(folder, "restored");
  await run("/bin/cp", ["-a", base, data]);
  const log = withoutLog ? firstSegments(workshop, wal) : wal;
  // The segment that was being written is kept under another name.
  appendFileSync(
    join(data, "postgresql.auto.conf"),
    `synchronous_standby_names = ''
restore_command = 'cp ${log}/%f %p || cp ${log}/%f.partial %p'
${target ? `recovery_target_time = '${target}'\nrecovery_target_action = 'promote'\n` : ""}`,
  );
  writeFileSync(join(data, "recovery.signal"), "");
  own(join(data, "recovery.signal"));
  await start(data);
  try {
    const recovering = "select pg_is_in_recovery() as is";
    await until(
      "The promotion",
      async () => (await askServer<{ is: boolean }>(url, recovering))?.is === false,
    );
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const ownerUrl = Object.assign(new URL(url), { pathname: `/${name}` }).href;
    const owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
    const count = async (some: readonly Attempt[]): Promise<number> =>
      (await owner.query("select from bookings where id = any($1)", [some.map(({ id }) => id)])).rowCount ??
      0;
    const [kept, late, faults] = [await count(there), await count(gone), await ledgerFaults(owner)];
    const again = await bookAgain(ownerUrl, gone);
    await owner.end();
    return {
      promise,
      figure:
        `${kept} of ${there.length} booked are there, ${late} of ${gone.length} later ones · ${faults.length} faults in the ledger` +
        `${gone.length > 0 ? ` · ${again} of them booked again` : ""} · restored in ${seconds} s`,
      holds: kept === there.length && late === 0 && faults.length === 0 && again === gone.length,
    };
  } finally {
    await stop(data);
    rmSync(data, { recursive: true });
  }
}

/** The app serves the restored database: what it no longer has can be booked. */
async function bookAgain(ownerUrl: string, attempts: readonly Attempt[]): Promise<number> {
  if (attempts.length === 0) return 0;
  const app = await startVictim("main", ownerUrl);
  let booked = 0;
  for (const { person, key, body } of attempts) {
    const answer = await ask({ person, key, body }, app.address);
    if (typeof answer !== "string") booked += 1;
  }
  await app.kill();
  return booked;
}

/** As if the stream had ended with the base backup: PostgreSQL needs the log up to there. */
function firstSegments({ makeFolder, own }: Workshop, wal: string): string {
  const some = makeFolder("first");
  const names = readdirSync(wal).filter((name) => /^[0-9A-F]{24}$/.test(name));
  for (const name of names.sort()) {
    cpSync(join(wal, name), join(some, name));
    own(join(some, name));
  }
  return some;
}
