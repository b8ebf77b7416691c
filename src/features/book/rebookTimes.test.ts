import { describe, expect, it } from "vitest";
import { wallClock } from "@/lib/time.ts";
import type { FreeSlot } from "./bookingStep.ts";
import { otherTimes, sameTimeAgain } from "./rebookTimes.ts";

/** As the API lists it for a reader in a zone. */
function slot(startsAt: string, timeZone: string): FreeSlot {
  return { starts_at: startsAt, available: true, ...wallClock(startsAt, timeZone) };
}

const kathmandu = "Asia/Kathmandu";
/** A Tuesday, 14:15 in Kathmandu. */
const held = "2026-11-24T08:30:00Z";
const free = (...starts: string[]) => starts.map((start) => slot(start, kathmandu));

describe("sameTimeAgain", () => {
  it("is the first one on the same weekday and hour", () => {
    const slots = free(
      "2026-11-25T08:30:00Z",
      "2026-12-01T08:00:00Z",
      "2026-12-01T08:30:00Z",
      "2026-12-08T08:30:00Z",
    );
    expect(sameTimeAgain(slots, held, kathmandu)?.starts_at).toBe("2026-12-01T08:30:00Z");
  });

  it("is a later week's where the next one is taken", () => {
    const slots = free("2026-12-01T09:30:00Z", "2026-12-15T08:30:00Z");
    expect(sameTimeAgain(slots, held, kathmandu)?.starts_at).toBe("2026-12-15T08:30:00Z");
  });

  it("is nothing rather than something else", () => {
    expect(sameTimeAgain(free("2026-12-01T08:00:00Z", "2026-12-02T08:30:00Z"), held, kathmandu)).toBeNull();
    expect(sameTimeAgain([], held, kathmandu)).toBeNull();
  });

  it("keeps the reader's hour over a clock change of his", () => {
    const zone = "Europe/Berlin";
    const before = "2026-10-20T08:00:00Z";
    const slots = ["2026-10-27T08:00:00Z", "2026-10-27T09:00:00Z"].map((start) => slot(start, zone));
    expect(sameTimeAgain(slots, before, zone)).toMatchObject({
      time: "10:00",
      starts_at: "2026-10-27T09:00:00Z",
    });
  });

  it("counts the weekday where the reader is, not where the mentor is", () => {
    // Tuesday evening in Los Angeles is Wednesday in Kathmandu.
    const zone = "America/Los_Angeles";
    const slots = ["2026-12-01T03:00:00Z", "2026-12-02T03:00:00Z"].map((start) => slot(start, zone));
    expect(sameTimeAgain(slots, "2026-11-25T03:00:00Z", zone)?.starts_at).toBe("2026-12-02T03:00:00Z");
  });
});

describe("otherTimes", () => {
  it("takes two of each day, earliest first, and leaves out the suggested one", () => {
    const slots = free(
      "2026-11-26T04:00:00Z",
      "2026-11-26T05:00:00Z",
      "2026-11-26T06:00:00Z",
      "2026-11-27T04:00:00Z",
      "2026-12-01T08:30:00Z",
      "2026-12-02T04:00:00Z",
    );
    expect(otherTimes(slots, slots[4] ?? null, 4).map(({ starts_at }) => starts_at)).toEqual([
      "2026-11-26T04:00:00Z",
      "2026-11-26T05:00:00Z",
      "2026-11-27T04:00:00Z",
      "2026-12-02T04:00:00Z",
    ]);
    expect(otherTimes(slots, null, 3)).toHaveLength(3);
  });
});
