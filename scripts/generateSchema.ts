// `npm run db:generate`: writes what the migrations make of an empty database into db/, once as row types and once as
// a description to read and to diff. db/tests/generatedFiles.test.ts fails while the two are out of date. While the
// baseline is the only migration it is composed again from the `tables.sql` files.
import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { describeSchema } from "../db/describeSchema.ts";
import { describeTypes } from "../db/describeTypes.ts";
import { baselineFile, composeTables, readMigrations } from "../db/schemaFiles.ts";
import { startThrowawayPostgres } from "../server/postgres/embedded.ts";
import { migrate } from "../server/postgres/migrate.ts";

const folder = new URL("../db/", import.meta.url);
if ((await readMigrations()).length <= 1) await writeFile(baselineFile, await composeTables());
const server = await startThrowawayPostgres();
const owner = new pg.Client({ connectionString: server.adminUrl });
try {
  await owner.connect();
  await migrate(owner);
  await writeFile(new URL("schema.snapshot.sql", folder), await describeSchema(owner));
  await writeFile(new URL("types.gen.ts", folder), await describeTypes(server.adminUrl));
  await untilAlone();
} finally {
  await owner.end();
  await server.stop();
}

/** Waits for connections that are closing: one that the server ends first reports an error that nothing handles. */
async function untilAlone(): Promise<void> {
  const others =
    "select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";
  for (let tries = 0; tries < 100 && (await owner.query(others)).rowCount; tries++) await sleep(20);
}
