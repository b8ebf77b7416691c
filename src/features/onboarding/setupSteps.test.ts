import { describe, expect, it } from "vitest";
import { setupParts } from "#contract/onboarding.ts";
import { chosenStep, countDone, isReady, nextStep, setupStepIds, stepsOf } from "./setupSteps.ts";

const everything = { missing: [...setupParts] };
const nothing = { missing: [] };

describe("the steps to a bookable page", () => {
  it("are all open without a mentor profile", () => {
    expect(stepsOf(null).map(({ isDone }) => isDone)).toEqual([false, false, false, false, false, false]);
  });

  it("start with the page, which is done with a mentor profile", () => {
    expect(countDone(stepsOf(everything))).toBe(1);
    expect(countDone(stepsOf(nothing))).toBe(setupStepIds.length);
  });

  it.each(setupParts)("stay open as long as %s is missing, and no other one does", (part) => {
    const open = stepsOf({ missing: [part] }).filter(({ isDone }) => !isDone);
    expect(open).toHaveLength(1);
  });

  it("link to their part of the setup", () => {
    expect(stepsOf(everything)[3]).toMatchObject({ id: "hours", to: "/mentor/start/hours" });
  });

  it("are ready when only optional ones are open", () => {
    expect(isReady(stepsOf({ missing: ["about", "room"] }))).toBe(true);
    expect(isReady(stepsOf({ missing: ["service"] }))).toBe(false);
    expect(isReady(stepsOf({ missing: ["hours"] }))).toBe(false);
    expect(isReady(stepsOf({ missing: ["listing"] }))).toBe(false);
    expect(isReady(stepsOf(null))).toBe(false);
  });
});

describe("the next step", () => {
  it("is the first open one", () => {
    expect(nextStep(stepsOf(null))).toBe("page");
    expect(nextStep(stepsOf({ missing: ["hours", "listing"] }))).toBe("hours");
  });

  it("is the next open one after a step, then those skipped before", () => {
    expect(nextStep(stepsOf({ missing: ["about", "hours", "listing"] }), "service")).toBe("hours");
    expect(nextStep(stepsOf({ missing: ["about"] }), "publish")).toBe("about");
  });

  it("is not the step that was just skipped", () => {
    expect(nextStep(stepsOf({ missing: ["about", "room"] }), "about")).toBe("room");
    expect(nextStep(stepsOf({ missing: ["room"] }), "room")).toBe("publish");
  });

  it("is the last one when none is open", () => {
    expect(nextStep(stepsOf(nothing))).toBe("publish");
  });
});

describe("the step in the address", () => {
  it("is used if it exists", () => {
    expect(chosenStep(stepsOf(everything), "room")).toBe("room");
    expect(chosenStep(stepsOf(everything), "money")).toBe("about");
    expect(chosenStep(stepsOf(everything), null)).toBe("about");
  });

  it("is the first without a mentor profile", () => {
    expect(chosenStep(stepsOf(null), "hours")).toBe("page");
  });
});
