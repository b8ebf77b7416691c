import { describe, expect, it } from "vitest";
import { DAY_MS, epochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from "#scheduling/units.ts";
import { afterFailure, hasLink, meetingKinds } from "./meetingPlaces.ts";

const now = epochMs(0);
const endsAt = epochMs(10 * DAY_MS);
const passing = (count: number, retryAfterMs?: number) =>
  afterFailure({ count, isLasting: false, retryAfterMs }, { endsAt, now });

describe("a failed attempt at a link", () => {
  it("is repeated after longer and longer pauses, and the fourth in a row falls back", () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((count) => passing(count))).toEqual([
      { fallsBack: false, againAfterMs: 5 * SECOND_MS },
      { fallsBack: false, againAfterMs: 20 * SECOND_MS },
      { fallsBack: false, againAfterMs: MINUTE_MS },
      { fallsBack: true, againAfterMs: 5 * MINUTE_MS },
      { fallsBack: true, againAfterMs: 15 * MINUTE_MS },
      { fallsBack: true, againAfterMs: HOUR_MS },
      { fallsBack: true, againAfterMs: HOUR_MS },
    ]);
  });

  it("waits as long as it is told to, but no longer than a day, and falls back if that is long", () => {
    expect(passing(1, 30 * SECOND_MS)).toEqual({ fallsBack: false, againAfterMs: 30 * SECOND_MS });
    expect(passing(1, 2 * HOUR_MS)).toEqual({ fallsBack: true, againAfterMs: 2 * HOUR_MS });
    expect(passing(1, 40 * DAY_MS)).toEqual({ fallsBack: true, againAfterMs: DAY_MS });
  });

  it("falls back at once if only a person can help, and is not repeated after the session", () => {
    expect(afterFailure({ count: 1, isLasting: true }, { endsAt, now })).toEqual({
      fallsBack: true,
      againAfterMs: HOUR_MS,
    });
    const over = { endsAt: epochMs(MINUTE_MS), now };
    expect(afterFailure({ count: 1, isLasting: true }, over).againAfterMs).toBeNull();
    expect(afterFailure({ count: 1, isLasting: false }, over).againAfterMs).toBe(5 * SECOND_MS);
  });
});

it("a session has a link unless it is by phone or in person", () => {
  expect(meetingKinds.filter((kind) => !hasLink(kind))).toEqual(["phone", "in_person"]);
  expect(hasLink(undefined)).toBe(true);
});
