import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { constraintErrors, errors } from "./errors.ts";

interface Row {
  code: string;
  status: number;
  title: string;
  when: string;
}

/** The rows of the table in docs/errors.md. */
function readTable(markdown: string): Row[] {
  return markdown.split("\n").flatMap((line) => {
    const [, code, status, title, when] = /^\| `(\w+)` \| (\d+) \| (.+?) \| (.+?) \|$/.exec(line) ?? [];
    return code && status && title && when ? [{ code, status: Number(status), title, when }] : [];
  });
}

const page = readFileSync(new URL("../docs/errors.md", import.meta.url), "utf8");

describe("docs/errors.md", () => {
  it("has the codes of the contract, in its order, with its statuses and sentences", () => {
    const documented = readTable(page).map(({ code, status, title }) => ({ code, status, title }));
    expect(documented).toEqual(Object.entries(errors).map(([code, error]) => ({ code, ...error })));
  });

  it("documents when each of them occurs", () => {
    for (const { when } of readTable(page)) expect(when).toMatch(/^[A-Z`].{10,}\.$/);
  });

  it("would not pass with a line missing or a status wrong", () => {
    const rows = readTable(page);
    expect(readTable(page.replace(/^\| `slot_taken`.*\n/m, ""))).toHaveLength(rows.length - 1);
    expect(readTable(page.replace("| 409 |", "| 400 |"))).not.toEqual(rows);
  });
});

describe("the table of errors", () => {
  it("speaks in whole sentences to people, without jargon", () => {
    for (const { title, status } of Object.values(errors)) {
      expect(title).toMatch(/^[A-Z].*\.$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
    }
  });

  it("maps each of the database's constraints to a code", () => {
    for (const { code } of Object.values(constraintErrors)) expect(Object.keys(errors)).toContain(code);
  });
});
