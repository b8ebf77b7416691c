import { escapeIdentifier } from "pg";
import type { Table } from "./catalogue.ts";

/**
 * Citus writes the defaults into the statement that it sends to a row's machine. The writer's rights are checked there, and
 * many may insert a row but not choose its id or its state: a trigger sets these.
 */
export function keepDefaults(table: Table): string[] {
  const guarded = table.columns.filter(
    (column) => column.guarded && column.default !== null && !column.numbered,
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
