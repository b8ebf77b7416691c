import { describe, expect, it } from "vitest";
import { addMs, epochMs, MINUTE_MS } from "#scheduling/units.ts";
import { calendarHealth, calendarStaleMinutes } from "./calendarHealth.ts";

const now = epochMs(Date.parse("2026-12-01T10:00Z"));
const ago = (minutes: number) => addMs(now, -minutes * MINUTE_MS);

describe("the health of a calendar connection", () => {
  const health = (
    syncedAt: number | null,
    problem: string | null = null,
    staleMinutes = calendarStaleMinutes,
  ) =>
    calendarHealth(
      { syncedAt: syncedAt === null ? null : ago(syncedAt), createdAt: ago(5), problem },
      now,
      staleMinutes,
    );

  it("is fine while its busy times are new, late after ten minutes, broken after half an hour", () => {
    expect([0, 10, 11, 30, 31].map((minutes) => health(minutes))).toEqual([
      "fine",
      "fine",
      "late",
      "late",
      "broken",
    ]);
  });

  it("is late with a problem that may pass, and broken with one that its owner has to mend", () => {
    expect(health(1, "unreachable")).toBe("late");
    expect(health(31, "unreachable")).toBe("broken");
    for (const problem of ["login_refused", "forbidden", "not_found"])
      expect(health(1, problem)).toBe("broken");
  });

  it("counts from its creation until it was read, and as the operator chooses", () => {
    expect(health(null)).toBe("fine");
    expect(health(40, null, 60)).toBe("late");
  });
});
