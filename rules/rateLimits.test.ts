import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type RateLimit, rateLimits, slotAnswerUnits } from "./rateLimits.ts";

const page = readFileSync(new URL("../docs/limits.md", import.meta.url), "utf8");

function spellWindow(seconds: number): string {
  if (seconds % 3600 === 0) return seconds === 3600 ? "an hour" : `in ${seconds / 3600} hours`;
  return seconds === 60 ? "a minute" : `in ${seconds / 60} minutes`;
}

function rowOf(limit: RateLimit): string {
  return `| ${limit.what} | ${limit.max.toLocaleString("en")} ${spellWindow(limit.seconds)} | ${limit.by} | ${limit.counted} |`;
}

describe("docs/limits.md", () => {
  it("has every rate limit, in the table's order", () => {
    const rows = Object.values(rateLimits).map(rowOf);
    expect(page).toContain(["| --- | --- | --- | --- |", ...rows].join("\n"));
  });
});

describe("a response with free times", () => {
  it("counts by its size: a usual month once, the largest there is twenty times", () => {
    expect([0, 40_000, 65_536, 65_537, 1_305_554].map(slotAnswerUnits)).toEqual([1, 1, 1, 2, 20]);
  });
});
