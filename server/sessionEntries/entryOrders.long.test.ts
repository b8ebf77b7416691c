import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anyOrder, faultsOf, killsProcess, stopsWorking } from "./testing/entryOrders.ts";
import { EntryWorld } from "./testing/entryWorld.ts";

describe.each(["radicale", "xandikos"] as const)("sessions in %s", (name) => {
  let world: EntryWorld;
  beforeAll(async () => {
    world = await EntryWorld.open(name);
  });
  afterAll(() => world.close());

  it("agree after any order of changes, of workers that stop and of what the owner does", {
    timeout: 900_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(anyOrder(25), async (order) => {
        expect(await faultsOf(world, order, stopsWorking(world))).toEqual([]);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  it("agree after any order in which processes are killed", { timeout: 900_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyOrder(15), async (order) => {
        expect(await faultsOf(world, order, killsProcess(world))).toEqual([]);
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });
});
