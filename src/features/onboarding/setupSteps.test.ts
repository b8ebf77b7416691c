import { describe, expect, it } from "vitest";
import { setupParts } from "#contract/onboarding.ts";
import { chosenStep, countDone, isReady, nextStep, setupStepIds, stepsOf } from "./setupSteps.ts";

const everything = { missing: [...setupParts] };
const nothing = { missing: [] };

describe("the steps to a page that can be booked", () => {
  it("are none of them done for somebody who is no mentor", () => {
    expect(stepsOf(null).map(({ isDone }) => isDone)).toEqual([false, false, false, false, false, false]);
  });

  it("begin with the page itself, which is there once one is a mentor", () => {
    expect(countDone(stepsOf(everything))).toBe(1);
    expect(countDone(stepsOf(nothing))).toBe(setupStepIds.length);
  });

  it.each(setupParts)("stay open as long as %s is missing, and no other one does", (part) => {
    const open = stepsOf({ missing: [part] }).filter(({ isDone }) => !isDone);
    expect(open).toHaveLength(1);
  });

  it("lead to their place", () => {
    expect(stepsOf(everything)[3]).toMatchObject({ id: "hours", to: "/mentor/start/hours" });
  });

  it("make a mentor ready when only advice is left", () => {
    expect(isReady(stepsOf({ missing: ["about", "room"] }))).toBe(true);
    expect(isReady(stepsOf({ missing: ["service"] }))).toBe(false);
    expect(isReady(stepsOf({ missing: ["hours"] }))).toBe(false);
    expect(isReady(stepsOf({ missing: ["listing"] }))).toBe(false);
    expect(isReady(stepsOf(null))).toBe(false);
  });
});

describe("the next step", () => {
  it("is the first that is missing", () => {
    expect(nextStep(stepsOf(null))).toBe("page");
    expect(nextStep(stepsOf({ missing: ["hours", "listing"] }))).toBe("hours");
  });

  it("after one is the next that is missing, then those that were passed by", () => {
    expect(nextStep(stepsOf({ missing: ["about", "hours", "listing"] }), "service")).toBe("hours");
    expect(nextStep(stepsOf({ missing: ["about"] }), "publish")).toBe("about");
  });

  it("after one that was skipped is not that one again", () => {
    expect(nextStep(stepsOf({ missing: ["about", "room"] }), "about")).toBe("room");
    expect(nextStep(stepsOf({ missing: ["room"] }), "room")).toBe("publish");
  });

  it("is the page that can be shown when nothing is missing", () => {
    expect(nextStep(stepsOf(nothing))).toBe("publish");
  });
});

describe("the step of the address", () => {
  it("is taken when it is one", () => {
    expect(chosenStep(stepsOf(everything), "room")).toBe("room");
    expect(chosenStep(stepsOf(everything), "money")).toBe("about");
    expect(chosenStep(stepsOf(everything), null)).toBe("about");
  });

  it("is the first for somebody who has no page yet", () => {
    expect(chosenStep(stepsOf(null), "hours")).toBe("page");
  });
});
