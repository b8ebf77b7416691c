import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Rolldown } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { wordsOf } from "./language.ts";

const project = mkdtempSync(join(tmpdir(), "matepeak-web-"));
const write = (name: string, content: string) => writeFileSync(join(project, name), content);

beforeAll(async () => {
  for (const language of ["xx", "zz"]) await mkdir(join(project, language));
  write("zz/controls.ts", 'export const back = "Späť";');
  write(
    "zz/index.ts",
    'export const language = { language: "zz" };\nexport const layout = { documentTexts: {} };',
  );
  write("xx/controls.ts", 'export const back = "Zpět";');
  write("xx/layout.ts", 'export const documentTexts = { description: "Mentoři & \\"hodiny\\"" };');
  write("xx/language.ts", 'export const language = "xx";');
  write(
    "xx/index.ts",
    'export * as language from "./language.ts";\nexport * as layout from "./layout.ts";\nexport * as controls from "./controls.ts";',
  );
  write("main.ts", 'import { back } from "#words/controls.ts";\ndocument.title = back;');
  write(
    "index.html",
    '<html lang="en"><head><meta name="description" content="%words.description%"></head><script type="module" src="/main.ts"></script></html>',
  );
});
afterAll(() => rmSync(project, { recursive: true }));

async function built(language: string): Promise<Rolldown.RolldownOutput["output"]> {
  const result = await build({
    configFile: false,
    root: project,
    logLevel: "silent",
    plugins: [wordsOf(language, `${project}/`)],
    build: { write: false },
  });
  return [result].flat().flatMap((each) => ("output" in each ? each.output : [])) as never;
}

it("takes sentences, tag and texts of the document from the language's folder", async () => {
  const output = await built("xx");
  const [chunk] = output.filter(({ type }) => type === "chunk");
  expect(chunk).toMatchObject({ code: expect.stringContaining("Zpět") });
  const document = output.find(({ fileName }) => fileName === "index.html");
  expect(document).toMatchObject({ source: expect.stringContaining('<html lang="xx">') });
  expect(document).toMatchObject({ source: expect.stringContaining("Mentoři &amp; &quot;hodiny&quot;") });
});

it("fails for a language without a folder, and for a text that the document lacks (twins)", async () => {
  await expect(built("yy")).rejects.toThrow(/yy/);
  await expect(built("zz")).rejects.toThrow(/description/);
});
