// `npm run db:generate`: writes what the migrations make of an empty database into db/, once as row types and once as
// a description to read and to diff. db/tests/generatedFiles.test.ts fails while the two are out of date.
import { writeFile } from "node:fs/promises";
import pg from "pg";
import { describeSchema } from "../db/describeSchema.ts";
import { describeTypes } from "../db/describeTypes.ts";
import { startThrowawayPostgres } from "../server/postgres/embedded.ts";
import { migrate } from "../server/postgres/migrate.ts";

const folder = new URL("../db/", import.meta.url);
const server = await startThrowawayPostgres();
const owner = new pg.Client({ connectionString: server.adminUrl });
try {
  await owner.connect();
  await migrate(owner);
  await writeFile(new URL("schema.snapshot.sql", folder), await describeSchema(owner));
  await writeFile(new URL("types.gen.ts", folder), await describeTypes(server.adminUrl));
} finally {
  await owner.end();
  await server.stop();
}
