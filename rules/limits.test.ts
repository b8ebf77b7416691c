import { expect, it } from "vitest";
import { countLimits, ownedCaps } from "./limits.ts";

it("lets a mentor preview all the hours that one may own", () => {
  expect(countLimits.previewedWindows).toBeGreaterThanOrEqual(
    ownedCaps.weekly_windows + ownedCaps.dated_windows,
  );
  expect(countLimits.previewedBlockedDates).toBeGreaterThanOrEqual(ownedCaps.blocked_dates);
  expect(countLimits.previewedTimezonePeriods).toBeGreaterThanOrEqual(ownedCaps.timezone_periods);
});
