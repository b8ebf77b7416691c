import { describe, expect, it } from "vitest";
import { approvalOf, isConfirmedInstantly, spellApproval } from "./approval.ts";

describe("approval", () => {
  it.each([
    // mentor confirms, service says, first bookings are approved -> a stranger's booking, one of a student who was there
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

  it("promises an instant confirmation only where everybody gets it", () => {
    expect(spellApproval("instant", "Asha")).toBe("Confirmed instantly");
    expect(spellApproval("first_asks", "Asha")).toBe("First session: Asha replies within 48 h");
    expect(spellApproval("asks", "Asha")).toBe("Asha replies within 48 h");
  });
});
