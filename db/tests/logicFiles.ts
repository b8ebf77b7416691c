import type { ClientBase } from "pg";
import type { SqlFile } from "../schemaFiles.ts";

/**
 * What SQL files define, one line each: `function private.cap`, `trigger bookings_20_prepare on public.bookings`,
 * `policy … on …`, `select (id) on public.bookings to anon`, `execute on function private.cap to matepeak_app`.
 * Twice in the list if it is defined twice.
 */
export function definedIn({ sql }: Pick<SqlFile, "sql">): string[] {
  const code = sql.replace(/^\s*--.*$/gm, "");
  const found: string[] = [];
  for (const [, name] of code.matchAll(/^\s*create (?:or replace )?function (\S+?)\s*\(/gm))
    found.push(`function ${name}`);
  for (const [, name, table] of code.matchAll(/create or replace trigger (\w+)\s[\s\S]*?\son (\w+\.\w+)/g))
    found.push(`trigger ${name} on ${table}`);
  for (const [, name, table] of code.matchAll(/create policy (\w+) on (\w+\.\w+)/g))
    found.push(`policy ${name} on ${table}`);
  for (const [, rights = "", objects = "", roles = ""] of code.matchAll(
    /\sgrant ([^;]+?)\son\s([^;]+?)\sto\s([^;]+);/g,
  ))
    found.push(...grants(rights, objects, roles));
  return found.sort();
}

const words = (list: string) => outsideBrackets(list).map((word) => word.trim().replaceAll(/\s+/g, " "));

/** The parts between commas, but for commas in brackets. */
const outsideBrackets = (list: string) => list.match(/(?:[^,(]|\([^)]*\))+/g) ?? [];

function grants(rights: string, objects: string, roles: string): string[] {
  const [, kind = "", list = objects] = objects.match(/^(function|schema|sequence)\s([\s\S]*)$/) ?? [];
  const names = words(list).map((name) => `${kind && `${kind} `}${name.replace(/\([\s\S]*\)$/, "")}`);
  return words(rights)
    .flatMap(byColumn)
    .flatMap((right) =>
      names.flatMap((name) => words(roles).map((role) => `${right} on ${name} to ${role}`)),
    );
}

/** `insert (a, b)` is `insert (a)` and `insert (b)`. */
function byColumn(right: string): string[] {
  const [, verb = "", columns] = right.match(/^(\w+)(?: \((.*)\))?$/) ?? [];
  return columns ? words(columns).map((column) => `${verb} (${column})`) : [verb];
}

/** The same lines for what is in a database. */
export async function definedInCatalogue(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(catalogueSql, [["auth", "private", "public"]]);
  return rows.map(({ line }) => line).sort();
}

const catalogueSql = `
  with relations as (
    select c.oid, c.relacl, c.relowner, c.relkind, format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any ($1) and c.relkind in ('r', 'p', 'v', 'm', 'S')
  ), functions as (
    select p.oid, p.proacl, p.proowner, format('%I.%I', n.nspname, p.proname) as name
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = any ($1)
  )
  select 'function ' || name as line from functions
  union all
  select format('trigger %s on %s', tgname, name) from pg_trigger join relations r on r.oid = tgrelid
    where not tgisinternal
  union all
  select format('policy %s on %s', polname, name) from pg_policy join relations r on r.oid = polrelid
  union all
  select format('%s on %s%s to %s', lower(a.privilege_type), case relkind when 'S' then 'sequence ' else '' end, name,
      case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end)
    from relations, aclexplode(relacl) a where a.grantee <> relowner
  union all
  select format('%s (%s) on %s to %s', lower(a.privilege_type), t.attname, name,
      case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end)
    from relations r join pg_attribute t on t.attrelid = r.oid and not t.attisdropped, aclexplode(t.attacl) a
    where a.grantee <> relowner
  union all
  select format('execute on function %s to %s', name,
      case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end)
    from functions, aclexplode(coalesce(proacl, acldefault('f', proowner))) a where a.grantee <> proowner
  union all
  select format('%s on schema %s to %s', lower(a.privilege_type), nspname, pg_get_userbyid(a.grantee))
    from pg_namespace, aclexplode(nspacl) a
    where nspname = any ($1) and a.grantee not in (0, nspowner)`;
