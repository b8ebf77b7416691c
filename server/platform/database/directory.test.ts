import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ts } from "@ts-morph/common";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");
const directory = "server/platform/database/directory.ts";
const inSources = globSync("server/**/*.ts", { cwd: root })
  // The demo's removal deletes the rows of many mentors at once.
  .filter((path) => !/\.test\.ts$|\/testing\/|\/removeDemoData\.ts$/.test(path) && path !== directory)
  .sort();
const inLogic = globSync("db/schema/*/logic.sql", { cwd: root }).sort();

/** A statement of SQL, or a query that is built. */
interface Statement {
  line: number;
  text: string;
}

/** Returns the statements in a file of TypeScript, with the source of what is inserted into them. */
function statementsInSource(source: string): Statement[] {
  const file = ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest, true);
  const found: Statement[] = [];
  const visit = (node: ts.Node): void => {
    const isSql = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
    const text = node.getText();
    if (
      (isSql && /\b(select|update|delete|insert)\b/.test(text)) ||
      (isQuery(node) && !isPartOfChain(node))
    ) {
      found.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isQuery(node: ts.Node): boolean {
  return ts.isCallExpression(node) && /\.where\(/.test(node.getText());
}

function isPartOfChain({ parent }: ts.Node): boolean {
  return ts.isPropertyAccessExpression(parent);
}

function statementsInLogic(source: string): Statement[] {
  let line = 1;
  return source.split(";").map((text) => {
    const statement = { line, text };
    line += count(text, /\n/g);
    return statement;
  });
}

const count = (text: string, form: RegExp) => text.match(form)?.length ?? 0;

/**
 * Whether a statement finds a mentor by a username. A connection to a calendar has the name of another account; on a distributed
 * database the directory keeps a table of its own, private.usernames.
 */
function readsUsername({ text }: Statement): boolean {
  if (/\bfrom (calendar_connections|private\.usernames)\b/.test(text)) return false;
  return /\busername\s*=(?!>)|\busername\s+(in|like)\b|username",\s*"(=|in|like)"/.test(text);
}

/** Whether a statement finds a booking, or what belongs to one, without naming the mentor as often. */
function readsBookingAlone({ text }: Statement): boolean {
  const isOfBookings = /\bbookings\b/.test(text);
  const bookings =
    count(text, /\bbooking_id\s*(=|in\b)/g) +
    count(text, /booking_id",\s*"(=|in)"/g) +
    count(text, /"b\.id",\s*"(=|in)"/g) +
    (isOfBookings ? count(text, /\bid\s*=\s*(\$|any\b|booking\b|wanted\b|(\w+\.)?\w*booking_id\b)/g) : 0) +
    (isOfBookings ? count(text, /\("id",\s*"(=|in)"/g) : 0);
  const mentors = count(text, /\bexpert_id\s*=/g) + count(text, /expert_id",\s*"="/g);
  return bookings > mentors || /mentor_of_booking\((?!uuid\))/.test(text);
}

type Read = (source: string) => Statement[];

function offenders(paths: readonly string[], read: Read, isLookUp: (statement: Statement) => boolean) {
  return paths.flatMap((path) =>
    read(readFileSync(join(root, path), "utf8"))
      .filter(isLookUp)
      .map(({ line, text }) => `${path}:${line} ${text.trim()}`),
  );
}

it("no statement of the server but the directory's finds a mentor by a username", () => {
  expect(offenders(inSources, statementsInSource, readsUsername)).toEqual([]);
});

it.each([
  'client.query("select id from expert_profiles where username = $1", [name])',
  "client.query(`select p.id from expert_profiles p where p.username in ($1, $2)`, names)",
  'db.selectFrom("expert_profiles").select("id").where("username", "=", name).execute()',
])("twin: %s is found", (source) => {
  expect(statementsInSource(source).some(readsUsername)).toBe(true);
});

it("no statement of the server but the directory's names a booking without its mentor", () => {
  expect(offenders(inSources, statementsInSource, readsBookingAlone)).toEqual([]);
});

it.each([
  'client.query("select status from bookings where id = $1", [id])',
  'client.query("update no_show_claims set state = $2 where booking_id = $1", [id, state])',
  "client.query(`select from booking_events e join bookings b on b.id = e.booking_id where b.expert_id = $1 and e.booking_id = $2`)",
  'db.selectFrom("bookings").select("status").where("id", "=", id).executeTakeFirst()',
  'db.selectFrom("booking_events").select("kind").where("booking_id", "=", id).execute()',
  'client.query("select from lock_booking(private.mentor_of_booking($1), $1)", [id])',
])("twin: %s is found", (source) => {
  expect(statementsInSource(source).some(readsBookingAlone)).toBe(true);
});

it("only mentor_of_booking(), of all functions and policies, names a booking without its mentor", () => {
  const [lookUp, ...others] = offenders(inLogic, statementsInLogic, readsBookingAlone);
  expect(lookUp).toContain("create or replace function private.mentor_of_booking(booking uuid)");
  // An administrator searches the payments of all mentors.
  expect(others).toEqual([expect.stringContaining("db/schema/reconciliation/logic.sql")]);
});

it.each([
  "create function f(wanted uuid) as $$ select status from public.bookings where id = wanted $$;",
  "create policy p on t using (exists (select from public.bookings b where b.id = booking_id));",
  "begin new.expert_id := private.mentor_of_booking(new.booking_id); end",
])("twin: %s is found", (source) => {
  expect(statementsInLogic(source).some(readsBookingAlone)).toBe(true);
});
