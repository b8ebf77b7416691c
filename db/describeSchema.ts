import { createHash } from "node:crypto";
import type { ClientBase } from "pg";

/** The schemas that our migrations fill. */
export const ownSchemas = ["auth", "private", "public"] as const;
const ownRoles = [
  "anon",
  "authenticated",
  "matepeak_app",
  "matepeak_auth",
  "matepeak_jobs",
  "service_role",
] as const;

const heading = "-- Made by `npm run db:generate` to be read and diffed, not run. Do not edit it.";

/**
 * The schema as the catalogues know it, in a form made for reading and diffing: what is there, not how it came about.
 * The same schema gives the same text, whichever role owns it. Reads only; `client` must not be in a transaction.
 */
export async function describeSchema(
  client: ClientBase,
  schemas: readonly string[] = ownSchemas,
): Promise<string> {
  await client.query("begin read only");
  try {
    // With nothing on the path PostgreSQL writes every name out in full.
    await client.query("set local search_path = ''");
    // Each is asked for every table: most of the time would go into its plan.
    const read = async (text: string, ...values: unknown[]) => {
      const name = createHash("sha1").update(text).digest("hex");
      const { rows } = await client.query<{ line: string }>({ name, text, values });
      return rows.map(({ line }) => line);
    };
    const sections = [
      ["roles", await read(rolesSql, ownRoles)],
      ["extensions", await read(extensionsSql)],
      ["schemas", await read(schemasSql, schemas)],
      ["domains", await read(domainsSql, schemas)],
    ] as const;
    const functions = await read(functionsSql, schemas);
    const { rows: tables } = await client.query<TableRow>(tablesSql, [schemas]);
    const oids = tables.map(({ oid }) => oid);
    // Of all tables at once: a statement for each would take ten times as long.
    const linesOf = async (sql: string) => {
      const { rows } = await client.query<{ oid: number; line: string }>(sql, [oids]);
      const lines = Map.groupBy(rows, ({ oid }) => oid);
      return (oid: number) => (lines.get(oid) ?? []).map(({ line }) => line);
    };
    const inside = [await linesOf(columnsSql), await linesOf(constraintsSql)];
    const beside = [await linesOf(indexesSql), await linesOf(triggersSql)];
    const access = [await linesOf(policiesSql), await linesOf(grantsSql)];
    const parts = sections.map(([title, lines]) => [`-- ${title}`, ...lines].join("\n"));
    const described = tables.map(({ oid, name, comment, row_security }) =>
      [
        `-- ${name}: ${comment ?? "no comment"}`,
        `create table ${name} (`,
        ...inside.flatMap((lines) => lines(oid)).map((line) => `  ${line}`),
        ");",
        ...beside.flatMap((lines) => lines(oid)),
        `row level security ${row_security ? "on" : "OFF"}`,
        ...access.flatMap((lines) => lines(oid)),
      ].join("\n"),
    );
    return `${[heading, ...parts, ...described, ...functions].join("\n\n")}\n`;
  } finally {
    await client.query("rollback");
  }
}

interface TableRow {
  oid: number;
  name: string;
  comment: string | null;
  row_security: boolean;
}

/** Who was granted something; the owner's own rights go without saying. */
const grantee = (acl: string) =>
  `case ${acl}.grantee when 0 then 'PUBLIC' else pg_catalog.pg_get_userbyid(${acl}.grantee) end`;
const rights = (acl: string) =>
  `string_agg(lower(${acl}.privilege_type), ', ' order by ${acl}.privilege_type)`;
const comment = (expression: string) => `coalesce(' -- ' || ${expression}, '')`;

const rolesSql = `
  select format('role %s%s%s%s%s%s', r.rolname,
    case when r.rolinherit then ' INHERIT' else ' noinherit' end,
    case when r.rolsuper then ' SUPERUSER' else '' end,
    case when r.rolbypassrls then ' BYPASSRLS' else '' end,
    case when r.rolcreaterole or r.rolcreatedb then ' CREATES' else '' end,
    (select coalesce(' may act as ' || string_agg(g.rolname, ', ' order by g.rolname), '')
     from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid)) as line
  from pg_roles r where r.rolname = any ($1) order by r.rolname`;

const extensionsSql = `
  select format('extension %s in schema %s', e.extname, n.nspname) as line
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace
  where n.nspname <> 'pg_catalog' order by e.extname`;

const schemasSql = `
  select format('schema %s: %s%s', n.nspname, coalesce(string_agg(g.line, '; ' order by g.line), 'no grants'),
    ${comment("obj_description(n.oid, 'pg_namespace')")}) as line
  from pg_namespace n
  left join lateral (
    select ${grantee("a")} || ' ' || ${rights("a")} as line
    from aclexplode(n.nspacl) a where a.grantee <> n.nspowner group by a.grantee) g on true
  where n.nspname = any ($1) group by n.oid, n.nspname order by n.nspname`;

