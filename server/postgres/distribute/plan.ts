import { escapeIdentifier, escapeLiteral } from "pg";
import type { Key, Link, Table } from "./catalogue.ts";
import { keepDefaults } from "./defaults.ts";
import type { MovedFunctions } from "./functions.ts";
import { followLoose } from "./looseReferences.ts";
import {
  bookingCall,
  enqueueByTray,
  jobTray,
  mentorCalls,
  missingFunctions,
  ownTables,
  usernameDirectory,
} from "./ownParts.ts";
import { keptElsewhere, mentorColumn, type Placement, placementOf, profiles } from "./placement.ts";
import { rewritePolicies } from "./policies.ts";

export interface Step {
  what: string;
  statements: string[];
}

/** The statements that place the tables, in their order; findRefusals() has found nothing. */
export function planDistribution(
  tables: readonly Table[],
  functions: MovedFunctions,
  shards: number,
): readonly Step[] {
  const at = (placement: Placement) => tables.filter((table) => placementOf(table) === placement);
  const mentors = at("mentor");
  const leaving = tables.filter((table) => placementOf(table) !== "coordinator");
  const { touched, kept, loose } = sortReferences(tables);
  const steps: Step[] = [
    {
      // They would take the rows that are copied for new ones.
      what: "Triggers are taken away until the rows are placed.",
      statements: leaving.flatMap((table) =>
        table.triggers.map(({ name }) => `drop trigger ${escapeIdentifier(name)} on ${table.name}`),
      ),
    },
    { what: "Functions wait for the tables whose rows they return.", statements: functions.before },
    {
      what: "References from machine to machine are taken away, and those within a mentor's rows until the rows are placed.",
      statements: touched.map(
        ({ from, name }) => `alter table ${from} drop constraint ${escapeIdentifier(name)}`,
      ),
    },
    { what: "A clean-up follows the references that were taken away.", statements: followLoose(loose) },
    { what: "Policies ask no table by themselves.", statements: tables.flatMap(rewritePolicies) },
    { what: "Primary keys contain the mentor.", statements: mentors.flatMap(promoteKey) },
    {
      what: "What is unique across all mentors is kept elsewhere.",
      statements: mentors.flatMap((table) =>
        table.keys.filter(({ name }) => name in keptElsewhere).map((key) => dropKey(table, key)),
      ),
    },
    { what: "Usernames have a directory.", statements: usernameDirectory },
    { what: "Jobs have a tray.", statements: jobTray },
    {
      what: "Defaults that a writer may not choose are set by triggers.",
      statements: tables.flatMap(keepDefaults),
    },
    {
      what: "Small tables are copied to every machine.",
      statements: at("everywhere").map(({ name }) => `select create_reference_table(${escapeLiteral(name)})`),
    },
    {
      what: "Accounts and directories stay on the coordinator, where every machine reaches them.",
      statements: [...ownTables, ...at("coordinator").map(({ name }) => name)].map(keepOnCoordinator),
    },
    { what: "Mentors' rows are placed by their mentor.", statements: placeMentors(mentors, shards) },
    { what: "References within a mentor's rows are back.", statements: kept.flatMap(addReference) },
    { what: "Functions in SQL that read tables are in PL/pgSQL.", statements: functions.after },
    { what: "Jobs are enqueued by the tray.", statements: enqueueByTray },
    { what: "Every machine has every function.", statements: [missingFunctions] },
    { what: "A booking is one call on its mentor's machine.", statements: bookingCall },
    { what: "So are the other calls about one mentor.", statements: mentorCalls },
  ];
  return withTriggersLast(steps, leaving);
}

