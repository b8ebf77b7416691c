import { expect, it } from "vitest";
import { countdownText, untilNextText } from "./countdown.ts";

const start = Date.parse("2026-11-24T15:00:00Z");
const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

/** A number and its unit stay on one line. */
const plain = (words: string) => words.replaceAll("\u00a0", " ");

it.each([
  [9 * day + 23 * hour + 59 * minute, "in 9 days 23 h"],
  [2 * day + 4 * hour, "in 2 days 4 h"],
  [day, "in 1 day"],
  [day - second, "in 23 h 59 min"],
  [3 * hour + 12 * minute + 59 * second, "in 3 h 12 min"],
  [hour, "in 1 h"],
  [hour - 1, "in 1 h"],
  [hour - second, "in 59 min 59 s"],
  [12 * minute + 30 * second, "in 12 min 30 s"],
  [minute, "in 1 min"],
  [59 * second, "in 59 s"],
  [1, "in 1 s"],
  [0, "now"],
  [-day, "now"],
])("%i ms before: %s", (left, text) => {
  expect(plain(countdownText(start, start - left))).toBe(text);
});

it("shows whole minutes without seconds", () => {
  expect(plain(countdownText(start, start - 12.5 * minute, false))).toBe("in 12 min");
  expect(countdownText(start, start - 30 * second, false)).toBe("in less than a minute");
});

it("returns when its text changes, at any millisecond", () => {
  for (const withSeconds of [true, false]) {
    for (let left = 61 * minute + 137; left > 0; left -= 777) {
      const now = start - left;
      const text = countdownText(start, now, withSeconds);
      const wait = untilNextText(start, now, withSeconds);
      expect(wait).toBeGreaterThan(0);
      expect(countdownText(start, now + wait - 1, withSeconds)).toBe(text);
    }
  }
  expect(untilNextText(start, start)).toBe(Number.POSITIVE_INFINITY);
});
