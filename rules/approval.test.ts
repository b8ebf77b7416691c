import { describe, expect, it } from "vitest";
import { approvalOf, isConfirmedInstantly } from "./approval.ts";

describe("approval", () => {
  it.each([
    // mentor's default, service's setting, first bookings need approval -> a new student's booking, a known student's
    [true, null, false, true, true],
    [true, null, true, false, true],
    [true, false, true, false, false],
    [false, null, true, false, false],
    [false, true, true, false, true],
    [false, true, false, true, true],
    [false, null, false, false, false],
  ])("profile %s, service %s, first approved %s", (profile, service, approvesFirst, stranger, returning) => {
    const mentor = { instant_confirm: profile, approve_first_timers: approvesFirst };
    const approval = approvalOf(mentor, { instant_confirm: service });
    expect(isConfirmedInstantly(approval, false)).toBe(stranger);
    expect(isConfirmedInstantly(approval, true)).toBe(returning);
  });
});
