// Where a backup comes from and goes to: the embedded database or the operator's own.
import type { Client } from "pg";
import type { Place } from "../../platform/config.ts";
import { lookAtEmbeddedPostgres, startEmbeddedPostgres } from "../embedded.ts";
import { connect, embeddedName } from "../prepareDatabase.ts";
import { BackupError } from "./backupError.ts";

/**
 * Runs `work` on an installation's database as its owner, whether the app runs or not.
 * @throws BackupError if there is no database yet
 */
export async function withDatabase<T>(place: Place, work: (owner: Client) => Promise<T>): Promise<T> {
  if (place.ownerUrl) return withClient(place.ownerUrl, work);
  const state = await lookAtEmbeddedPostgres(place.dataDir);
  if (state.is === "missing") throw new BackupError(`There is no database in ${place.dataDir} yet.`);
  if (state.is === "running") return withClient(embeddedUrl(state.adminUrl), work);
  const server = await startEmbeddedPostgres({ dataDir: place.dataDir });
  try {
    return await withClient(embeddedUrl(server.adminUrl), work);
  } finally {
    await server.stop();
  }
}

/**
 * Runs `work` on a database to be filled. An embedded one is created, and removed again if the work fails; the app must
 * not run. The operator's own must exist.
 */
export async function withNewDatabase<T>(place: Place, work: (owner: Client) => Promise<T>): Promise<T> {
  if (place.ownerUrl) return withClient(place.ownerUrl, work);
  const server = await startEmbeddedPostgres({ dataDir: place.dataDir });
  try {
    return await withNewEmbedded(server.adminUrl, work);
  } finally {
    await server.stop();
  }
}

/** Creates the app's database on the embedded server. */
export async function withNewEmbedded<T>(adminUrl: string, work: (owner: Client) => Promise<T>): Promise<T> {
  return withClient(adminUrl, async (admin) => {
    const { rowCount } = await admin.query("select from pg_database where datname = $1", [embeddedName]);
    if (rowCount) {
      throw new BackupError(
        "There is a database already. Move its data folder away, or set DATA_DIR to a new one, and try again.",
      );
    }
    await admin.query(`create database ${embeddedName}`);
    try {
      return await withClient(embeddedUrl(adminUrl), work);
    } catch (error) {
      await admin.query(`drop database ${embeddedName} with (force)`);
      throw error;
    }
  });
}

export function embeddedUrl(adminUrl: string): string {
  return Object.assign(new URL(adminUrl), { pathname: `/${embeddedName}` }).href;
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url, "The database cannot be reached");
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
