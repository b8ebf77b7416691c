import { escapeIdentifier, escapeLiteral } from "pg";
import type { Policy, Table } from "./catalogue.ts";

type Part = "using" | "check";

/** auth.uid() in brackets is evaluated once by PostgreSQL and not taken by Citus; without them it says the same. */
const person = /\( SELECT auth\.uid\(\) AS uid\)/g;

function withoutBrackets(expression: string): string {
  return expression.replace(person, "auth.uid()");
}

function asksATable(expression: string | null): expression is string {
  return expression !== null && /\bSELECT\b/.test(withoutBrackets(expression));
}

/** PostgreSQL cuts longer names off. */
const longestName = 63;

const functionName = ({ name }: Policy, part: Part) => `${name}_${part}`;

/** The parts of a policy that cannot become a call of a function. */
export function policiesTooLong({ policies }: Table): Policy[] {
  return policies.filter((policy) =>
    (["using", "check"] as const).some(
      (part) => asksATable(policy[part]) && functionName(policy, part).length > longestName,
    ),
  );
}

/** Policies without queries: auth.uid() without brackets, and functions in place of questions to other tables. */
export function rewritePolicies(table: Table): string[] {
  return table.policies
    .filter(({ using, check }) => [using, check].some((part) => part !== null && /\bSELECT\b/.test(part)))
    .flatMap((policy) => rewritePolicy(table, policy));
}

function rewritePolicy(table: Table, policy: Policy): string[] {
  const name = escapeIdentifier(policy.name);
  const using = rewritePart(table, policy, "using");
  const check = rewritePart(table, policy, "check");
  return [
    ...using.made,
    ...check.made,
    `drop policy ${name} on ${table.name}`,
    [
      `create policy ${name} on ${table.name} as ${policy.permissive ? "permissive" : "restrictive"}`,
      `for ${policy.command} to ${policy.roles.map(escapeIdentifier).join(", ")}`,
      ...(using.expression ? [`using (${using.expression})`] : []),
      ...(check.expression ? [`with check (${check.expression})`] : []),
    ].join(" "),
    ...(policy.comment
      ? [`comment on policy ${name} on ${table.name} is ${escapeLiteral(policy.comment)}`]
      : []),
  ];
}

function rewritePart(
  table: Table,
  policy: Policy,
  part: Part,
): { expression: string | null; made: string[] } {
  const expression = policy[part];
  if (!asksATable(expression)) return { expression: expression && withoutBrackets(expression), made: [] };
  const name = functionName(policy, part);
  const columns = policy.columns.map(escapeIdentifier).join(", ");
  return {
    expression: `private.${escapeIdentifier(name)}(${columns})`,
    made: questionFunction(table, policy, name, expression),
  };
}

/** A function of the row's columns with the question that the policy asked. It runs as the caller, whose policies apply. */
function questionFunction(table: Table, policy: Policy, name: string, expression: string): string[] {
  const [schema, relation = ""] = table.name.split(".");
  const types = new Map(table.columns.map((column) => [column.name, column.type]));
  const parameters = policy.columns.map((column) => `${escapeIdentifier(column)} ${types.get(column)}`);
  const target = `private.${escapeIdentifier(name)}`;
  // Where the question names a column of its own row, it is the function's parameter by that name.
  const body = expression
    .replaceAll(new RegExp(`(?<!${schema}\\.)\\b${relation}\\.`, "g"), `${name}.`)
    // As in a function's (functions.ts).
    .replaceAll(/\bSELECT\s+FROM\b/g, "SELECT 1 FROM");
  return [
    `create function ${target}(${parameters.join(", ")}) returns boolean language plpgsql stable
  set search_path = pg_catalog, pg_temp as $$ begin return ${body}; end $$`,
    `revoke execute on function ${target} from public`,
    `grant execute on function ${target} to ${policy.roles.map(escapeIdentifier).join(", ")}`,
  ];
}
