import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const { dependencies, imports } = JSON.parse(read("package.json")) as {
  dependencies: Record<string, string> & { node: string };
  imports: Record<string, string>;
};

/** One instruction of a Dockerfile, with its continued lines; comments are left out. */
interface Step {
  instruction: string;
  rest: string;
}

const stepsOf = (dockerfile: string): Step[] =>
  dockerfile
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [instruction = "", ...rest] = line.split(" ");
      return { instruction, rest: rest.join(" ") };
    });

/** What is wrong with a Dockerfile, as far as reading it shows. */
function faultsOf(dockerfile: string): string[] {
  const steps = stepsOf(dockerfile);
  const final = steps.slice(steps.findLastIndex(({ instruction }) => instruction === "FROM"));
  const rests = (instruction: string, of = steps) =>
    of.filter((step) => step.instruction === instruction).map(({ rest }) => rest);
  const [user] = rests("USER", final);
  const [health] = rests("HEALTHCHECK", final);
  const [port] = rests("EXPOSE", final);
  const paths = Array.from((health ?? "").matchAll(/PORT\}(\/\w+)/g), ([, path]) => path);
  return [
    ...(rests("ARG").some((arg) => arg.includes(`/node:${dependencies.node}-`))
      ? []
      : ["not the pinned Node"]),
    ...(rests("RUN").some((run) => /npm (install|i|update)\b/.test(run)) ? ["not from the lock file"] : []),
    ...(/^[1-9]\d*:[1-9]\d*$/.test(user ?? "") ? [] : ["runs as root, or as a user without a number"]),
    ...(final.findIndex(({ instruction }) => instruction === "USER") >
    final.findIndex(({ instruction }) => instruction === "COPY")
      ? []
      : ["its user owns what is copied"]),
    ...(rests("COPY", final).some((copy) => copy.startsWith(". ")) ? ["takes all files"] : []),
    ...(rests("ADD").length > 0 ? ["adds what it does not check"] : []),
    ...(paths.join() === "/healthz" ? [] : ["no health check of /healthz"]),
    ...(rests("ENV", final).some((env) => env.includes(`PORT=${port}`)) ? [] : ["exposes another port"]),
    ...(rests("CMD", final).every((cmd) => cmd.startsWith('["node",')) ? [] : ["signals end at a shell"]),
    ...steps
      .filter(({ instruction }) => ["ENV", "ARG"].includes(instruction))
      .filter(({ rest }) => /SECRET|TOKEN|PASSWORD|_KEY|_URL/.test(rest))
      .map(({ rest }) => `a secret in ${rest}`),
  ];
}

/** Packages that the files of these folders import by name, as the image runs them. */
function packagesOf(folders: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      if (!/\.(ts|mjs)$/.test(name) || /\.test\.ts$|\.d\.mts$|(^|\/)(testing|tests)\//.test(name)) continue;
      const text = read(join(folder, name));
      for (const [, from] of text.matchAll(/(?:from|import)[ (]"([^".#][^"]*)"/g)) {
        const parts = from!.split("/");
        found.add(parts.slice(0, from!.startsWith("@") ? 2 : 1).join("/"));
      }
    }
  }
  return found;
}

const dockerfile = read("Dockerfile");
const copied = Array.from(dockerfile.matchAll(/^COPY (\w+) \.\/\w+$/gm), ([, folder]) => folder!);
const removed = Array.from(dockerfile.matchAll(/dependencies\.(\S+)/g), ([, name]) => name!);

describe("the image", () => {
  it("is built as promised", () => {
    expect(faultsOf(dockerfile)).toEqual([]);
  });

  it.each([
    ["USER 1000:1000", "USER node"],
    ["USER 1000:1000", ""],
    ["/healthz", "/health"],
    ["npm ci", "npm install"],
    [`node:${dependencies.node}`, "node:latest"],
    ["COPY server ./server", "COPY . ."],
    ["EXPOSE 3000", "EXPOSE 80"],
    ["HOST=0.0.0.0", "AUTH_SECRET=0000 HOST=0.0.0.0"],
    ['CMD ["node", "server/main.ts"]', "CMD node server/main.ts"],
  ])("twin: %s → %s is found", (from, to) => {
    expect(faultsOf(dockerfile.replace(from, to))).not.toEqual([]);
  });

  it("has every folder that its files import", () => {
    const needed = Object.values(imports).map((path) => path.split("/")[1]!);
    expect(copied).toEqual(expect.arrayContaining([...new Set(needed), "db", "server", "scripts"]));
    for (const folder of copied) expect(existsSync(join(root, folder))).toBe(true);
  });

  it("has every package that its files import, and leaves out none that is not a dependency", () => {
    const used = packagesOf(copied.filter((folder) => folder !== "scripts"));
    expect([...used].filter((name) => removed.includes(name))).toEqual([]);
    expect(used).toContain("pg");
    expect(removed.filter((name) => !(name in dependencies))).toEqual([]);
  });

  it("takes in no file that its ignore list does not name: no .env, no .data, no .git", () => {
    const [first, ...others] = read(".dockerignore")
      .split("\n")
      .filter((line) => line && !line.startsWith("#"));
    expect(first).toBe("*");
    const named = others.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
    expect(named.filter((name) => name.startsWith(".") || !existsSync(join(root, name)))).toEqual([]);
    expect(named).toEqual(expect.arrayContaining(copied));
  });
});
