import { describe, expect, it } from "vitest";
import { formatInstant, parseInstant } from "#scheduling/units.ts";
import { wallClock } from "@/lib/time.ts";
import type { FreeSlot } from "./bookingStep.ts";
import { otherTimes, sameTimeAgain } from "./rebookTimes.ts";

/** As the API lists it for a viewer in a zone. */
function slot(starts_at: string, timeZone: string): FreeSlot {
  return { startsAt: parseInstant(starts_at), available: true, ...wallClock(starts_at, timeZone) };
}

const kathmandu = "Asia/Kathmandu";
/** A Tuesday, 14:15 in Kathmandu. */
const held = "2026-11-24T08:30:00Z";
const free = (...starts: string[]) => starts.map((start) => slot(start, kathmandu));

describe("sameTimeAgain", () => {
  it("returns the first time on the same weekday and at the same time of day", () => {
    const slots = free(
      "2026-11-25T08:30:00Z",
      "2026-12-01T08:00:00Z",
      "2026-12-01T08:30:00Z",
      "2026-12-08T08:30:00Z",
    );
    expect(sameTimeAgain(slots, held, kathmandu)?.startsAt).toBe(parseInstant("2026-12-01T08:30:00Z"));
  });

  it("returns a later week's time when the next one is taken", () => {
    const slots = free("2026-12-01T09:30:00Z", "2026-12-15T08:30:00Z");
    expect(sameTimeAgain(slots, held, kathmandu)?.startsAt).toBe(parseInstant("2026-12-15T08:30:00Z"));
  });

  it("returns null when no such time is available", () => {
    expect(sameTimeAgain(free("2026-12-01T08:00:00Z", "2026-12-02T08:30:00Z"), held, kathmandu)).toBeNull();
    expect(sameTimeAgain([], held, kathmandu)).toBeNull();
  });

  it("keeps the viewer's time of day across a clock change", () => {
    const zone = "Europe/Berlin";
    const before = "2026-10-20T08:00:00Z";
    const slots = ["2026-10-27T08:00:00Z", "2026-10-27T09:00:00Z"].map((start) => slot(start, zone));
    expect(sameTimeAgain(slots, before, zone)).toMatchObject({
      time: "10:00",
      startsAt: parseInstant("2026-10-27T09:00:00Z"),
    });
  });

  it("uses the viewer's weekday, not the mentor's", () => {
    // Tuesday evening in Los Angeles is Wednesday in Kathmandu.
    const zone = "America/Los_Angeles";
    const slots = ["2026-12-01T03:00:00Z", "2026-12-02T03:00:00Z"].map((start) => slot(start, zone));
    expect(sameTimeAgain(slots, "2026-11-25T03:00:00Z", zone)?.startsAt).toBe(
      parseInstant("2026-12-02T03:00:00Z"),
    );
  });
});

describe("otherTimes", () => {
  it("returns two of each day, earliest first, without the suggested one", () => {
    const slots = free(
      "2026-11-26T04:00:00Z",
      "2026-11-26T05:00:00Z",
      "2026-11-26T06:00:00Z",
      "2026-11-27T04:00:00Z",
      "2026-12-01T08:30:00Z",
      "2026-12-02T04:00:00Z",
    );
    expect(otherTimes(slots, slots[4] ?? null, 4).map(({ startsAt }) => formatInstant(startsAt))).toEqual([
      "2026-11-26T04:00:00.000Z",
      "2026-11-26T05:00:00.000Z",
      "2026-11-27T04:00:00.000Z",
      "2026-12-02T04:00:00.000Z",
    ]);
    expect(otherTimes(slots, null, 3)).toHaveLength(3);
  });
});
