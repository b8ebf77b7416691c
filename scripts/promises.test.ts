import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const page = readFileSync(`${root}docs/promises.md`, "utf8");

interface NamedTest {
  file: string;
  name: string;
}

/** The tests that a table names: a file and the test's own words, which may have typographic quotes around them. */
const testsIn = (markdown: string): NamedTest[] =>
  Array.from(markdown.matchAll(/\| `([\w./-]+)` · “(.+)” \|$/gm), ([, file = "", name = ""]) => ({
    file,
    name,
  }));

function isThere({ file, name }: NamedTest): boolean {
  if (!existsSync(root + file)) return false;
  const words = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`\\bit(\\.each\\([^]*?\\))?\\(\\s*"${words}"`).test(readFileSync(root + file, "utf8"));
}

const promises = testsIn(page);

describe("docs/promises.md", () => {
  it("has a test in every row", () => {
    const rows = page.match(/^\| (?!promise|---)/gm) ?? [];
    expect(rows.length).toBeGreaterThan(40);
    expect(promises.length).toBe(rows.length);
  });

  it.each(promises)("$file has “$name”", (named) => {
    expect(isThere(named)).toBe(true);
  });

  it("twin: a test that is not there is found", () => {
    const [named] = testsIn(
      "| One slot | `db/tests/race.test.ts` · “a group session: more than its seats” |",
    );
    expect(named && isThere(named)).toBe(false);
    expect(isThere({ file: "db/tests/gone.test.ts", name: "a group session: exactly its seats" })).toBe(
      false,
    );
  });
});
