// Where things are, and how the set-up scripts run other programs and report problems.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const modules = join(root, "node_modules");
const bin = join(modules, ".bin");

/** A problem whose message is one complete sentence for the person at the terminal. */
export class SetupError extends Error {
  name = "SetupError";
}

export function print(line) {
  process.stdout.write(`${line}\n`);
}

export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    // A missing or half-written file is the same to every caller: nothing is recorded.
    if (error.code === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Node as the project pins it, whichever Node runs this script. */
export const pinnedNode = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** The environment in which `node` is the pinned one and the installed tools are found first. */
export function toolEnvironment(extra = {}) {
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`, ...extra };
}

/** Runs a program with the terminal's input and output; returns its exit code (127: it could not be started). */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  return result.status ?? (result.error ? 127 : 1);
}
