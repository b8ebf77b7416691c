import { randomUUID } from "node:crypto";
import pg from "pg";

export interface Machine {
  host: string;
  port: number;
}

/** The database of a Citus coordinator that `npm run distribute` has distributed. */
export interface Cluster {
  /** Of the coordinator, as the schema's owner. */
  owner: pg.Client;
  workers: readonly Machine[];
  students: readonly string[];
  /** Makes a mentor with a service, the mentor's hours being no matter of the database. */
  makeMentor(): Promise<{ mentor: string; service: string }>;
  /** Runs work for each of the items at once, on connections to all machines in turn. */
  all<Item, T>(items: readonly Item[], work: (client: pg.PoolClient, item: Item) => Promise<T>): Promise<T[]>;
  close(): Promise<void>;
}

/** Connections to each machine. */
const connections = 8;

/** @param url as the schema's owner */
export async function openCluster(url: string, crowd: number): Promise<Cluster> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  const { rows: machines } = await owner.query<Machine & { is_worker: boolean }>(
    "select nodename as host, nodeport as port, groupid <> 0 as is_worker from pg_dist_node where isactive order by nodeid",
  );
  const pools = machines.map(({ host, port }) => {
    const connectionString = Object.assign(new URL(url), { host: `${host}:${port}` }).href;
    // A machine that is asked directly passes the claims on only if it is told to.
    const options = "-c citus.propagate_set_commands=local";
    return new pg.Pool({ connectionString, max: connections, options }).on("error", () => undefined);
  });
  const { rows } = await owner.query<{ id: string }>(
    `insert into auth.users (id, name, email, email_verified)
     select id, 'Student', id || '@example.com', true from unnest($1::uuid[]) id returning id`,
    [Array.from({ length: crowd }, () => randomUUID())],
  );
  return {
    owner,
    workers: machines.filter(({ is_worker }) => is_worker),
    students: rows.map(({ id }) => id),
    makeMentor: () => makeMentor(owner),
    all: (items, work) =>
      Promise.all(
        items.map(async (item, index) => {
          const client = await pools[index % pools.length]!.connect();
          try {
            return await work(client, item);
          } finally {
            client.release();
          }
        }),
      ),
    close: async () => {
      await Promise.all([owner.end(), ...pools.map((pool) => pool.end())]);
    },
  };
}

async function makeMentor(owner: pg.Client): Promise<{ mentor: string; service: string }> {
  const [mentor, service] = [randomUUID(), randomUUID()];
  await owner.query(
    "insert into auth.users (id, name, email, email_verified) values ($1, 'Mentor', $2, true)",
    [mentor, `${mentor}@example.com`],
  );
  await owner.query(
    "insert into public.expert_profiles (id, username, full_name, timezone) values ($1, $2, 'Mentor', 'Asia/Kolkata')",
    [mentor, `m-${mentor.slice(0, 8)}`],
  );
  await owner.query(
    `insert into public.services (id, expert_id, session_type, title, capacity)
     values ($1, $2, 'oneOnOneSession', 'One to one', 1)`,
    [service, mentor],
  );
  await owner.query(
    "insert into public.service_durations (service_id, expert_id, minutes, price_minor) values ($1, $2, 60, 50000)",
    [service, mentor],
  );
  return { mentor, service };
}

/** A transaction as a person. The role is set by a function, because `set local role` would also reach what runs as the owner. */
export async function as<T>(
  client: pg.PoolClient,
  role: "authenticated" | "matepeak_app",
  person: string,
  work: () => Promise<T>,
): Promise<T> {
  await client.query("begin");
  try {
    await client.query("select set_config('role', $1, true)", [role]);
    await client.query(`set local request.jwt.claims = '${JSON.stringify({ sub: person, role })}'`);
    await client.query("set local matepeak.announces = later");
    const answer = await work();
    await client.query("commit");
    return answer;
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}
