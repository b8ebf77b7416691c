import { expect, it } from "vitest";
import { countLimits, ownedCaps } from "./limits.ts";

it("a mentor can preview as many hours as can be saved", () => {
  expect(countLimits.previewedWindows).toBeGreaterThanOrEqual(
    ownedCaps.weekly_windows + ownedCaps.dated_windows,
  );
  expect(countLimits.previewedBlockedDates).toBeGreaterThanOrEqual(ownedCaps.blocked_dates);
  expect(countLimits.previewedTimezonePeriods).toBeGreaterThanOrEqual(ownedCaps.timezone_periods);
});
