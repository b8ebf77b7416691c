import { describe, expect, it } from "vitest";
import { type BookingEvent, bookingEventKinds } from "#contract/bookings.ts";
import { historyLine } from "./historyLine.ts";

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

describe("a line of a booking's history", () => {
  it("addresses its reader", () => {
    expect(historyLine(event({}), "student", names)).toBe("You requested this session");
    expect(historyLine(event({}), "mentor", names)).toBe("Bikram requested this session");
    expect(historyLine(event({ to_status: "confirmed" }), "mentor", names)).toBe(
      "Bikram booked this session",
    );
    expect(historyLine(event({ kind: "rescheduled", actor: "mentor" }), "student", names)).toBe(
      "Asha rescheduled the session",
    );
  });

  it("distinguishes a withdrawn request from a cancelled session", () => {
    const cancelled = { kind: "cancelled", to_status: "cancelled" } as const;
    expect(historyLine(event({ ...cancelled, from_status: "pending" }), "student", names)).toBe(
      "You withdrew the request",
    );
    expect(historyLine(event({ ...cancelled, from_status: "confirmed" }), "student", names)).toBe(
      "You cancelled the session",
    );
  });

  it("shows both parties who was reported as a no-show", () => {
    const claimed = event({ kind: "no_show_claimed", to_status: "confirmed" });
    expect(historyLine(claimed, "student", names)).toBe("You reported Asha as a no-show");
    expect(historyLine(claimed, "mentor", names)).toBe("Bikram reported you as a no-show");
    expect(historyLine({ ...claimed, actor: "mentor" }, "mentor", names)).toBe(
      "You reported Bikram as a no-show",
    );
  });

  it("names no person if the system acted", () => {
    const lines = bookingEventKinds.map((kind) =>
      historyLine(event({ kind, actor: "system" }), "student", names),
    );
    expect(lines.filter((sentence) => /Asha|Bikram|You/.test(sentence))).toEqual([]);
    expect(historyLine(event({ kind: "expired", actor: "system" }), "student", names)).toBe(
      "The request expired without a reply",
    );
  });
});
