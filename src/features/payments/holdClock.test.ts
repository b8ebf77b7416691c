import { describe, expect, it } from "vitest";
import { clockText, spokenBetween, untilNextStep } from "./holdClock.ts";

const until = Date.parse("2027-02-01T10:00:00Z");
const left = (seconds: number) => until - seconds * 1000;

describe("the countdown of a hold", () => {
  it("shows minutes and seconds, or minutes alone", () => {
    expect(clockText(until, left(545), "second")).toBe("9:05");
    expect(clockText(until, left(59.2), "second")).toBe("1:00");
    expect(clockText(until, left(545), "minute")).toBe("10\u00a0min");
    expect(clockText(until, left(-3), "second")).toBe("0:00");
  });

  it("is drawn again when its text changes", () => {
    expect(untilNextStep(until, left(545.25), "second")).toBe(250);
    expect(untilNextStep(until, left(545), "minute")).toBe(5000);
    expect(untilNextStep(until, left(540), "minute")).toBe(60_000);
    expect(untilNextStep(until, left(45), "minute")).toBe(15_000);
    expect(untilNextStep(until, left(20), "minute")).toBe(20_000);
    expect(untilNextStep(until, until, "second")).toBe(Number.POSITIVE_INFINITY);
  });

  it("is said at ten, five, two and one minutes and at 30 seconds", () => {
    const said = Array.from({ length: 720 }, (_, second) =>
      spokenBetween(until, left(720 - second), left(719 - second)),
    ).filter((moment) => moment !== null);
    expect(said).toEqual([600, 300, 120, 60, 30]);
  });

  it("is not said late, when a tab comes back", () => {
    expect(spokenBetween(until, left(700), left(400))).toBeNull();
    expect(spokenBetween(until, left(700), left(595))).toBe(600);
  });
});
