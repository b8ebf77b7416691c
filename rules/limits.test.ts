import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { countLimits, numberLimits, ownedCaps } from "./limits.ts";
import { offerCaps, offerLimits, shareLimits } from "./moneyLimits.ts";
import { paymentWindows } from "./paymentWindows.ts";

const page = readFileSync(new URL("../docs/limits.md", import.meta.url), "utf8");

it("a mentor can preview as many hours as can be saved", () => {
  expect(countLimits.previewedWindows).toBeGreaterThanOrEqual(
    ownedCaps.weekly_windows + ownedCaps.dated_windows,
  );
  expect(countLimits.previewedBlockedDates).toBeGreaterThanOrEqual(ownedCaps.blocked_dates);
  expect(countLimits.previewedTimezonePeriods).toBeGreaterThanOrEqual(ownedCaps.timezone_periods);
});

/** Figures of money as docs/limits.md has them, each after the start of its row. */
const moneyFigures = [
  ["minutes to pay for a session", { max: paymentWindows.paymentHold }],
  ["minutes that “more time” adds, once", { max: paymentWindows.morePaymentTime }],
  ["hours from the end of a session until its money is the mentor's", { max: paymentWindows.dispute / 60 }],
  ["price of a length or of the recording, in rupees", numberLimits.price],
  ["minutes before the start until which a refund is full or partial", numberLimits.cutoffMinutes],
  ["part that a student gets back, in percent", shareLimits.refundPercent],
  ["characters of a coupon's code", offerLimits.couponCodeCharacters],
  ["what a coupon takes off, in percent", offerLimits.couponPercent],
  ["uses of a coupon, by all students or by one", offerLimits.couponUses],
  ["days from the making of a coupon to its end", offerLimits.couponDays],
  ["sessions in a package", offerLimits.packageSessions],
  ["days from the purchase of a package to its end", offerLimits.packageDays],
] as const satisfies [string, { min?: number; max: number }][];

it("docs/limits.md has the figures of money, and no others", () => {
  const rows = moneyFigures.map(([what, figures]) => {
    const min = "min" in figures ? figures.min.toLocaleString("en") : "";
    return `| ${what} | ${min} | ${figures.max.toLocaleString("en")} |`;
  });
  const [, table] = /## Money[\s\S]*?\| --- \| --- \| --- \|\n([\s\S]*)$/.exec(page) ?? [];
  expect(table?.trim().split("\n")).toEqual(rows);
});

it("docs/limits.md has how many coupons and packages a mentor may have", () => {
  expect(page).toContain(`| coupons of a mentor, not counting deleted ones | ${offerCaps.coupons} |`);
  expect(page).toContain(
    `| packages that a mentor offers, not counting deleted ones | ${offerCaps.packages} |`,
  );
});
