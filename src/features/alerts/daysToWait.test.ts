import { describe, expect, it } from "vitest";
import type { EmptyDayReason, SlotAnswer } from "#contract/slots.ts";
import { addDays } from "#scheduling/dates.ts";
import { daysToWait } from "./daysToWait.ts";

const today = "2026-12-28";

/** One entry a day from today on: free, or the reason why it is not. */
function days(...kinds: ("free" | EmptyDayReason)[]): SlotAnswer["days"] {
  const slot = { starts_at: "2026-12-28T08:30:00Z", ends_at: "2026-12-28T09:30:00Z", time: "10:00" };
  return kinds.map((kind, index) => ({
    date: addDays(today, index),
    slots:
      kind === "free" ? [{ ...slot, available: true } as SlotAnswer["days"][number]["slots"][number]] : [],
    ...(kind !== "free" && { reason: kind }),
  }));
}

describe("the days suggested for waiting", () => {
  it("are the first ones without a free time, over the end of a year as well", () => {
    const known = days("free", "free", "full", "no_hours", "blocked", "free", "full");
    expect(daysToWait(known, today)).toEqual({ from: "2026-12-30", to: "2027-01-01" });
  });

  it("reach to the last known day where nothing more is free", () => {
    expect(daysToWait(days("free", "full", "full"), today)).toEqual({ from: "2026-12-29", to: "2026-12-30" });
    expect(daysToWait(days("full", "full", "beyond_window"), today)).toEqual({
      from: today,
      to: "2026-12-29",
    });
  });

  it("begin with no day on which it is too late", () => {
    const known = days("past", "notice", "full", "free");
    expect(daysToWait(known, today)).toEqual({ from: "2026-12-30", to: "2026-12-30" });
    expect(daysToWait(days("past", "free", "full"), today)).toEqual({ from: "2026-12-30", to: "2026-12-30" });
  });

  it("are the two weeks after what can be booked where every day has a free time", () => {
    const after = { from: "2026-12-30", to: "2027-01-12" };
    expect(daysToWait(days("free", "free"), today)).toEqual(after);
    expect(daysToWait(days("free", "free", "beyond_window"), today)).toEqual(after);
    expect(daysToWait([], today)).toEqual({ from: today, to: "2027-01-10" });
  });

  it("hold no free time, whatever the days are", () => {
    const kinds = ["free", "full", "no_hours", "notice"] as const;
    for (let code = 0; code < kinds.length ** 5; code++) {
      const known = days(
        ...Array.from({ length: 5 }, (_, at) => kinds[Math.floor(code / kinds.length ** at) % 4]!),
      );
      const { from, to } = daysToWait(known, today);
      const waited = known.filter(({ date }) => date >= from && date <= to);
      expect(
        waited.filter(({ slots }) => slots.length > 0),
        JSON.stringify({ known, from, to }),
      ).toEqual([]);
      expect(from <= to).toBe(true);
    }
  });
});
