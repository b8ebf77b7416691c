import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Costs, connectionsOfProcess, planFor, readCosts } from "./plan.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const measured = { load: read("../load/README.md"), bench: read("../README.md") };
const costs: Costs = {
  appBooking: { ms: 2, source: "" },
  appRead: { ms: 0.5, source: "" },
  worker: { ms: 0.7, source: "" },
  databaseBooking: { ms: 4, source: "" },
  databaseRead: { ms: 0.2, source: "" },
  readsEach: 10,
  disk: { bytes: 3_000, source: "" },
};

describe("capacity", () => {
  it("adds up what operations cost", () => {
    const plan = planFor({ bookings: 340, reads: 7_000, peak: 10 }, costs);
    expect(plan.appCores).toBeCloseTo((340 * 2 + 7_000 * 0.5) / 700);
    expect(plan.appProcesses).toBe(6);
    expect(plan.workerCores).toBeCloseTo(0.34);
    expect(plan.databaseCores).toBeCloseTo((340 * 4 + 3_600 * 0.2) / 700);
    expect(plan.connections).toBe(8 * connectionsOfProcess);
    expect(plan.diskPerMonth).toBeCloseTo(264.384);
  });

  it("plans two processes for the smallest load, and no reads that came with bookings twice", () => {
    const plan = planFor({ bookings: 1, reads: 10, peak: 1 }, costs);
    expect(plan.appProcesses).toBe(2);
    expect(plan.databaseCores).toBeCloseTo(0.004 / 0.7);
  });

  it("finds every cost in what was measured, and what was measured needs what it used", () => {
    const found = readCosts(measured);
    for (const { ms, source } of [
      found.appBooking,
      found.appRead,
      found.worker,
      found.databaseBooking,
      found.databaseRead,
    ]) {
      expect(ms).toBeGreaterThan(0.01);
      expect(ms).toBeLessThan(20);
      expect(source).toMatch(/^bench\//);
    }
    expect(found.disk.bytes).toBeGreaterThan(500);
    const [, cores = ""] = /^\| usual load +\| +([\d.]+)/m.exec(measured.load) ?? [];
    const [, bookings = ""] = /^\| usual load, bookings +\| +([\d.]+)/m.exec(measured.load) ?? [];
    const plan = planFor(
      { bookings: Number(bookings), reads: Number(bookings) * found.readsEach, peak: 1 },
      found,
    );
    expect(plan.appCores * 0.7).toBeCloseTo(Number(cores), 1);
  });

  it("twin: a table of another form is an error, not a cost of 0", () => {
    const load = measured.load.replaceAll("usual load", "busy load");
    expect(() => readCosts({ ...measured, load })).toThrow("No row");
    expect(() => readCosts({ ...measured, bench: "" })).toThrow("lacks a figure");
  });

  it("counts a process's connections as docs/operations.md does", () => {
    expect(read("../../docs/operations.md")).toContain(`at most ${connectionsOfProcess}, and `);
  });
});
