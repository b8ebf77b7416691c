import { describe, expect, it } from "vitest";
import type { EmptyDayReason, SlotAnswer } from "#contract/slots.ts";
import { addDays, localDate } from "#scheduling/dates.ts";
import { suggestAlertDays } from "./alertDays.ts";

const today = "2026-12-28";

/** One entry per day from today: available, or the reason why not. */
function days(...kinds: ("free" | EmptyDayReason)[]): SlotAnswer["days"] {
  const slot = { starts_at: "2026-12-28T08:30:00Z", ends_at: "2026-12-28T09:30:00Z", time: "10:00" };
  return kinds.map((kind, index) => ({
    date: addDays(localDate(today), index),
    slots:
      kind === "free" ? [{ ...slot, available: true } as SlotAnswer["days"][number]["slots"][number]] : [],
    ...(kind !== "free" && { reason: kind }),
  }));
}

describe("the days suggested for an alert", () => {
  it("are the first ones without available times, also across the end of a year", () => {
    const known = days("free", "free", "full", "no_hours", "blocked", "free", "full");
    expect(suggestAlertDays(known, localDate(today))).toEqual({ from: "2026-12-30", to: "2027-01-01" });
  });

  it("end with the last known day when nothing later is available", () => {
    expect(suggestAlertDays(days("free", "full", "full"), localDate(today))).toEqual({
      from: "2026-12-29",
      to: "2026-12-30",
    });
    expect(suggestAlertDays(days("full", "full", "beyond_window"), localDate(today))).toEqual({
      from: today,
      to: "2026-12-29",
    });
  });

  it("start after the days on which it is too late", () => {
    const known = days("past", "notice", "full", "free");
    expect(suggestAlertDays(known, localDate(today))).toEqual({ from: "2026-12-30", to: "2026-12-30" });
    expect(suggestAlertDays(days("past", "free", "full"), localDate(today))).toEqual({
      from: "2026-12-30",
      to: "2026-12-30",
    });
  });

  it("are the two weeks after the booking window when every day has available times", () => {
    const after = { from: "2026-12-30", to: "2027-01-12" };
    expect(suggestAlertDays(days("free", "free"), localDate(today))).toEqual(after);
    expect(suggestAlertDays(days("free", "free", "beyond_window"), localDate(today))).toEqual(after);
    expect(suggestAlertDays([], localDate(today))).toEqual({ from: today, to: "2027-01-10" });
  });

  it("never include an available time", () => {
    const kinds = ["free", "full", "no_hours", "notice"] as const;
    for (let code = 0; code < kinds.length ** 5; code++) {
      const known = days(
        ...Array.from({ length: 5 }, (_, at) => kinds[Math.floor(code / kinds.length ** at) % 4]!),
      );
      const { from, to } = suggestAlertDays(known, localDate(today));
      const waited = known.filter(({ date }) => date >= from && date <= to);
      expect(
        waited.filter(({ slots }) => slots.length > 0),
        JSON.stringify({ known, from, to }),
      ).toEqual([]);
      expect(from <= to).toBe(true);
    }
  });
});
