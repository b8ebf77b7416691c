import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const documents = globSync(["*.md", "{bench,db,docs,prove}/**/*.md"], { cwd: root });

const folders = "bench,contract,db,docs,e2e,lint,mail,prove,rules,scheduling,scripts,server,src,vite,words";
const path = `\`((?:${folders.replaceAll(",", "|")})/[\\w./-]*)\``;
const fileNames = new Set(
  globSync(`{${folders}}/**/*.{ts,tsx,mjs,sql}`, { cwd: root }).map((file) => basename(file)),
);

const read = (file: string) => readFileSync(join(root, file), "utf8");
const database = read("db/schema.snapshot.sql");

/**
 * What a document names and the repository lacks: links, paths, file names, the symbol in "`file`, `symbol`", and
 * `private.names` and `sql_functions()` of the database.
 */
function deadPointers(document: string, markdown: string): string[] {
  const all = (pattern: string) => Array.from(markdown.matchAll(new RegExp(pattern, "g")));
  const links = all("\\]\\((?!https?:)([^)#\\s]+)").map(([, link]) => join(dirname(document), link!));
  const names = all("`([\\w.]+\\.(?:ts|tsx|mjs|sql))`").map(([, name]) => name!);
  const symbols = all(`${path}, \`(\\w+)\``).filter(
    ([, file, symbol]) => existsSync(join(root, file!)) && !new RegExp(`\\b${symbol}\\b`).test(read(file!)),
  );
  const inDatabase = all("`(?:private\\.(\\w+)|(\\w+_\\w+)\\(\\))").map(
    ([, name, called]) => name ?? called!,
  );
  return [
    ...[...links, ...all(path).map(([, file]) => file!)].filter((file) => !existsSync(join(root, file))),
    ...names.filter((name) => !fileNames.has(name)),
    ...inDatabase.filter((name) => !new RegExp(`\\b${name}\\b`).test(database)),
    ...symbols.map(([, file, symbol]) => `${symbol} in ${file}`),
  ];
}

describe("documents", () => {
  it("are found", () => {
    expect(documents).toEqual(
      expect.arrayContaining(["ARCHITECTURE.md", "docs/errors.md", "db/CONVENTIONS.md"]),
    );
  });

  it.each(documents)("%s: every link, path, file, symbol and SQL function exists", (document) => {
    expect(deadPointers(document, read(document))).toEqual([]);
  });

  it("with a dead link, a moved file or a renamed function are reported", () => {
    const alive = "[a](errors.md#internal) `rules/price.ts`, `priceOf` `price.ts` `src/` `private.enqueue`";
    const dead =
      "[b](gone.md#x) `rules/gone.ts` `gone.tsx` `rules/price.ts`, `goneOf` `private.take_gone` `gone_seat()`";
    expect(deadPointers("docs/limits.md", alive)).toEqual([]);
    expect(deadPointers("docs/limits.md", dead)).toEqual([
      "docs/gone.md",
      "rules/gone.ts",
      "gone.tsx",
      "take_gone",
      "gone_seat",
      "goneOf in rules/price.ts",
    ]);
  });
});
