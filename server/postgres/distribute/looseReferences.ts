import { escapeIdentifier, escapeLiteral } from "pg";
import type { Link } from "./catalogue.ts";
import { closedToAll } from "./ownParts.ts";

const ofRow = ({ from, columns, toColumns }: Link, id: string) =>
  `from ${from} where ${escapeIdentifier(columns[toColumns.indexOf("id")] ?? "")} = ${id}`;

/**
 * PostgreSQL cannot check references between machines. A removal is written down beside the row, and a clean-up job
 * (private.follow_removals) does then what the references did. Those that did not allow a removal are asked before it.
 */
export function followLoose(loose: readonly Link[]): string[] {
  const byTarget = [...Map.groupBy(loose, ({ to }) => to)];
  return [
    `create table private.removed_rows (
  parent text not null, id uuid not null, removed_at timestamptz not null default now(), primary key (parent, id))`,
    "comment on table private.removed_rows is 'Removed rows that the clean-up has yet to follow to other machines.'",
    "alter table private.removed_rows enable row level security",
    `revoke all on private.removed_rows ${closedToAll}`,
    `create function private.note_removal() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  insert into private.removed_rows (parent, id) values (tg_argv[0], old.id) on conflict do nothing;
  return null;
end
$$`,
    `revoke execute on function private.note_removal() ${closedToAll}`,
    // Takes the place of one that has nothing to do.
    `create or replace function private.follow_removals(most integer) returns integer language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  removed private.removed_rows;
  followed integer := 0;
begin
  for removed in select * from private.removed_rows order by removed_at limit most for update skip locked loop
${byTarget.map(([to, links]) => deleteReferring(to, links)).join("\n")}
    delete from private.removed_rows r where r.parent = removed.parent and r.id = removed.id;
    followed := followed + 1;
  end loop;
  return followed;
end
$$`,
    ...byTarget.flatMap(([to, links]) => watchRemovals(to, links)),
  ];
}

function deleteReferring(to: string, links: readonly Link[]): string {
  const deletions = links
    .filter(({ onDelete }) => onDelete === "cascade")
    .map((link) => `      delete ${ofRow(link, "removed.id")};`);
  return `    if removed.parent = ${escapeLiteral(to)} then\n${deletions.join("\n") || "      null;"}\n    end if;`;
}

function watchRemovals(to: string, links: readonly Link[]): string[] {
  const relation = to.replace(".", "_");
  const guard = `private.${escapeIdentifier(`may_remove_${relation}`)}`;
  const holding = links.filter(({ onDelete }) => onDelete !== "cascade");
  const checks = holding.map(
    (link) => `  if exists (select 1 ${ofRow(link, "old.id")}) then
    raise exception 'still referenced from ${link.from}'
      using errcode = 'foreign_key_violation', constraint = ${escapeLiteral(link.name)}, hint = ${escapeLiteral(link.name)};
  end if;`,
  );
  const guarding = [
    // Asked in one connection to each machine: after several at once, Citus does not change the row itself any more.
    `create function ${guard}() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp
  set citus.multi_shard_modify_mode = 'sequential' as $$
begin
${checks.join("\n")}
  return old;
end
$$`,
    `revoke execute on function ${guard}() ${closedToAll}`,
    `create trigger ${escapeIdentifier(`${relation}_01_may_remove`)} before delete on ${to}
  for each row execute function ${guard}()`,
  ];
  return [
    ...(holding.length > 0 ? guarding : []),
    `create trigger ${escapeIdentifier(`${relation}_99_note_removal`)} after delete on ${to}
  for each row execute function private.note_removal(${escapeLiteral(to)})`,
  ];
}
