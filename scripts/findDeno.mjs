// Finds the deno that the test of Supabase's function runs: the version of Supabase's own runtime, which has no Temporal.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { modules } from "./project.mjs";

export const denoVersion = "2.1.10";
export const denoFolder = join(modules, ".cache", `deno-${denoVersion}`);

/** The absolute path of the program, or null. What npm puts into `.bin` is a script that starts it, and ends without ending it. */
export function findDeno() {
  const platforms = join(denoFolder, "node_modules", "@deno");
  const programs = existsSync(platforms)
    ? readdirSync(platforms).map((platform) => join(platforms, platform, "deno"))
    : [];
  return programs.find((program) => existsSync(program)) ?? null;
}