function withTriggersLast(steps: readonly Step[], leaving: readonly Table[]): readonly Step[] {
  const isTrigger = (statement: string) => statement.startsWith("create trigger");
  const back = leaving.flatMap((table) => table.triggers.map(({ definition }) => definition));
  const added = steps.flatMap(({ statements }) => statements.filter(isTrigger));
  return [
    ...steps.map(({ what, statements }) => ({
      what,
      statements: statements.filter((statement) => !isTrigger(statement)),
    })),
    { what: "Triggers are back.", statements: [...back, ...added] },
  ];
}

/** Touched are those of rows that leave the coordinator; kept, those that stay on one machine; loose, the others. */
function sortReferences(tables: readonly Table[]): Record<"touched" | "kept" | "loose", Link[]> {
  const where = new Map(tables.map((table) => [table.name, placementOf(table)]));
  const links = tables.flatMap((table) =>
    table.references.map((reference): Link => ({ ...reference, from: table.name })),
  );
  const touched = links.filter(
    ({ from, to }) =>
      where.get(from) === "mentor" ||
      where.get(to) === "mentor" ||
      (where.get(from) === "everywhere" && where.get(to) === "coordinator"),
  );
  const stays = ({ from, to }: Link) => where.get(from) === "mentor" && where.get(to) !== "coordinator";
  return { touched, kept: touched.filter(stays), loose: touched.filter((link) => !stays(link)) };
}

/** With all that its references connect it to: others of the list may be there already. */
function keepOnCoordinator(name: string): string {
  const table = escapeLiteral(name);
  return `select citus_add_local_table_to_metadata(${table}, true)
  where not exists (select from pg_dist_partition where logicalrelid = ${table}::regclass)`;
}

function placeMentors(mentors: readonly Table[], shards: number): string[] {
  const others = mentors.filter(({ name }) => name !== profiles);
  const first = escapeLiteral(profiles);
  return [
    `select create_distributed_table(${first}, 'id', colocate_with => 'none', shard_count => ${shards})`,
    ...others.map(
      ({ name }) =>
        `select create_distributed_table(${escapeLiteral(name)}, 'expert_id', colocate_with => ${first})`,
    ),
  ];
}

function addReference({ from, name, columns, to, onDelete, definition }: Link): string[] {
  const add = `alter table ${from} add constraint ${escapeIdentifier(name)}`;
  if (onDelete !== "set null") return [`${add} ${definition}`];
  // Citus takes no SET NULL of a key with the mentor in it, even if the mentor stays.
  const own = columns.filter((column) => column !== "expert_id").map(escapeIdentifier);
  const target = `private.${escapeIdentifier(`${name}_set_null`)}`;
  return [
    `${add} ${definition.replace(/ ON DELETE SET NULL( \([^)]*\))?/, "")}`,
    `create function ${target}() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  update ${from} set ${own.map((column) => `${column} = null`).join(", ")}
    where ${own.map((column) => `${column} = old.id`).join(" and ")} and expert_id = old.expert_id;
  return old;
end
$$`,
    `revoke execute on function ${target}() from public`,
    `create trigger ${escapeIdentifier(`${name}_set_null`)} before delete on ${to}
  for each row execute function ${target}()`,
  ];
}

/** The primary key gets the mentor's column, and so replaces the unique key that has both. */
function promoteKey(table: Table): string[] {
  const own = mentorColumn(table);
  const primary = table.keys.find((key) => key.primary && !key.columns.includes(own));
  if (!primary) return [];
  const columns = [...primary.columns, own];
  const replaced = table.keys.filter((key) => key.constraint && key.columns.join() === columns.join());
  return [
    ...[primary, ...replaced].map((key) => dropKey(table, key)),
    `alter table ${table.name} add constraint ${escapeIdentifier(primary.name)}
  primary key (${columns.map(escapeIdentifier).join(", ")})`,
  ];
}

function dropKey({ name }: Table, key: Key): string {
  const [schema] = name.split(".");
  return key.constraint
    ? `alter table ${name} drop constraint ${escapeIdentifier(key.name)}`
    : `drop index ${schema}.${escapeIdentifier(key.name)}`;
}
