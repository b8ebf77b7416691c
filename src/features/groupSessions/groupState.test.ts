import { describe, expect, it } from "vitest";
import type { GroupSession } from "#contract/groupSessions.ts";
import { isJoinable, lookOf, missingIn, splitGroups } from "./groupState.ts";

const start = Date.parse("2026-12-01T10:00:00Z");
const base = {
  starts_at: new Date(start).toISOString(),
  ends_at: new Date(start + 3_600_000).toISOString(),
  join_until: new Date(start + 600_000).toISOString(),
  state: "open",
  capacity: 8,
  seats_taken: 2,
  seats_left: 6,
  min_attendees: 1,
  price: 500,
  programme: null,
} as GroupSession;
const at = (minutes: number) => new Date(start + minutes * 60_000);

describe("a group session", () => {
  it.each([
    ["open", {}, -60],
    ["waiting", { min_attendees: 3 }, -60],
    ["open", { min_attendees: 2 }, -60],
    ["on", { state: "on", min_attendees: 3 }, -60],
    ["open", { state: "on" }, -60],
    ["full", { seats_left: 0 }, -60],
    [
      "programme",
      { programme: { id: "p", title: "Eight weeks", place: 1, sessions: 8 }, seats_left: 0 },
      -60,
    ],
    ["running", { seats_left: 0 }, 0],
    ["over", {}, 60],
    ["cancelled", { state: "cancelled" }, 60],
  ] as const)("is %s: %o", (look, others, minutes) => {
    expect(lookOf({ ...base, ...others }, at(minutes))).toBe(look);
  });

  it("misses people until it is decided", () => {
    expect(missingIn({ ...base, min_attendees: 5 })).toBe(3);
    expect(missingIn({ ...base, min_attendees: 5, state: "on" })).toBe(0);
    expect(missingIn({ ...base, seats_taken: 0 })).toBe(0);
  });

  it("can be joined while it has seats, a price and time", () => {
    expect(isJoinable(base, at(9))).toBe(true);
    expect(isJoinable(base, at(10))).toBe(false);
    expect(isJoinable({ ...base, seats_left: 0 }, at(0))).toBe(false);
    expect(isJoinable({ ...base, price: null }, at(0))).toBe(false);
    expect(isJoinable({ ...base, state: "cancelled" }, at(0))).toBe(false);
    const programme = { id: "p", title: "Eight weeks", place: 1, sessions: 8 };
    expect(isJoinable({ ...base, programme }, at(0))).toBe(false);
  });

  it("is listed with the coming ones, or before them", () => {
    const cancelled = { ...base, id: "cancelled", state: "cancelled" as const };
    const [first, second] = [
      { ...base, id: "first" },
      { ...base, id: "second" },
    ];
    const { upcoming, past } = splitGroups([first, cancelled, second], at(0));
    expect(upcoming).toEqual([first, second]);
    expect(past).toEqual([cancelled]);
  });
});
