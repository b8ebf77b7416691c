import pg from "pg";
import type { TestProject } from "vitest/node";
import { startThrowawayPostgres } from "../embeddedPostgres.ts";
import { queueRole } from "../jobs/queueRole.ts";
import { migrate } from "../migrate.ts";
import { openLogin } from "../prepareDatabase.ts";
import { templateName } from "./templateName.ts";

/** One real PostgreSQL for the whole run, with a migrated template that each test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startThrowawayPostgres();
  const admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
  await admin.query(`create database ${templateName}`);
  const templateUrl = new URL(server.adminUrl);
  templateUrl.pathname = `/${templateName}`;
  const template = new pg.Client({ connectionString: templateUrl.href });
  await template.connect();
  await migrate(template);
  await template.end();

  project.provide("postgres", {
    adminUrl: server.adminUrl,
    appUrl: await openLogin(admin, new URL(server.adminUrl), "matepeak_app"),
    accountsUrl: await openLogin(admin, new URL(server.adminUrl), "matepeak_auth"),
    queueUrl: await openLogin(admin, new URL(server.adminUrl), queueRole),
  });
  await admin.end();
  return () => server.stop();
}

declare module "vitest" {
  interface ProvidedContext {
    postgres: { adminUrl: string; appUrl: string; accountsUrl: string; queueUrl: string };
  }
}
