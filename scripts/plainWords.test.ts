import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const folders = "bench,contract,db,docs,e2e,lint,mail,prove,rules,scheduling,scripts,server,src,vite,words";
const files = globSync([`{${folders}}/**/*.{ts,tsx,mjs,mts,sql,css,grit,md}`, "*.md"], { cwd: root }).filter(
  // Generated from files that are checked, or this one, which quotes the words.
  (file) =>
    !/^(db\/(migrations\/0001_|schema\.snapshot)|(prove|bench)\/README|scripts\/plainWords)/.test(file),
);

/** Comments at the start or the end of a line, the names of tests, `comment on` of SQL, and documents without code. */
function prose(file: string, text: string): string[] {
  if (file.endsWith(".md")) return text.replaceAll(/```[\s\S]*?```|`[^`]*`/g, "").split("\n");
  const comments = text.matchAll(/(?:^\s*(?:\/\/|\/?\*+|--)|\s(?:\/\/|--))\s(.*)$/gm);
  const names = text.matchAll(/(?:\b(?:it|test|describe)|\))\(\s*"(.*?)",\s(?:async )?\(/g);
  const inDatabase = text.matchAll(/\bcomment on [^;]*?\sis\s+((?:'(?:[^']|'')*'\s*)+);/g);
  return Array.from([...comments, ...names, ...inDatabase], ([, found]) => found!);
}

/** The subject of a sentence is the thing; a mentor or a student is "they". */
function oddWords(file: string, text: string): string[] {
  const odd = /\b(?:whoever|nobody|somebody|everybody|anybody|he|his|him|himself|anew|afresh)\b/i;
  return prose(file, text).filter((line) => odd.test(line));
}

it("comments, test names and documents use plain words", () => {
  expect(files.length).toBeGreaterThan(800);
  const found = files.flatMap((file) =>
    oddWords(file, readFileSync(join(root, file), "utf8")).map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

it.each([
  ["a.ts", "/** Whoever asks. */"],
  ["a.ts", "f(); // Nobody waits."],
  ["a.ts", " * once he has signed in"],
  ["a.ts", 'it("is told to everybody", () => {'],
  ["a.ts", '])("%s is nobody\'s", async (_what) => {'],
  ["a.sql", "-- The mentor sets his hours."],
  ["a.sql", "comment on table a is\n  'Read by its mentor, '\n  'by nobody else.';"],
  ["a.md", "It starts anew."],
])("twin: %s with %j is found", (file, text) => {
  expect(oddWords(file, text)).toHaveLength(1);
});

it.each([
  ["a.ts", 'const text = "Nobody was there.";'],
  ["a.ts", "const nobody = randomUUID();"],
  ["a.ts", "await test.owner.query(\"insert into a values ('Somebody')\");"],
  ["a.sql", "  'new', 'nobody', 'null'"],
  ["a.md", "`nobody` is reserved."],
])("%s with %j is fine", (file, text) => {
  expect(oddWords(file, text)).toEqual([]);
});
