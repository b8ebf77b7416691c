import { mkdirSync } from "node:fs";
import { denoFolder, denoVersion, findDeno } from "./findDeno.mjs";
import { npm } from "./installDependencies.mjs";
import { print, SetupError } from "./project.mjs";

/** Makes sure that deno is there. It is not among the dependencies: it has 120 MB and runs one long test. */
export function ensureDeno() {
  if (findDeno()) return;
  print("Installing deno for the test of Supabase's function (once; about 120 MB on disk) …");
  mkdirSync(denoFolder, { recursive: true });
  const flags = ["--prefix", denoFolder, "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const { stderr } = npm(["install", ...flags, `deno@${denoVersion}`]);
  if (!findDeno())
    throw new SetupError(`Deno ${denoVersion} could not be installed by npm: ${stderr.trim()}`);
}
