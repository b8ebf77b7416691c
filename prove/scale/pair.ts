import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../server/testing/freePort.ts";
import { givePostgres, postgresUrls } from "../../server/testing/postgres.ts";
import { fillPostgres } from "../../server/testing/startPostgres.ts";
import { askServer, openWorkshop, until, type Workshop } from "./postgresTools.ts";

const settings = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
timezone = 'UTC'
`;

/** One server of a pair, and where its files are. */
export interface Server {
  data: string;
  port: number;
  url: string;
}

export interface Pair {
  workshop: Workshop;
  primary: Server;
  /** Makes a standby of a server from a base backup, which streams from then on. @param delay ms that it is behind at least */
  follow(server: Server, name: string, delay: number): Promise<Server>;
  /** The URL of a database on some servers: with several, several hosts. */
  urlOf(database: string, ...servers: readonly Server[]): string;
  close(): Promise<void>;
}

/** A server of the machine's own PostgreSQL with the migrated template, which tests use until it is closed. */
export async function openPair(): Promise<Pair> {
  const workshop = await openWorkshop();
  const usual = postgresUrls();
  const started = new Set<Server>();
  const startAt = async (data: string, port: number): Promise<Server> => {
    await workshop.start(data, port);
    const server = { data, port, url: `postgres://postgres@127.0.0.1:${port}/postgres` };
    started.add(server);
    return server;
  };
  const close = async () => {
    givePostgres(usual);
    for (const { data } of started) await workshop.stop(data).catch(() => undefined);
    workshop.close();
  };
  try {
    const data = join(workshop.folder, "primary");
    await workshop.run("initdb", [
      ...["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
    ]);
    appendFileSync(join(data, "postgresql.conf"), settings);
    const primary = await startAt(data, workshop.port);
    givePostgres(await fillPostgres(primary.url));
    return {
      workshop,
      primary,
      follow: async (server, name, delay) => {
        const copy = join(workshop.folder, name);
        const place = ["-h", "127.0.0.1", "-p", String(server.port), "-U", "postgres"];
        await workshop.run("pg_basebackup", [...place, "-D", copy, "-R", "-X", "stream", "-c", "fast"]);
        appendFileSync(
          join(copy, "postgresql.auto.conf"),
          `cluster_name = '${name}'\nrecovery_min_apply_delay = '${delay}ms'\nsynchronous_standby_names = ''\n`,
        );
        const standby = await startAt(copy, await freePort("127.0.0.1"));
        const streams = `select from pg_stat_replication where application_name = '${name}'`;
        await until(
          "The stream of the log",
          async () => (await askServer(server.url, streams)) !== undefined,
        );
        return standby;
      },
      urlOf: (database, ...servers) =>
        `postgres://postgres@${servers.map(({ port }) => `127.0.0.1:${port}`).join(",")}/${database}`,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
