import { describe, expect, it } from "vitest";
import type { Coupon } from "#contract/offers.ts";
import { couponErrors } from "#words/coupons.ts";
import {
  amountProblem,
  couponFormOf,
  couponOf,
  couponTermsOf,
  lastDayOf,
  newCoupon,
  percentProblem,
  untilProblem,
  usesProblem,
} from "./couponForm.ts";
import { couponStateOf } from "./couponState.ts";

const kolkata = "Asia/Kolkata";
const coupon: Coupon = {
  id: "0197a2b4-0000-7000-8000-000000000001",
  code: "WELCOME",
  percent: 12.5,
  amount: null,
  active_from: "2026-11-30T18:30:00.000Z",
  active_until: "2026-12-31T18:30:00.000Z",
  max_uses: 100,
  max_uses_per_student: null,
  service_ids: ["0197a2b4-0000-7000-8000-000000000002"],
  first_session_only: true,
  enabled: true,
  currency: "INR",
  uses: 3,
  created_at: "2026-11-29T00:00:00.000Z",
};

describe("a coupon's form", () => {
  it("has days of the mentor's, the last one included, and gives the same terms back", () => {
    const form = couponFormOf(coupon, kolkata);
    expect(form).toMatchObject({ active_from: "2026-12-01", active_until: "2026-12-31", percent: "12.5" });
    expect(lastDayOf(coupon, "UTC")).toBe("2026-12-31");
    const { active_from, active_until, max_uses, max_uses_per_student, service_ids, first_session_only } =
      coupon;
    expect(couponTermsOf(form, kolkata)).toEqual({
      active_from,
      active_until,
      max_uses,
      max_uses_per_student,
      service_ids,
      first_session_only,
    });
  });

  it("ends a day with its zone's clock, also on a day of 25 hours", () => {
    const form = { ...newCoupon, active_from: "2026-11-01", active_until: "2026-11-01" };
    const { active_from, active_until } = couponTermsOf(form, "America/New_York");
    expect([active_from, active_until]).toEqual(["2026-11-01T04:00:00.000Z", "2026-11-02T05:00:00.000Z"]);
  });

  it("sends one discount, and no limit for an empty field", () => {
    const form = { ...newCoupon, code: " welcome ", percent: "20", amount: "1,500.50", max_uses: " " };
    expect(couponOf(form, kolkata)).toMatchObject({
      code: "welcome",
      percent: 20,
      amount: null,
      max_uses: null,
      max_uses_per_student: 1,
      service_ids: null,
      active_until: null,
    });
    expect(couponOf({ ...form, discount: "amount" }, kolkata)).toMatchObject({
      percent: null,
      amount: 1500.5,
    });
  });

  it("says what is wrong with a field, and nothing about the discount that was not chosen", () => {
    for (const text of ["", "0", "101", "5.125", "ten"]) {
      expect(percentProblem(text, newCoupon)).toBe(couponErrors.percent);
    }
    expect(percentProblem("33.33", newCoupon)).toBe(true);
    expect(percentProblem("", { ...newCoupon, discount: "amount" })).toBe(true);
    const byAmount = { ...newCoupon, discount: "amount" as const };
    for (const text of ["", "0", "-5", "1.234"])
      expect(amountProblem(text, byAmount)).toBe(couponErrors.amount);
    expect(amountProblem("₹1,500", byAmount)).toBe(true);
    expect(amountProblem("", newCoupon)).toBe(true);
    for (const text of ["0", "1.5", "100001"]) expect(usesProblem(text)).toBe(couponErrors.uses(100_000));
    for (const text of ["", "1", "100000"]) expect(usesProblem(text)).toBe(true);
    const from = { ...newCoupon, active_from: "2026-12-02" };
    expect(untilProblem("2026-12-01", from)).toBe(couponErrors.untilBeforeFrom);
    expect(untilProblem("2026-12-02", from)).toBe(true);
    expect(untilProblem("2026-12-01", newCoupon)).toBe(true);
  });
});

describe("the state of a coupon", () => {
  const at = (instant: string, change: Partial<Coupon> = {}) =>
    couponStateOf({ ...coupon, ...change }, Date.parse(instant));

  it("is the first reason why students cannot use it", () => {
    expect(at("2026-12-15T00:00:00Z")).toBe("active");
    expect(at("2026-11-30T18:29:59Z")).toBe("scheduled");
    expect(at("2026-12-31T18:30:00Z")).toBe("ended");
    expect(at("2026-12-15T00:00:00Z", { uses: 100 })).toBe("usedUp");
    expect(at("2026-12-15T00:00:00Z", { uses: 100, max_uses: null })).toBe("active");
    expect(at("2026-12-31T18:30:00Z", { enabled: false })).toBe("stopped");
  });
});
