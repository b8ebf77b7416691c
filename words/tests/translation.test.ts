import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pseudo, pseudoSource } from "./pseudo.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const project = mkdtempSync(join(tmpdir(), "matepeak-words-"));
const path = (name: string) => join(project, name);

/** A copy of words/ beside the rules that it reads, with a second language as CONTRIBUTING describes it. */
beforeAll(() => {
  for (const folder of ["scheduling", "rules", "node_modules"]) symlinkSync(root + folder, path(folder));
  cpSync(`${root}words`, path("words"), { recursive: true });
  for (const name of ["package.json", "tsconfig.base.json"]) cpSync(root + name, path(name));
  writeFileSync(
    path("tsconfig.json"),
    '{ "extends": "./tsconfig.base.json", "compilerOptions": { "composite": false, "emitDeclarationOnly": false, "noEmit": true, "lib": ["ES2023", "ESNext.Temporal"] }, "include": ["words/*.ts", "words/en/*.ts", "words/xx/*.ts"] }',
  );
  translate();
});
afterAll(() => rmSync(project, { recursive: true }));

function translate(): void {
  cpSync(path("words/en"), path("words/xx"), { recursive: true, force: true });
  for (const name of readdirSync(path("words/xx"))) {
    const source = readFileSync(path(`words/xx/${name}`), "utf8");
    const translated = name === "language.ts" ? source.replace('"en"', '"xx"') : pseudoSource(source);
    writeFileSync(path(`words/xx/${name}`), translated);
  }
  const languages = readFileSync(`${root}words/languages.ts`, "utf8");
  writeFileSync(
    path("words/languages.ts"),
    `import * as xx from "./xx/index.ts";\n${languages.replace("const catalogues = { en }", "const catalogues = { en, xx }")}`,
  );
}

/** What the compiler objects to; "" when nothing. */
function compile(): string {
  const tsc = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-p", project]);
  return tsc.stdout.toString() + tsc.stderr.toString();
}

describe("a second language", () => {
  it("is a folder of translated texts, one entry in languages.ts and nothing else", () => {
    expect(readFileSync(path("words/xx/controls.ts"), "utf8")).toContain('cancel: "Cáñçël"');
    expect(compile()).toBe("");
  });

  it.each([
    ["lacks a sentence", "controls.ts", /^ {2}cancel: .*$/m, ""],
    ["takes a fact that English does not give", "money.ts", /"Fr.*"/, "(price: string) => price"],
  ])("does not compile if it %s (twin)", (_, name, part, instead) => {
    const source = readFileSync(path(`words/xx/${name}`), "utf8");
    expect(source).toMatch(part);
    writeFileSync(path(`words/xx/${name}`), source.replace(part, instead));
    expect(compile()).toContain("languages.ts");
    writeFileSync(path(`words/xx/${name}`), source);
  });
});

describe("the pseudo-language", () => {
  it("changes the letters of texts", () => {
    expect(pseudo("Save changes")).toBe("Šávë çháñgëš");
    const source = 'export const a = { b: "Pick", c: (n: string) => `Pay $' + "{n} now` };";
    const changed = 'export const a = { b: "Pïçk", c: (n: string) => `Páy $' + "{n} ñöw` };";
    expect(pseudoSource(source)).toBe(changed);
  });

  it("leaves code alone", () => {
    const source =
      'import { x } from "./case.ts";\nexport const a = (s: "one" | "two") => (s === "one" ? b["one"] : c(s));';
    expect(pseudoSource(source)).toBe(source);
  });
});
