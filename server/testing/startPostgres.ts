import pg from "pg";
import { queueRole } from "../platform/database/queueRole.ts";
import { startThrowawayPostgres } from "../postgres/embedded.ts";
import { migrate } from "../postgres/migrate.ts";
import { openLogin } from "../postgres/prepareDatabase.ts";
import type { PostgresUrls } from "./postgres.ts";
import { templateName } from "./templateName.ts";

/** A real PostgreSQL that is thrown away, with a migrated template for openTestDatabase() to clone. */
export async function startPostgres(): Promise<{ urls: PostgresUrls; stop: () => Promise<void> }> {
  const server = await startThrowawayPostgres();
  const urls = { ...(await fillPostgres(server.adminUrl)), socketFolder: server.socketFolder };
  return { urls, stop: () => server.stop() };
}

/** Puts the migrated template into an empty server and opens the logins of tests. */
export async function fillPostgres(adminUrl: string): Promise<PostgresUrls> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`create database ${templateName}`);
  const templateUrl = new URL(adminUrl);
  templateUrl.pathname = `/${templateName}`;
  const template = new pg.Client({ connectionString: templateUrl.href });
  await template.connect();
  await migrate(template);
  await template.end();

  const urls = {
    adminUrl,
    appUrl: await openLogin(admin, new URL(adminUrl), "matepeak_app"),
    accountsUrl: await openLogin(admin, new URL(adminUrl), "matepeak_auth"),
    queueUrl: await openLogin(admin, new URL(adminUrl), queueRole),
  };
  await admin.end();
  return urls;
}
