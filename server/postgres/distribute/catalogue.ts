import type { ClientBase } from "pg";

/** What decides where a table can be, as PostgreSQL's own catalogue describes it. Names are qualified and quoted. */
export interface Table {
  name: string;
  columns: Column[];
  keys: Key[];
  references: Reference[];
  policies: Policy[];
  triggers: Trigger[];
}

interface Trigger {
  name: string;
  definition: string;
  /** Its function asks for the name or the oid of the table that it runs for. */
  asksName: boolean;
}

export interface Column {
  name: string;
  type: string;
  required: boolean;
  /** Numbered by PostgreSQL: an identity, or a default that takes the next value of a sequence. */
  numbered: boolean;
  generated: boolean;
  /** What it is if an insert leaves it out. */
  default: string | null;
  /** Numbered, and PostgreSQL lets no role choose the number. */
  alwaysNumbered: boolean;
  /** Roles that may insert rows but not choose this value. */
  guardedFrom: string[];
}

/** A primary key, or another unique or exclusion constraint or index. */
export interface Key {
  name: string;
  primary: boolean;
  /** Of a constraint: such a key is dropped and made as one. */
  constraint: boolean;
  columns: string[];
  /** Those that must be equal for two rows to conflict: all, except of an exclusion constraint. */
  equal: string[];
}

export interface Reference {
  name: string;
  columns: string[];
  to: string;
  toColumns: string[];
  onDelete: "nothing" | "cascade" | "set null" | "set default";
  onUpdate: "nothing" | "cascade" | "set null" | "set default";
  definition: string;
}

/** A reference with the table that has it. */
export interface Link extends Reference {
  from: string;
}

export interface Policy {
  name: string;
  permissive: boolean;
  command: "all" | "select" | "insert" | "update" | "delete";
  roles: string[];
  using: string | null;
  check: string | null;
  comment: string | null;
  /** The columns of its own table that it names. */
  columns: string[];
}

const action = (column: string) =>
  `case ${column} when 'c' then 'cascade' when 'n' then 'set null' when 'd' then 'set default' else 'nothing' end`;

const names = (numbers: string, relation: string) =>
  `(select coalesce(jsonb_agg(a.attname order by u.at), '[]') from unnest(${numbers}) with ordinality u (num, at)
    join pg_attribute a on a.attrelid = ${relation} and a.attnum = u.num)`;

const query = `
  select format('%I.%I', n.nspname, c.relname) as name,
    (select jsonb_agg(jsonb_build_object(
        'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull,
        'numbered', a.attidentity <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid), '') like 'nextval(%',
        'generated', a.attgenerated <> '',
        'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
        'alwaysNumbered', a.attidentity = 'a',
        'guardedFrom', (
          select coalesce(jsonb_agg(distinct r.rolname), '[]')
          from pg_attribute o, aclexplode(o.attacl) may join pg_roles r on r.oid = may.grantee
          where o.attrelid = c.oid and may.privilege_type = 'INSERT' and not exists (
            select from aclexplode(a.attacl) own where own.grantee = may.grantee and own.privilege_type = 'INSERT')))
        order by a.attnum)
      from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'name', r.relname, 'primary', i.indisprimary, 'constraint', k.oid is not null,
        'columns', ${names("i.indkey::int2[]", "c.oid")},
        'equal', case when k.contype = 'x' then (
            select coalesce(jsonb_agg(a.attname), '[]')
            from unnest(k.conkey, k.conexclop) x (num, op)
              join pg_attribute a on a.attrelid = c.oid and a.attnum = x.num
              join pg_operator o on o.oid = x.op and o.oprname = '=')
          else ${names("i.indkey::int2[]", "c.oid")} end) order by r.relname), '[]')
      from pg_index i join pg_class r on r.oid = i.indexrelid
        left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = c.oid and k.contype in ('p', 'u', 'x')
      where i.indrelid = c.oid and (i.indisunique or i.indisexclusion)) as keys,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'name', k.conname, 'columns', ${names("k.conkey", "c.oid")},
        'to', (select format('%I.%I', tn.nspname, t.relname) from pg_class t join pg_namespace tn on tn.oid = t.relnamespace
               where t.oid = k.confrelid),
        'toColumns', ${names("k.confkey", "k.confrelid")},
        'onDelete', ${action("k.confdeltype")}, 'onUpdate', ${action("k.confupdtype")},
        'definition', pg_get_constraintdef(k.oid)) order by k.conname), '[]')
      from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0) as references,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'name', p.polname, 'permissive', p.polpermissive,
        'command', case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
                     when 'd' then 'delete' else 'all' end,
        'roles', (select coalesce(jsonb_agg(r.rolname order by r.rolname), '["public"]')
                  from pg_roles r where r.oid = any (p.polroles)),
        'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid),
        'comment', obj_description(p.oid, 'pg_policy'),
        'columns', (select coalesce(jsonb_agg(distinct a.attname), '[]')
                    from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                    where d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass
                      and d.refobjid = c.oid and d.refobjsubid > 0)) order by p.polname), '[]')
      from pg_policy p where p.polrelid = c.oid) as policies,
    (select coalesce(jsonb_agg(jsonb_build_object('name', t.tgname, 'definition', pg_get_triggerdef(t.oid),
        'asksName', f.prosrc ~* '\\mtg_(relid|relname|table_name)\\M') order by t.tgname), '[]')
      from pg_trigger t join pg_proc f on f.oid = t.tgfoid where t.tgrelid = c.oid and not t.tgisinternal) as triggers
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('auth', 'private', 'public') and c.relkind in ('r', 'p') and not c.relispartition
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  order by n.nspname, c.relname`;

/** Reads the tables of the schema from any PostgreSQL, with or without Citus. Changes nothing. */
export async function readCatalogue(client: ClientBase): Promise<Table[]> {
  return withQualifiedNames(client, async () => (await client.query<Table>(query)).rows);
}

/** Without a search path, what the catalogue describes has all names qualified. */
export async function withQualifiedNames<T>(client: ClientBase, read: () => Promise<T>): Promise<T> {
  await client.query("set search_path = pg_catalog");
  try {
    return await read();
  } finally {
    await client.query("reset search_path");
  }
}
