import type { Key, Reference, Table } from "./catalogue.ts";
import { keptElsewhere, mentorColumn, type Placement, placementOf } from "./placement.ts";
import { policiesTooLong } from "./policies.ts";

export interface Refusal {
  table: string;
  why: string;
}

type Where = (table: string) => Placement | undefined;

/**
 * What Citus would refuse, or do wrongly, although distributing (plan.ts) rewrites keys, references, policies and defaults. The
 * tables may be in any state; an empty list means that all of them can be distributed.
 */
export function findRefusals(tables: readonly Table[]): Refusal[] {
  const placements = new Map(tables.map((table) => [table.name, placementOf(table)]));
  const where: Where = (name) => placements.get(name);
  return tables.flatMap((table) =>
    [
      ...policiesTooLong(table).map(
        ({ name }) =>
          `The policy ${name} asks a table, and its name is too long for a function that does so.`,
      ),
      ...table.references.flatMap((reference) => complainAboutReference(table, reference, where)),
      ...(placementOf(table) === "mentor" ? complainAboutMentorsTable(table) : []),
    ].map((why) => ({ table: table.name, why })),
  );
}

function complainAboutMentorsTable(table: Table): string[] {
  return [
    ...complainAboutColumns(table),
    ...table.keys.flatMap((key) => complainAboutKey(table, key)),
    ...table.triggers
      .filter(({ asksName }) => asksName)
      .map(
        ({ name }) =>
          `The trigger ${name} asks for the name of its table, which is another one on each machine.`,
      ),
  ];
}

function complainAboutColumns(table: Table): string[] {
  const own = mentorColumn(table);
  return table.columns.flatMap((column) => {
    if (column.name === own && !column.required) return [`${own} decides on the machine, and may be null.`];
    if (column.name === own && column.generated) return [`${own} decides on the machine, and is generated.`];
    // Each machine draws from a range of its own, for which only a bigint has room.
    if (column.numbered && column.type !== "bigint")
      return [`${column.name} is numbered, and as ${column.type} has no range for each machine.`];
    return [];
  });
}

/** A primary key gets the mentor; any other key would mean something else with it. */
function complainAboutKey(table: Table, key: Key): string[] {
  const own = mentorColumn(table);
  if (key.equal.includes(own) || key.primary || key.name in keptElsewhere) return [];
  return [`The key ${key.name} (${key.columns.join(", ")}) is without ${own}, and no machine sees all rows.`];
}

function complainAboutReference(table: Table, reference: Reference, where: Where): string[] {
  const says = (why: string) => [`The reference ${reference.name} to ${reference.to} ${why}`];
  const target = where(reference.to);
  if (target === undefined) return says("leaves the schema.");
  if (placementOf(table) !== "mentor" || target === "coordinator") {
    const leaves = placementOf(table) === "mentor" || target === "mentor";
    return leaves && !reference.toColumns.includes("id")
      ? says("is followed by a clean-up, which needs an id.")
      : [];
  }
  if (reference.onUpdate !== "nothing") return says("changes keys, which decide on the machine.");
  if (target === "everywhere") return [];
  const at = reference.columns.indexOf(mentorColumn(table));
  if (at === -1 || reference.toColumns[at] !== mentorColumn({ name: reference.to }))
    return says("is without the mentor, so its two rows may be on two machines.");
  return reference.onDelete === "set default" ? says("sets a default beside the mentor.") : [];
}
