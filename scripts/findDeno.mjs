// Finds the deno that the test of Supabase's function runs: the version of Supabase's own runtime, which has no Temporal.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { modules } from "./project.mjs";

export const denoVersion = "2.1.10";
export const denoFolder = join(modules, ".cache", `deno-${denoVersion}`);

/** The absolute path of the program, or null. */
export function findDeno() {
  const program = join(denoFolder, "node_modules", ".bin", "deno");
  return existsSync(program) ? program : null;
}
