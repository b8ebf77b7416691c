import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const configuration = [
  ".dependency-cruiser.mjs",
  ".gitignore",
  "biome.json",
  "lint",
  "package.json",
  "scripts/layers",
  "scripts/layers.mjs",
  "tsconfig.layers.json",
];
const folders = [
  "scheduling",
  "rules",
  "words",
  "contract",
  "db",
  "server",
  "src",
  "mail",
  "bench",
  "prove",
  "e2e",
  "supabase",
  "vite",
];

const places = mkdtempSync(join(tmpdir(), "matepeak-lint-"));
afterAll(() => rmSync(places, { recursive: true, force: true }));

/** A project that has the configuration of this one, and these files alone. */
function projectOf(files: Readonly<Record<string, string>>): string {
  const project = mkdtempSync(join(places, "project-"));
  for (const name of configuration) cpSync(join(root, name), join(project, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  for (const folder of folders) mkdirSync(join(project, folder), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(project, dirname(path)), { recursive: true });
    writeFileSync(join(project, path), content);
  }
  return project;
}

function run(project: string, args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: "utf8" });
  return { status, output: stdout + stderr };
}

/** Lints one file of such a project. */
function lint(path: string, content: string): { status: number | null; output: string } {
  return run(projectOf({ [path]: content }), ["node_modules/@biomejs/biome/bin/biome", "lint", path]);
}

describe("pure code", () => {
  it.each(["Date.now()", "new Date()", "Math.random()", "Temporal.Now.instant()", "performance.now()"])(
    "twin: %s is found in scheduling/, rules/ and words/, and is fine elsewhere",
    (expression) => {
      const content = `export const found = () => ${expression};\n`;
      for (const folder of ["rules", "scheduling", "words"]) {
        const { status, output } = lint(`${folder}/example.ts`, content);
        expect(output).toContain("Code here is pure");
        expect(status).toBe(1);
      }
      expect(lint("server/example.ts", content)).toMatchObject({ status: 0 });
    },
  );
});

describe("limits", () => {
  it.each([
    ["contract/example.ts", 'import { z } from "zod";\nexport const name = z.string().max(120);\n'],
    [
      "contract/example.ts",
      'import { z } from "zod";\nexport const name = z.string().max(120, "Too long");\n',
    ],
    ["contract/example.ts", 'import { line } from "./primitives.ts";\nexport const name = line(1_200);\n'],
    ["src/features/book/Example.tsx", "export const Example = () => <input maxLength={120} />;\n"],
  ])("twin: a limit that is typed in %s is found", (path, content) => {
    const project = projectOf({ [path]: content });
    const { status, output } = run(project, ["node_modules/@biomejs/biome/bin/biome", "lint", path]);
    expect(output).toContain("Limits live in rules/limits.ts");
    expect(status).toBe(1);
  });
});

describe("dates", () => {
  it.each([
    "export const found = (date: string) => date;\n",
    "export type Found = { end_date?: string | null };\n",
    "export type Found = { ends_on: string };\n",
  ])("twin: a date that is any text is found: %s", (content) => {
    const { status, output } = lint("src/lib/example.ts", content);
    expect(output).toContain("A date is a LocalDate");
    expect(status).toBe(1);
  });
});

describe("instants", () => {
  it.each([
    "export const found = (startsAt: string) => startsAt;\n",
    "export type Found = { endsAt?: string | null };\n",
  ])("twin: text with the name of an instant in ms is found: %s", (content) => {
    const { status, output } = lint("src/lib/example.ts", content);
    expect(output).toContain("startsAt is an instant in ms");
    expect(status).toBe(1);
  });

  it("have the names of their forms", () => {
    const content =
      'import type { EpochMs } from "#scheduling/units.ts";\n\nexport type Found = { startsAt: EpochMs; starts_at: string };\n';
    expect(lint("src/lib/example.ts", content)).toMatchObject({ status: 0 });
  });
});

it("twin: a promise that nothing waits for is found", () => {
  const path = "server/example.ts";
  const content = "async function save(): Promise<void> {}\nexport function leave(): void {\n  save();\n}\n";
  const { status, output } = run(projectOf({ [path]: content }), [
    "node_modules/@biomejs/biome/bin/biome",
    "lint",
    path,
  ]);
  expect(output).toContain("noFloatingPromises");
  expect(status).toBe(1);
});

