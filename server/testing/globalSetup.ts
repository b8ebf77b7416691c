import type { TestProject } from "vitest/node";
import type { PostgresUrls } from "./postgres.ts";
import { startPostgres } from "./startPostgres.ts";

/** Starts one real PostgreSQL for the whole run, with a migrated template that each test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { urls, stop } = await startPostgres();
  project.provide("postgres", urls);
  return stop;
}

declare module "vitest" {
  interface ProvidedContext {
    postgres: PostgresUrls;
  }
}
