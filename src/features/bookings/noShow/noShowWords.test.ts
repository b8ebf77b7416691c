import { describe, expect, it } from "vitest";
import type { Booking } from "#contract/bookings.ts";
import type { NoShow } from "#contract/noShow.ts";
import { bookingRoles } from "#rules/bookingState.ts";
import { noShowStates } from "#rules/noShow.ts";
import { awaitsAnswerOf } from "./noShowFacts.ts";
import { noShowBadge, noShowWords } from "./noShowWords.ts";

const now = Date.parse("2026-11-24T10:00:00Z");
const told = (changes: Partial<NoShow> | null) =>
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

describe("the word in a list", () => {
  it("says whose answer is awaited, and who did not come", () => {
    const words = (changes: Partial<NoShow>) =>
      roles.map((role) => noShowBadge(told(changes), role, now)?.words ?? null);
    expect(words({})).toEqual(["Waits for Asha’s answer", "Waits for your answer"]);
    expect(words({ claimed_by: "mentor" })).toEqual(["Waits for your answer", "Waits for Bikram’s answer"]);
    for (const state of ["agreed", "unanswered"] as const) {
      expect(words({ state })).toEqual(["Asha did not come", "You did not come"]);
    }
    for (const state of ["disputed", "withdrawn"] as const) expect(words({ state })).toEqual([null, null]);
    expect(noShowBadge(told(null), "student", now)).toBeNull();
  });

  it("stands with the moment at which the window closes", () => {
    const over = told({ answer_until: "2026-11-24T10:00:00Z" });
    expect(noShowBadge(over, "mentor", now)?.words).toBe("You did not come");
    expect(awaitsAnswerOf(over, "mentor", now)).toBe(false);
    expect(awaitsAnswerOf(told({}), "mentor", now)).toBe(true);
    expect(awaitsAnswerOf(told({}), "student", now)).toBe(false);
  });
});

describe("the words on the page", () => {
  it.each(noShowStates)("for %s are whole, on both sides", (state) => {
    for (const role of roles) {
      for (const claimed_by of roles) {
        const words = noShowWords(told({ state, claimed_by }), role, now);
        expect(words?.title).toMatch(/^(You|Asha|Bikram|It) /);
        expect(words?.meaning).toMatch(/[.]$/);
        expect(JSON.stringify(words)).not.toContain(role === "student" ? "Bikram" : "Asha");
      }
    }
  });

  it("do not wait for a job to note that time has run out", () => {
    const over = told({ answer_until: "2026-11-24T10:00:00Z" });
    expect(noShowWords(over, "mentor", now)).toEqual(
      noShowWords(told({ state: "unanswered" }), "mentor", now),
    );
    expect(noShowWords(told(null), "mentor", now)).toBeNull();
  });
});
