import { describe, expect, it } from "vitest";
import { createSaveRun } from "./hoursRevision.ts";

describe("the run of a tab's own saves", () => {
  it("brings a form up to date with what other forms of the page have saved since", () => {
    const saves = createSaveRun();
    saves.add("asha", 3, 4);
    saves.add("asha", 4, 6);
    expect([2, 3, 4, 6, 7].map((base) => saves.newestSince("asha", base))).toEqual([2, 6, 6, 6, 7]);
  });

  it("starts again after a change made elsewhere, so that older forms stay out of date", () => {
    const saves = createSaveRun();
    saves.add("asha", 3, 4);
    saves.add("asha", 5, 6);
    expect([3, 4, 5].map((base) => saves.newestSince("asha", base))).toEqual([3, 4, 6]);
  });

  it("belongs to one mentor", () => {
    const saves = createSaveRun();
    saves.add("asha", 3, 4);
    expect(saves.newestSince("ravi", 3)).toBe(3);
    saves.add("ravi", 4, 5);
    expect(saves.newestSince("ravi", 3)).toBe(3);
  });
});
