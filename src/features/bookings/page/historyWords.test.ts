import { describe, expect, it } from "vitest";
import { type BookingEvent, bookingEventKinds } from "#contract/bookings.ts";
import { historyWords } from "./historyWords.ts";

const names = {
  user_name: "Bikram Thapa",
  mentor: { id: "m", username: "asha", full_name: "Asha Rao", headline: "" },
};
const event = (changes: Partial<BookingEvent>): BookingEvent => ({
  id: 1,
  kind: "created",
  actor: "student",
  from_status: null,
  to_status: "pending",
  from_starts_at: null,
  to_starts_at: null,
  reason: null,
  created_at: "2026-11-22T10:00:00.000Z",
  ...changes,
});

describe("a line of the history", () => {
  it("speaks to its reader", () => {
    expect(historyWords(event({}), "student", names)).toBe("You asked for this session");
    expect(historyWords(event({}), "mentor", names)).toBe("Bikram asked for this session");
    expect(historyWords(event({ to_status: "confirmed" }), "mentor", names)).toBe(
      "Bikram booked this session",
    );
    expect(historyWords(event({ kind: "rescheduled", actor: "mentor" }), "student", names)).toBe(
      "Asha moved it to another time",
    );
  });

  it("tells a withdrawn request from a cancelled session", () => {
    const cancelled = { kind: "cancelled", to_status: "cancelled" } as const;
    expect(historyWords(event({ ...cancelled, from_status: "pending" }), "student", names)).toBe(
      "You withdrew the request",
    );
    expect(historyWords(event({ ...cancelled, from_status: "confirmed" }), "student", names)).toBe(
      "You cancelled the session",
    );
  });

  it("says who did not come, to both", () => {
    const claimed = event({ kind: "no_show_claimed", to_status: "confirmed" });
    expect(historyWords(claimed, "student", names)).toBe("You said that Asha did not come");
    expect(historyWords(claimed, "mentor", names)).toBe("Bikram said that you did not come");
    expect(historyWords({ ...claimed, actor: "mentor" }, "mentor", names)).toBe(
      "You said that Bikram did not come",
    );
  });

  it("names nobody where nobody acted", () => {
    const words = bookingEventKinds.map((kind) =>
      historyWords(event({ kind, actor: "system" }), "student", names),
    );
    expect(words.filter((sentence) => /Asha|Bikram|You/.test(sentence))).toEqual([]);
    expect(historyWords(event({ kind: "expired", actor: "system" }), "student", names)).toBe(
      "The request ran out without an answer",
    );
  });
});
