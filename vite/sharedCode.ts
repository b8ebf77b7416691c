import { fileURLToPath } from "node:url";
import type { Rolldown } from "vite";
import { type Page, pageTable } from "../src/app/pageTable.ts";

type ChunkName = Extract<Rolldown.CodeSplittingGroup["name"], (...args: never[]) => unknown>;

const src = fileURLToPath(new URL("../src/", import.meta.url));
const pages: readonly Page[] = pageTable;

/** Entry points of most first visits: the app, the home page, and the mentor's page with the dialog that opens on it. */
const beginnings = [
  "app/main",
  "app/pages/Home",
  "app/pages/MentorProfile",
  ...pages.flatMap(({ opened }) => opened?.module ?? []),
].map((module) => `${src}${module}.tsx`);

/**
 * Puts the small modules that a first visit needs into one chunk, and only those. Modules bring their imports along: a small
 * module of another page could otherwise add a form library to the first visit.
 */
export const neededFirst: ChunkName = (moduleId, graph) => {
  for (const beginning of beginnings)
    if (!graph.getModuleInfo(beginning)) throw new Error(`The app has no ${beginning} any more.`);
  const seen = new Set<string>();
  const above = [moduleId];
  for (let module = above.pop(); module !== undefined; module = above.pop()) {
    if (beginnings.includes(module)) return "shared";
    if (seen.has(module)) continue;
    seen.add(module);
    above.push(...(graph.getModuleInfo(module)?.importers ?? []));
  }
  return null;
};
