import { setTimeout as sleep } from "node:timers/promises";
import { migrate, readSchemaFiles } from "../../server/postgres/migrate.ts";
import type { Finding, Scale } from "../proof.ts";
import { asTwin } from "../rounds.ts";
import { onStack, type Stack } from "./stack.ts";
import { playUnderLoad } from "./underLoad.ts";

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

/** Two apps and a worker of the old version serve while a newer one migrates. */
export async function migrateUnderLoad(scale: Scale): Promise<Finding[]> {
  const migrations = scale === "long" ? additions : additions.slice(0, 1);
  return [
    await onStack((stack) =>
      playUnderLoad(
        "A migration that adds, applied while two apps and a worker serve behind nginx, fails no request",
        stack,
        async () => {
          const took = await migrateEach(stack, migrations);
          // A process of the old version that starts now serves too, and changes nothing.
          await stack.replace(0, "SIGTERM", true);
          await sleep(1_500);
          return took;
        },
      ),
    ),
    asTwin(
      "a migration that renames what the old version reads fails requests",
      await onStack((stack) => playUnderLoad("renamed", stack, () => migrateEach(stack, contraction))),
    ),
  ];
}

/** Migrates as so many versions, one after the other. */
async function migrateEach({ test }: Stack, migrations: readonly string[]): Promise<string> {
  const took: number[] = [];
  for (const index of migrations.keys()) {
    const startedAt = performance.now();
    await migrate(test.db.owner, { files: await filesWith(migrations.slice(0, index + 1)) });
    took.push(Math.round(performance.now() - startedAt));
    await sleep(1_500);
  }
  return `${took.length} ${took.length === 1 ? "migration" : "migrations"} of ${took.join(", ")} ms`;
}

/** The files of a version that brings these migrations; every logic file is then applied again, under its locks. */
async function filesWith(added: readonly string[]) {
  const { migrations, logic } = await readSchemaFiles();
  const newer = added.map((sql, index) => ({
    name: `${String(9001 + index)}_next_version.sql`,
    sql,
    checksum: sql,
  }));
  const isRenamed = added[0] === contraction[0];
  const following = logic.map((file) =>
    isRenamed ? { ...file, sql: file.sql.replaceAll(/\bheadline\b/g, "tagline") } : file,
  );
  return { migrations: [...migrations, ...newer], logic: following };
}