it.each(["react", "react-dom/server", "react-email", "@react-email/render"])(
  "twin: %s is found in the server, which fills compiled templates",
  (name) => {
    const content = `import * as found from "${name}";\n\nexport const names = Object.keys(found);\n`;
    const { status, output } = lint("server/mail/example.ts", content);
    expect(output).toContain("compiled before the server starts");
    expect(status).toBe(1);
    expect(lint("mail/example.ts", content)).toMatchObject({ status: 0 });
  },
);

describe("layers", () => {
  const check = (files: Readonly<Record<string, string>>) => run(projectOf(files), ["scripts/layers.mjs"]);
  const there = {
    "src/features/reviews/stars.ts": "export const stars = 5;\n",
    "contract/stars.ts": "export const stars = 5;\n",
    "mail/stars.ts": "export const stars = 5;\n",
    "server/reviews/stars.ts": "export const stars = 5;\n",
    "server/accounts/stars.ts": "export const stars = 5;\n",
  };
  /** A rule, and the file that breaks it with one import. */
  const breaking = [
    ["web-ui", "src/ui/Stars.ts", "@/features/reviews/stars.ts"],
    ["web-lib", "src/lib/stars.ts", "../features/reviews/stars.ts"],
    ["web-feature-waitlist", "src/features/waitlist/stars.ts", "@/features/reviews/stars.ts"],
    ["wall-of-server", "server/starsOfWeb.ts", "../src/features/reviews/stars.ts"],
    ["wall-of-rules", "rules/stars.ts", "../contract/stars.ts"],
    ["server-platform", "server/platform/stars.ts", "../reviews/stars.ts"],
    ["server-bookings", "server/bookings/stars.ts", "../reviews/stars.ts"],
    ["server-noun-to-noun", "server/newNoun/stars.ts", "../reviews/stars.ts"],
    ["wall-of-mail", "mail/starsOfContract.ts", "../contract/stars.ts"],
    ["wall-of-server", "server/starsOfMail.ts", "../mail/stars.ts"],
    ["server-auth-alone-knows-the-accounts", "server/starsOfAccounts.ts", "./accounts/stars.ts"],
    ["no-circle-of-files", "server/reviews/oneOfTwo.ts", "./otherOfTwo.ts"],
  ] as const;
  let found: ReturnType<typeof check>;
  beforeAll(() => {
    // All in one project, as each run takes a second.
    found = check({
      ...there,
      "server/reviews/otherOfTwo.ts": 'import "./oneOfTwo.ts";\n',
      ...Object.fromEntries(breaking.map(([, path, imported]) => [path, `import "${imported}";\n`])),
    });
  });

  it.each(breaking)("twin: %s is broken by %s", (rule, path) => {
    const lines = stripVTControlCharacters(found.output).split("\n");
    expect(lines.map((line) => line.trim())).toContainEqual(
      expect.stringContaining(`error ${rule}: ${path}`),
    );
    expect(found.status).not.toBe(0);
  });

  type Imports = Readonly<Record<string, readonly string[]>>;
  const readServerImports = async () => {
    const layers: { serverImports: Imports } = await import(
      pathToFileURL(join(root, ".dependency-cruiser.mjs")).href
    );
    return layers.serverImports;
  };
  const namesOnlyAbove = (imports: Imports) =>
    Object.entries(imports).every(([, others], place, all) =>
      others.every((other) => all.slice(0, place).some(([above]) => above === other)),
    );
  it("have no circle between the folders of the server", async () => {
    expect(namesOnlyAbove(await readServerImports())).toBe(true);
  });
  it("twin: a list with a circle is found", async () => {
    expect(namesOnlyAbove({ ...(await readServerImports()), hours: ["slots", "mentors"] })).toBe(false);
  });

  it("holds where features use what is listed", () => {
    const { status, output } = check({
      ...there,
      "src/features/bookings/stars.ts": 'import "@/features/reviews/stars.ts";\n',
    });
    expect(output).toContain("no dependency violations found");
    expect(status).toBe(0);
  });
});
