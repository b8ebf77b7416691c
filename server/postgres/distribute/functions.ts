import { type ClientBase, escapeIdentifier, escapeLiteral } from "pg";
import { adapt } from "./adapt.ts";
import { type Table, withQualifiedNames } from "./catalogue.ts";
import { placementOf } from "./placement.ts";

/** What becomes of the functions: statements before and after the tables are placed. */
export interface MovedFunctions {
  before: string[];
  after: string[];
}

interface SchemaFunction {
  name: string;
  language: string;
  definition: string;
  body: string;
  returns: string;
  isSet: boolean;
  /** Names of the columns of its one row, of a function with several `out` parameters. */
  outs: string[];
  comment: string | null;
  callers: string[];
}

const query = `
  select p.oid::regprocedure::text as name, l.lanname as language, pg_get_functiondef(p.oid) as definition, p.prosrc as body,
    format_type(p.prorettype, null) as returns, p.proretset as "isSet", obj_description(p.oid, 'pg_proc') as comment,
    coalesce((select array_agg(a.name order by a.at) from unnest(p.proargnames, p.proargmodes) with ordinality a (name, mode, at)
      where a.mode in ('b', 'o', 't')), '{}') as outs,
    (select coalesce(array_agg(r.rolname::text), '{}') from aclexplode(p.proacl) a join pg_roles r on r.oid = a.grantee
     where a.grantee <> p.proowner) as callers
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
  where n.nspname in ('private', 'public') and p.prosqlbody is null and p.prokind = 'f'
    and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  order by 1`;

/**
 * Functions in SQL that read tables are written again in PL/pgSQL: Citus plans no statement with a parameter of the former. Those
 * that return rows of a table on the coordinator are created again, because Citus puts another table in its place.
 */
export async function moveFunctions(client: ClientBase, tables: readonly Table[]): Promise<MovedFunctions> {
  const { rows } = await withQualifiedNames(client, () => client.query<SchemaFunction>(query));
  const named = new RegExp(tables.map(({ name }) => name.replace(".", "\\.")).join("\\b|"));
  const replaced = new Set(
    tables.filter((table) => placementOf(table) === "coordinator").map(({ name }) => name),
  );
  const isReplaced = ({ returns }: SchemaFunction) => replaced.has(returns);
  const isTranslated = ({ language, body }: SchemaFunction) => language === "sql" && named.test(body);
  return {
    before: rows.filter(isReplaced).map(({ name }) => `drop function ${name}`),
    after: rows.flatMap((row) => {
      const definition = adapt(row.name, isTranslated(row) ? translate(row) : row.definition);
      if (isReplaced(row)) return [definition, ...restoreRights(row)];
      return definition === row.definition ? [] : [definition];
    }),
  };
}

function restoreRights({ name, callers, comment }: SchemaFunction): string[] {
  return [
    `revoke execute on function ${name} from public`,
    ...callers.map((role) => `grant execute on function ${name} to ${escapeIdentifier(role)}`),
    ...(comment ? [`comment on function ${name} is ${escapeLiteral(comment)}`] : []),
  ];
}

function translate({ definition, body, ...rest }: SchemaFunction): string {
  // No string in these bodies contains a semicolon at the end of a line.
  const statements = body
    .trim()
    .replace(/;$/, "")
    .split(/;\s*\n/);
  const last = statements.pop() ?? "";
  const text = ["#variable_conflict use_column", ...block(statements.map(perform), last, rest)].join("\n");
  return definition
    .replace(/^ LANGUAGE sql\b/m, " LANGUAGE plpgsql")
    .replace(/AS \$function\$[\s\S]*\$function\$/, () => `AS $function$\n${text}\n$function$`);
}

function block(
  before: string[],
  last: string,
  { returns, isSet, outs }: Pick<SchemaFunction, "returns" | "isSet" | "outs">,
): string[] {
  if (returns === "void") return ["begin", ...before, perform(last), "end"];
  // Each row is assigned, because SQL converts what it returns and RETURN QUERY does not. Without SETOF the first row is the answer.
  const columns = outs.map(escapeIdentifier).join(", ");
  const answer = isSet ? "return next" : "return";
  return [
    ...(columns ? [] : [`declare answer_row ${returns};`]),
    "begin",
    ...before,
    `for ${columns || "answer_row"} in`,
    last,
    `loop ${answer}${columns ? "" : " answer_row"}; end loop;`,
    isSet || columns ? "return;" : "return null;",
    "end",
  ];
}

function perform(statement: string): string {
  return `${statement.trim().replace(/^select/i, "perform")};`;
}