const domainsSql = `
  select format(E'create domain %I.%I as %s%s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
    (select string_agg(format(E'\\n  constraint %I %s', c.conname, pg_get_constraintdef(c.oid)), '' order by c.conname)
     from pg_constraint c where c.contypid = t.oid and c.contype = 'c')) as line
  from pg_type t join pg_namespace n on n.oid = t.typnamespace
  where n.nspname = any ($1) and t.typtype = 'd' order by n.nspname, t.typname`;

const tablesSql = `
  select c.oid, format('%I.%I', n.nspname, c.relname) as name, obj_description(c.oid, 'pg_class') as comment,
    c.relrowsecurity as row_security
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any ($1) and c.relkind in ('r', 'p', 'v', 'm') order by n.nspname, c.relname`;

const columnsSql = `
  select a.attrelid as oid, format('%I %s%s%s%s,%s', a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then ' not null' else '' end,
    case a.attidentity when 'a' then ' generated always as identity' when 'd' then ' generated by default as identity'
      else '' end,
    case when d.adbin is null then '' when a.attgenerated = '' then ' default ' || pg_get_expr(d.adbin, d.adrelid)
      else ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored' end,
    ${comment("col_description(a.attrelid, a.attnum)")}) as line
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = any ($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`;

// Since PostgreSQL 18 "not null" is a constraint as well; the column says so already.
const constraintsSql = `
  select conrelid as oid, format('constraint %I %s,', conname, pg_get_constraintdef(oid)) as line
  from pg_constraint where conrelid = any ($1) and contype in ('p', 'u', 'x', 'c', 'f')
  order by array_position(array['p', 'u', 'x', 'c', 'f'], contype::text), conname`;

const indexesSql = `
  select i.indrelid as oid, pg_get_indexdef(i.indexrelid) as line
  from pg_index i where i.indrelid = any ($1) and not exists (select from pg_constraint c where c.conindid = i.indexrelid
    and c.contype in ('p', 'u', 'x')) order by i.indexrelid::regclass::text`;

const triggersSql = `
  select tgrelid as oid, pg_get_triggerdef(oid) as line
  from pg_trigger where tgrelid = any ($1) and not tgisinternal order by tgname`;

const policiesSql = `
  select p.polrelid as oid, format('policy %I %s for %s to %s%s%s%s', p.polname,
    case when p.polpermissive then 'permissive' else 'restrictive' end,
    case p.polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
      else 'delete' end,
    (select string_agg(case r when 0 then 'PUBLIC' else pg_get_userbyid(r) end, ', '
       order by case r when 0 then 'PUBLIC' else pg_get_userbyid(r) end) from unnest(p.polroles) r),
    coalesce(E'\\n    using ' || pg_get_expr(p.polqual, p.polrelid), ''),
    coalesce(E'\\n    with check ' || pg_get_expr(p.polwithcheck, p.polrelid), ''),
    coalesce(E'\\n    -- ' || obj_description(p.oid, 'pg_policy'), '')) as line
  from pg_policy p where p.polrelid = any ($1) order by p.polname`;

const grantsSql = `
  select oid, line from (
    select c.oid, 'grant to ' || ${grantee("a")} || ': ' || ${rights("a")} as line
    from pg_class c, aclexplode(c.relacl) a
    where c.oid = any ($1) and a.grantee <> c.relowner group by c.oid, a.grantee
    union all
    select c.oid, 'grant to ' || ${grantee("g")} || ': ' || lower(g.privilege_type) || ' (' ||
      string_agg(g.attname, ', ' order by g.attnum) || ')'
    from pg_class c, lateral (
      select a.grantee, a.privilege_type, t.attname::text, t.attnum from pg_attribute t, aclexplode(t.attacl) a
      where t.attrelid = c.oid and not t.attisdropped) g
    where c.oid = any ($1) and g.grantee <> c.relowner group by c.oid, g.grantee, g.privilege_type
    union all
    select d.refobjid, 'sequence ' || s.oid::regclass || ' grant to ' || ${grantee("a")} || ': ' || ${rights("a")}
    from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S', aclexplode(s.relacl) a
    where d.refobjid = any ($1) and a.grantee <> s.relowner group by d.refobjid, s.oid, a.grantee) granted
  order by line collate "C"`;

const functionsSql = `
  select format(E'-- %s: %s\\n-- executable by: %s\\n%s', p.oid::regprocedure,
    coalesce(obj_description(p.oid, 'pg_proc'), 'no comment'),
    coalesce((
      select string_agg(${grantee("a")}, ', ' order by ${grantee("a")})
      from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee <> p.proowner), 'no other role'),
    trim(trailing E'\\n' from pg_get_functiondef(p.oid))) as line
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname = any ($1) and p.prokind in ('f', 'p')
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  order by p.oid::regprocedure::text collate "C"`;
