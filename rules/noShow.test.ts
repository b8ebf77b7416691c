import { describe, expect, it } from "vitest";
import { addMs, epochMs, HOUR_MS, parseInstant } from "#scheduling/units.ts";
import type { BookingStatus } from "./bookingState.ts";
import { bookingRoles } from "./bookingState.ts";
import {
  decideAnswer,
  decideClaim,
  decideWithdrawal,
  holdsUp,
  type NoShowClaim,
  type NoShowState,
  noShowStates,
  noShowStatusAt,
} from "./noShow.ts";

const end = parseInstant("2026-11-24T16:00:00Z");
const session = { status: "confirmed" as BookingStatus, endsAt: end, claim: null };
const claim = (state: NoShowState = "open", claimedBy: NoShowClaim["claimedBy"] = "student") => ({
  claimedBy,
  state,
  answerUntil: addMs(end, 48 * HOUR_MS),
});

describe("decideClaim", () => {
  it.each([
    ["a moment before the end", addMs(end, -1), "not_over"],
    ["at the end", end, null],
    ["three days later, less a moment", addMs(end, 72 * HOUR_MS - 1), null],
    ["three days later", addMs(end, 72 * HOUR_MS), "too_late"],
  ])("%s", (_, now, why) => {
    for (const role of bookingRoles) {
      expect(decideClaim(role, session, now)).toEqual(why ? { ok: false, why } : { ok: true });
    }
  });

  it.each([
    ["pending", "wrong_status"],
    ["cancelled", "wrong_status"],
    ["confirmed", null],
    // The mentor may have closed it in its first minute.
    ["completed", null],
  ] as const)("of a %s session", (status, why) => {
    expect(decideClaim("student", { ...session, status }, end)).toEqual(
      why ? { ok: false, why } : { ok: true },
    );
  });

  it("is one at a time, and after a dispute there is no other", () => {
    for (const state of noShowStates.filter((one) => one !== "withdrawn")) {
      for (const role of bookingRoles) {
        expect(decideClaim(role, { ...session, claim: claim(state) }, end)).toEqual({
          ok: false,
          why: "claimed",
        });
      }
    }
  });

  it("that was taken back leaves room for the other side's, not for itself", () => {
    const after = { ...session, claim: claim("withdrawn") };
    expect(decideClaim("mentor", after, end)).toEqual({ ok: true });
    expect(decideClaim("student", after, end)).toEqual({ ok: false, why: "taken_back" });
  });
});

describe("an open claim", () => {
  const last = addMs(end, 48 * HOUR_MS) - 1;
  it("is answered by the other party and withdrawn by the reporter, until the window closes", () => {
    expect(decideAnswer("mentor", claim(), epochMs(last))).toEqual({ ok: true });
    expect(decideAnswer("student", claim(), epochMs(last))).toEqual({ ok: false, why: "not_yours_to_take" });
    expect(decideWithdrawal("student", claim(), epochMs(last))).toEqual({ ok: true });
    expect(decideWithdrawal("mentor", claim(), epochMs(last))).toEqual({
      ok: false,
      why: "not_yours_to_take",
    });
    for (const decision of [
      decideAnswer("mentor", claim(), epochMs(last + 1)),
      decideWithdrawal("student", claim(), epochMs(last + 1)),
    ]) {
      expect(decision).toEqual({ ok: false, why: "too_late" });
    }
  });

  it("is the only one that moves", () => {
    for (const state of noShowStates.filter((one) => one !== "open")) {
      expect(decideAnswer("mentor", claim(state), end)).toEqual({ ok: false, why: "settled" });
      expect(decideWithdrawal("student", claim(state), end)).toEqual({ ok: false, why: "settled" });
    }
    expect(decideAnswer("mentor", null, end)).toEqual({ ok: false, why: "no_claim" });
    expect(decideWithdrawal("mentor", null, end)).toEqual({ ok: false, why: "no_claim" });
  });
});

describe("noShowStatusAt", () => {
  it("is open until the window closes, and counts from then on", () => {
    expect(noShowStatusAt(claim(), addMs(end, 48 * HOUR_MS - 1))).toBe("open");
    expect(noShowStatusAt(claim(), addMs(end, 48 * HOUR_MS))).toBe("effective");
  });
  it("counts when agreed or unanswered, and not when disputed or withdrawn", () => {
    expect(noShowStates.map((state) => noShowStatusAt(claim(state), end))).toEqual([
      "open",
      "effective",
      "none",
      "none",
      "effective",
    ]);
    expect(noShowStatusAt(null, end)).toBe("none");
  });
  it("agrees with what holds up completion", () => {
    for (const state of noShowStates) {
      expect(holdsUp(claim(state))).toBe(noShowStatusAt(claim(state), end) !== "none");
    }
    expect(holdsUp(null)).toBe(false);
  });
});
