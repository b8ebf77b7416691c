import { escapeIdentifier } from "pg";
import type { Column, Table } from "./catalogue.ts";

/**
 * Citus writes the defaults into the statement that it sends to a row's machine. The writer's rights are checked there, and
 * many may insert a row but not choose its id or its state: a trigger sets these. So it does with the next number of a column,
 * which no writer can choose: for that one the right is given.
 */
export function keepDefaults(table: Table): string[] {
  return [...setByTrigger(table), ...table.columns.flatMap((column) => letBeNumbered(table, column))];
}

function letBeNumbered({ name }: Table, { alwaysNumbered, guardedFrom, ...column }: Column): string[] {
  if (!alwaysNumbered || guardedFrom.length === 0) return [];
  const roles = guardedFrom.map(escapeIdentifier).join(", ");
  return [`grant insert (${escapeIdentifier(column.name)}) on ${name} to ${roles}`];
}

function setByTrigger(table: Table): string[] {
  const guarded = table.columns.filter(
    ({ guardedFrom, default: value, numbered }) => guardedFrom.length > 0 && value !== null && !numbered,
  );
  if (guarded.length === 0) return [];
  const [schema, relation] = table.name.split(".");
  const target = `private.${escapeIdentifier(`defaults_of_${schema}_${relation}`)}`;
  const lines = guarded.map(({ name, default: value }) => {
    const column = `new.${escapeIdentifier(name)}`;
    return `  ${column} := coalesce(${column}, ${value});`;
  });
  return [
    `create function ${target}() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
${lines.join("\n")}
  return new;
end
$$`,
    `revoke execute on function ${target} from public`,
    ...guarded.map(
      ({ name }) => `alter table ${table.name} alter column ${escapeIdentifier(name)} drop default`,
    ),
    // Ahead of the others, which read what it sets.
    `create trigger ${escapeIdentifier(`${relation}_00_defaults`)} before insert on ${table.name}
  for each row execute function ${target}()`,
  ];
}
