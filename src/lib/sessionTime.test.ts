import { describe, expect, it } from "vitest";
import { dateParts, formatTimeRange, sameDay } from "./sessionTime.ts";

const clean = (text: string) => text.replace(/\s/g, " ").replace(/[AP]M/g, (half) => half.toLowerCase());

describe("the times of a session", () => {
  it("show am or pm once, and both in full if the session crosses midnight", () => {
    const range = (from: string, to: string) => clean(formatTimeRange(from, to, "Asia/Kolkata"));
    expect(range("2026-11-24T04:30:00Z", "2026-11-24T05:30:00Z")).toBe("10:00 – 11:00 am");
    expect(range("2026-11-24T18:00:00Z", "2026-11-24T19:00:00Z")).toBe("11:30 pm – 12:30 am");
  });

  it("show the offset if the hour is repeated", () => {
    const range = (from: string, to: string) => clean(formatTimeRange(from, to, "America/New_York"));
    expect(range("2026-11-01T05:00:00Z", "2026-11-01T05:30:00Z")).toBe("1:00 am (GMT-4) – 1:30 am (GMT-4)");
    expect(range("2026-11-01T06:00:00Z", "2026-11-01T06:30:00Z")).toBe("1:00 am (GMT-5) – 1:30 am (GMT-5)");
    expect(range("2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z")).toBe("1:00 am (GMT-4) – 1:00 am (GMT-5)");
  });

  it("are in UTC for a zone that is unknown to the browser", () => {
    const [from, to] = ["2026-11-24T04:30:00Z", "2026-11-24T05:30:00Z"] as const;
    expect(formatTimeRange(from, to, "Mars/Olympus")).toBe(formatTimeRange(from, to, "UTC"));
    expect(dateParts(from, "Mars/Olympus")).toEqual(dateParts(from, "UTC"));
    expect(sameDay(from, "Mars/Olympus", "UTC")).toBe(true);
  });
});
