import { fileURLToPath } from "node:url";
import type { Rolldown } from "vite";
import { type Page, pageTable } from "../src/app/pageTable.ts";

type Group = Rolldown.CodeSplittingGroup;
type ChunkName = Extract<Group["name"], (...args: never[]) => unknown>;

const src = fileURLToPath(new URL("../src/", import.meta.url));
const pages: readonly Page[] = pageTable;

const app = `${src}app/main.tsx`;
const home = `${src}app/pages/Home.tsx`;
const mentor = `${src}app/pages/MentorProfile.tsx`;
const dialogs = pages.flatMap(({ opened }) => (opened ? `${src}${opened.module}.tsx` : []));

/**
 * The chunks of most first visits, largest audience first: what the app or several first pages need, what the mentor's page
 * shares with pages that come later, and what the dialogs share with them. Each chunk costs a request, and many small ones
 * compress badly. A chunk has exactly the modules that its visits need: imports are not brought along, as they are
 * needed at least as widely and so have their own place. Other chunks never contain what these import, so that no two chunks
 * import each other.
 */
export const firstVisit: Group[] = [
  // Also what only the app needs: these chunks would otherwise import from the entry, which imports them.
  { ...groupOf("shared"), priority: 3, minShareCount: 1 },
  { ...groupOf("mentor"), priority: 2, minShareCount: 2 },
  { ...groupOf("booking"), priority: 1, minShareCount: 2 },
];

const reviews = `${src}features/reviews/ReviewList.tsx`;

/**
 * Small modules that later pages share. A request costs a round trip, and on a slow line that is as long as 30 kB take; and the app
 * names every chunk of every page, so that each small one costs the first load more than it saves. What a mentor's page brings
 * after its first view stays apart, and so do forms, which bring a library.
 */
export const laterPages: Group[] = [
  laterGroupOf("icons", /lucide-react/, 2),
  laterGroupOf("waitlist", /src\/features\/waitlist\/|words\/en\/waitlist\.ts$|waitlistPaths\.ts$/, 2),
  laterGroupOf("rules", /\/(rules|contract)\/\w+\.ts$/, 2),
  laterGroupOf(
    "parts",
    /src\/(ui|lib)\/|words\/en\/(prices|refunds|alerts)\.ts$|src\/features\/.*\/(queries|api|hasPayment|accountState|askedContact|askedOffers|studentSessions|expectedPrice|totals|GroupProblem|useMentorChanges|useCancelSession|useLiveGroup|PriceLines|PriceSum|RefusalAlert)\.tsx?$/,
    2,
  ),
];

function laterGroupOf(chunk: string, test: RegExp, minShareCount: number): Group {
  const name: ChunkName = (moduleId, graph) => {
    if (!test.test(moduleId) || importersOf(moduleId, graph).has(reviews)) return null;
    const imports = graph.getModuleInfo(moduleId)?.importedIds ?? [];
    return imports.some((id) => /react-hook-form|useSavingForm/.test(id)) ? null : chunk;
  };
  return { name, debugName: chunk, minShareCount, includeDependenciesRecursively: false };
}

function groupOf(chunk: string): Group {
  const name: ChunkName = (moduleId, graph) => (chunkOf(moduleId, graph) === chunk ? chunk : null);
  return { name, debugName: chunk, includeDependenciesRecursively: false };
}

function chunkOf(moduleId: string, graph: Parameters<ChunkName>[1]): string | null {
  for (const beginning of [app, home, mentor, ...dialogs])
    if (!graph.getModuleInfo(beginning)) throw new Error(`The app has no ${beginning} any more.`);
  if (moduleId === app) return null;
  const importers = importersOf(moduleId, graph);
  const isFor = (module: string) => importers.has(module);
  const isForDialog = dialogs.some(isFor);
  if (isFor(app) || (isFor(home) && (isFor(mentor) || isForDialog))) return "shared";
  if (isFor(home)) return null;
  if (isFor(mentor)) return "mentor";
  return isForDialog ? "booking" : null;
}

/** A module and all that import it, directly or not. */
function importersOf(moduleId: string, graph: Parameters<ChunkName>[1]): ReadonlySet<string> {
  const found = new Set<string>();
  const above = [moduleId];
  for (let module = above.pop(); module !== undefined; module = above.pop()) {
    if (found.has(module)) continue;
    found.add(module);
    above.push(...(graph.getModuleInfo(module)?.importers ?? []));
  }
  return found;
}
