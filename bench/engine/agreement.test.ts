import { describe, expect, it } from "vitest";
import { findSlots } from "#scheduling/slots.ts";
import { bareLoop } from "./bareLoop.ts";
import { guideSlots } from "./guideSlots.ts";
import { readyIntervals, walkReady } from "./readyWalk.ts";
import { type NamedWork, tableOf, workloads } from "./workloads.ts";

/** A benchmark of something that does other work would measure nothing. */
describe("the contenders of the engine's benchmark", () => {
  it.each(workloads().map((work): [string, NamedWork] => [work.name, work]))(
    "agree on %s",
    (_, { parts }) => {
      for (const part of parts.filter((_part, index) => index % 97 === 0)) {
        const found = findSlots(part.schedule, part.taken, part.query);
        expect(found.length).toBeGreaterThan(0);
        expect(bareLoop(part, tableOf(part))).toEqual(found);
        expect(walkReady(readyIntervals(part, tableOf(part)))).toEqual(found);
        expect(guideSlots(part)).toEqual(found);
      }
    },
  );
});
