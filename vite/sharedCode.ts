import { fileURLToPath } from "node:url";
import type { Rolldown } from "vite";
import { type Page, pageTable } from "../src/app/pageTable.ts";

type ChunkName = Extract<Rolldown.CodeSplittingGroup["name"], (...args: never[]) => unknown>;

const src = fileURLToPath(new URL("../src/", import.meta.url));
const pages: readonly Page[] = pageTable;

/** Where most first visits begin: the app itself, the home page, and the mentor's page with what opens on it. */
const beginnings = [
  "app/main",
  "app/pages/Home",
  "app/pages/MentorProfile",
  ...pages.flatMap(({ opened }) => opened?.module ?? []),
].map((module) => `${src}${module}.tsx`);

/**
 * One chunk for the small modules that a first visit needs, and only for those. Modules come with what they import: a small
 * one that another page needs would otherwise bring a form library to everyone.
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
