import type { Client } from "pg";
import { StartupError } from "../../platform/startupError.ts";
import { readCatalogue } from "./catalogue.ts";
import { moveFunctions } from "./functions.ts";
import { requestRoles } from "./ownParts.ts";
import { planDistribution, type Step } from "./plan.ts";
import { findRefusals, type Refusal } from "./refusals.ts";

/** Which tables of this database could not be distributed, and why; on any PostgreSQL. Changes nothing. */
export async function checkDistribution(client: Client): Promise<{ tables: number; refusals: Refusal[] }> {
  const tables = await readCatalogue(client);
  return { tables: tables.length, refusals: findRefusals(tables) };
}

interface Options {
  /** Into how many parts the mentors are divided; each is on one machine. */
  shards: number;
  log: (step: Step) => void;
}

/**
 * Distributes the database to the machines that its Citus knows, all of it or nothing. `client` is the coordinator's owner of
 * the schema. docs/decisions/0077 has what it changes.
 * @throws StartupError before any change
 */
export async function distribute(client: Client, { shards, log }: Options): Promise<void> {
  await requireCluster(client);
  const tables = await readCatalogue(client);
  const refusals = findRefusals(tables);
  if (refusals.length > 0) throw new StartupError(describeRefusals(refusals));
  await prepareSessions(client);
  await client.query("begin");
  try {
    await client.query("set local citus.multi_shard_modify_mode = 'sequential'");
    await client.query("set local citus.enable_unsafe_triggers = on");
    for (const step of planDistribution(tables, await moveFunctions(client, tables), shards)) {
      log(step);
      for (const statement of step.statements) await client.query(statement);
    }
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

export function describeRefusals(refusals: readonly Refusal[]): string {
  return refusals.map(({ table, why }) => `${table}: ${why}`).join("\n");
}

async function requireCluster(client: Client): Promise<void> {
  const { rows } = await client.query<{ extension: boolean }>(
    "select exists (select from pg_extension where extname = 'citus') as extension",
  );
  if (!rows[0]?.extension)
    throw new StartupError("This database has no extension citus; nothing was changed.");
  const { rows: found } = await client.query<{ workers: number; done: boolean }>(
    `select (select count(*)::int from pg_dist_node where groupid <> 0 and isactive) as workers,
       exists (select from pg_dist_partition) as done`,
  );
  if (found[0]?.done) throw new StartupError("This database is distributed already; nothing was changed.");
  if (found[0]?.workers === 0)
    throw new StartupError("Citus knows no workers yet (citus_add_node); nothing was changed.");
}

/** Outside the transaction, because Citus opens connections of its own, with these roles and settings. */
async function prepareSessions(client: Client): Promise<void> {
  for (const role of requestRoles) {
    await client.query("select run_command_on_workers($1)", [
      `do $$ begin if not exists (select from pg_roles where rolname = '${role}') then create role ${role} noinherit; end if; end $$`,
    ]);
    // A machine connects to another one as the role that the statement runs as.
    await client.query(`alter role ${role} login`);
  }
  const { rows } = await client.query<{ name: string }>("select format('%I', current_database()) as name");
  // Triggers beside a mentor's rows ask the coordinator, for example whether an account is closed.
  await client.query(`alter database ${rows[0]?.name} set citus.allow_nested_distributed_execution = on`);
  // Only here: a worker that passes on what it was sent sends its BEGIN again (Citus 13.2).
  await client.query("set citus.enable_ddl_propagation = off");
  await client.query(`alter database ${rows[0]?.name} set citus.propagate_set_commands = 'local'`);
  await client.query("reset citus.enable_ddl_propagation");
}
