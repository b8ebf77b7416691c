// Where this process's processor time goes, by whose code it is: V8's own sampling profiler, added up by file.

import type { Profiler } from "node:inspector";
import { Session } from "node:inspector/promises";
import { microseconds, table } from "./table.ts";

type Node = Profiler.ProfileNode;

const libraries: readonly [group: string, packages: RegExp][] = [
  [
    "Fastify, its plugins and security headers",
    /^(@fastify\/|fastify|find-my-way|helmet|fast-|secure-json|avvio|light-my)/,
  ],
  ["validation", /^(zod|fastify-type-provider-zod|ajv)/],
  ["database client and connection pools", /^(pg|pg-.*|kysely|postgres-.*)$/],
  ["accounts library", /^(better-|@better-)/],
];

function groupOf({ callFrame: { url, functionName } }: Node): string | undefined {
  if (functionName === "(idle)" || functionName === "(root)") return undefined;
  if (functionName === "(garbage collector)") return "garbage collector";
  if (functionName === "(program)") return "native code of the runtime";
  // Native functions of the runtime's sockets: bytes on their way into and out of the kernel.
  if (/^(writev|write(Utf8|Latin1|Ucs2)?String|writeBuffer|readStart)$/.test(functionName) && url === "")
    return "writing to sockets (kernel included)";
  const library = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (library !== undefined)
    return libraries.find(([, packages]) => packages.test(library))?.[0] ?? "other libraries";
  if (/\/(server|scheduling|contract)\//.test(url)) return "our own code";
  if (/\/bench\//.test(url)) return undefined;
  return "Node: HTTP, streams, promises";
}

/** µs of processor time per piece of work, by whose code it is; the largest share first. */
export async function profileCpu(work: () => Promise<number>): Promise<[group: string, each: number][]> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 200 });
  await session.post("Profiler.start");
  const pieces = await work();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const sums = new Map<string, number>();
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const group = groupOf(nodes.get(id)!);
    if (group !== undefined) sums.set(group, (sums.get(group) ?? 0) + profile.timeDeltas![index]!);
  }
  return Array.from(sums, ([group, micros]): [string, number] => [group, micros / pieces]).sort(
    ([, one], [, other]) => other - one,
  );
}

export function describeProfile(head: string, profile: readonly [group: string, each: number][]): string {
  const all = profile.reduce((sum, [, each]) => sum + each, 0);
  return table(
    [head, "time", "share"],
    [
      ...profile.map(([group, each]) => [group, microseconds(each), `${((100 * each) / all).toFixed(0)} %`]),
      ["all", microseconds(all), "100 %"],
    ],
  );
}
