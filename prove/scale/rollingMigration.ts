import { setTimeout as sleep } from "node:timers/promises";
import { migrate, readSchemaFiles } from "../../server/postgres/migrate.ts";
import { ledgerFaults } from "../../server/testing/ledger.ts";
import { openTestApp } from "../../server/testing/testApp.ts";
import { planAttempts } from "../crashes/attempts.ts";
import { startVictim, type Victim } from "../crashes/victim.ts";
import type { Finding, Scale } from "../proof.ts";
import { asTwin } from "../rounds.ts";
import { type Answers, startLoad } from "./load.ts";

/** What next versions add: columns of the tables that are read and written most, a table, an index, another function. */
const additions = [
  `alter table public.bookings add column next_version_note text;
   alter table public.expert_profiles add column next_version_motto text not null default ''`,
  `create table private.next_version_things (id uuid primary key default private.uuid_v7(), note text);
   alter table private.next_version_things enable row level security;
   comment on table private.next_version_things is 'Of the next version.';
   alter table public.occupancies add column next_version_note text;
   alter table public.services add column next_version_note text`,
  `create index next_version_idx on public.bookings (expert_id, created_at);
   alter table auth.users add column next_version_note text;
   alter table auth.sessions add column next_version_note text`,
];

/** What the old version still reads is gone. */
const contraction = ["alter table public.expert_profiles rename column headline to tagline"];

export async function migrateUnderLoad(scale: Scale): Promise<Finding[]> {
  const migrations = scale === "long" ? additions : additions.slice(0, 1);
  return [
    await rounds("A migration that adds, applied while two apps serve, fails no request", migrations, true),
    asTwin(
      "a migration that renames what the old version reads fails requests",
      await rounds("renamed", contraction, false),
    ),
  ];
}

/** Two apps of the old version serve while a newer one migrates; then one of them is replaced by a process that starts after it. */
async function rounds(promise: string, migrations: readonly string[], restarts: boolean): Promise<Finding> {
  const test = await openTestApp();
  const apps: Victim[] = [];
  try {
    const people = await test.signUpCrowd(25);
    const { mentor, attempts } = await planAttempts(test, people, 100);
    const start = () => startVictim("main", test.db.ownerUrl, { MIGRATE: "off", DRAIN_SECONDS: "1" });
    apps.push(await start(), await start());
    let addresses = apps.map(({ address }) => address);
    const stop = startLoad({ people, mentor, attempts, addresses: () => addresses });
    await sleep(1_500);
    const took: number[] = [];
    for (const [index, sql] of migrations.entries()) {
      const startedAt = performance.now();
      await migrate(test.db.owner, {
        files: await filesWith(index + 1 === migrations.length ? migrations : migrations.slice(0, index + 1)),
      });
      took.push(Math.round(performance.now() - startedAt));
      if (!sql) throw new Error("There is nothing to migrate.");
      await sleep(1_500);
    }
    if (restarts) {
      // A process of the old version that starts now serves too, and changes nothing.
      apps.push(await start());
      addresses = [addresses[0]!, apps[2]!.address];
      await sleep(1_500);
    }
    return await findingOf(promise, await stop(), took, await ledgerFaults(test.db.owner), attempts, test);
  } finally {
    for (const app of apps) await app.kill();
    await test.close();
  }
}

/** The files of a version that brings these migrations; every logic file is then applied again, under its locks. */
async function filesWith(added: readonly string[]) {
  const { migrations, logic } = await readSchemaFiles();
  const newer = added.map((sql, index) => ({
    name: `${String(9001 + index)}_next_version.sql`,
    sql,
    checksum: sql,
  }));
  const isRenamed = added === contraction;
  const following = logic.map((file) =>
    isRenamed ? { ...file, sql: file.sql.replaceAll(/\bheadline\b/g, "tagline") } : file,
  );
  return { migrations: [...migrations, ...newer], logic: following };
}

async function findingOf(
  promise: string,
  { requests, booked, failures, longest }: Answers,
  took: readonly number[],
  faults: readonly unknown[],
  attempts: readonly { id?: string }[],
  test: Awaited<ReturnType<typeof openTestApp>>,
): Promise<Finding> {
  const ids = attempts.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const { rowCount: found } = await test.db.owner.query("select from bookings where id = any($1)", [ids]);
  const said = [...new Set(failures)].slice(0, 3).join("; ");
  return {
    promise,
    figure:
      `${took.length} migrations of ${took.join(", ")} ms · ${requests} requests, ${failures.length} failed${said && ` (${said})`}` +
      ` · ${booked} booked, ${found} found, ${faults.length} faults in the ledger · longest request ${Math.round(longest)} ms`,
    holds: failures.length === 0 && found === booked && booked > 0 && faults.length === 0,
  };
}
