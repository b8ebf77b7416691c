import { describe, expect, it } from "vitest";
import type { Booking } from "#contract/bookings.ts";
import type { NoShow } from "#contract/noShow.ts";
import { bookingRoles } from "#rules/bookingState.ts";
import { noShowStates } from "#rules/noShow.ts";
import { awaitsReplyOf, noShowReport, noShowStatus } from "./noShowStatus.ts";

const now = Date.parse("2026-11-24T10:00:00Z");
const reported = (changes: Partial<NoShow> | null) =>
  ({
    user_name: "Bikram Thapa",
    mentor: { full_name: "Asha Rao" },
    no_show: changes && {
      claimed_by: "student",
      state: "open",
      answer_until: "2026-11-24T10:00:01Z",
      ...changes,
    },
  }) as Booking;
const roles = bookingRoles;

describe("the label of a session with a no-show report", () => {
  it("shows whose reply is awaited and who missed the session", () => {
    const labels = (changes: Partial<NoShow>) =>
      roles.map((role) => noShowStatus(reported(changes), role, now)?.text ?? null);
    expect(labels({})).toEqual(["Awaiting Asha’s reply", "Needs your reply"]);
    expect(labels({ claimed_by: "mentor" })).toEqual(["Needs your reply", "Awaiting Bikram’s reply"]);
    for (const state of ["agreed", "unanswered"] as const) {
      expect(labels({ state })).toEqual(["Asha didn’t attend", "You didn’t attend"]);
    }
    for (const state of ["disputed", "withdrawn"] as const) expect(labels({ state })).toEqual([null, null]);
    expect(noShowStatus(reported(null), "student", now)).toBeNull();
  });

  it("changes at the very moment the window to reply closes", () => {
    const over = reported({ answer_until: "2026-11-24T10:00:00Z" });
    expect(noShowStatus(over, "mentor", now)?.text).toBe("You didn’t attend");
    expect(awaitsReplyOf(over, "mentor", now)).toBe(false);
    expect(awaitsReplyOf(reported({}), "mentor", now)).toBe(true);
    expect(awaitsReplyOf(reported({}), "student", now)).toBe(false);
  });
});

describe("a no-show report on the page of its session", () => {
  it.each(noShowStates)("has a heading and a consequence for both sides when it is %s", (state) => {
    for (const role of roles) {
      for (const claimed_by of roles) {
        const report = noShowReport(reported({ state, claimed_by }), role, now);
        expect(report?.title).toMatch(/^(You |Asha |Bikram |Recorded: |No-show disputed$)/);
        expect(report?.meaning).toMatch(/[.]$/);
        expect(JSON.stringify(report)).not.toContain(role === "student" ? "Bikram" : "Asha");
      }
    }
  });

  it("counts as unanswered once the window has closed, before the job records it", () => {
    const over = reported({ answer_until: "2026-11-24T10:00:00Z" });
    expect(noShowReport(over, "mentor", now)).toEqual(
      noShowReport(reported({ state: "unanswered" }), "mentor", now),
    );
    expect(noShowReport(reported(null), "mentor", now)).toBeNull();
  });
});
