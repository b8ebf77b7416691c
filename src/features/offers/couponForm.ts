import type { Coupon, CreateCoupon, UpdateCoupon } from "#contract/offers.ts";
import { offerLimits } from "#rules/moneyLimits.ts";
import { addDays, readDate } from "#scheduling/dates.ts";
import { addMs, formatInstant, type LocalDate, parseInstant } from "#scheduling/units.ts";
import { couponErrors } from "#words/coupons.ts";
import { wallClock } from "@/lib/time.ts";
import { instantAt } from "@/lib/wallTime.ts";

/** A coupon as it is typed. Days are days of the mentor's, both included; an empty limit is none. */
export interface CouponForm {
  code: string;
  discount: "percent" | "amount";
  percent: string;
  amount: string;
  active_from: string;
  active_until: string;
  max_uses: string;
  max_uses_per_student: string;
  scope: "all" | "some";
  service_ids: string[];
  first_session_only: boolean;
}

export const newCoupon: CouponForm = {
  code: "",
  discount: "percent",
  percent: "",
  amount: "",
  active_from: "",
  active_until: "",
  max_uses: "",
  max_uses_per_student: "1",
  scope: "all",
  service_ids: [],
  first_session_only: false,
};

const textOf = (value: number | null) => (value === null ? "" : String(value));

export function couponFormOf(coupon: Coupon, timeZone: string): CouponForm {
  const { active_from, max_uses, max_uses_per_student, service_ids } = coupon;
  return {
    code: coupon.code,
    discount: coupon.percent === null ? "amount" : "percent",
    percent: textOf(coupon.percent),
    amount: textOf(coupon.amount),
    active_from: active_from === null ? "" : wallClock(active_from, timeZone).date,
    active_until: lastDayOf(coupon, timeZone) ?? "",
    max_uses: textOf(max_uses),
    max_uses_per_student: textOf(max_uses_per_student),
    scope: service_ids === null ? "all" : "some",
    service_ids: service_ids ?? [],
    first_session_only: coupon.first_session_only,
  };
}

/** The last day on which it can be used; null: it has no end. */
export function lastDayOf(
  { active_until }: Pick<Coupon, "active_until">,
  timeZone: string,
): LocalDate | null {
  // It ends with the day, so the end itself belongs to the next one.
  return active_until === null ? null : wallClock(addMs(parseInstant(active_until), -1), timeZone).date;
}

/** What can change of a coupon. */
export function couponTermsOf(form: CouponForm, timeZone: string): UpdateCoupon {
  const from = readDate(form.active_from);
  const until = readDate(form.active_until);
  const midnight = (date: LocalDate) => formatInstant(instantAt(date, "00:00", timeZone));
  return {
    active_from: from && midnight(from),
    active_until: until && midnight(addDays(until, 1)),
    max_uses: limitOf(form.max_uses),
    max_uses_per_student: limitOf(form.max_uses_per_student),
    service_ids: form.scope === "all" ? null : form.service_ids,
    first_session_only: form.first_session_only,
  };
}

export function couponOf(form: CouponForm, timeZone: string): CreateCoupon {
  return {
    ...couponTermsOf(form, timeZone),
    code: form.code.trim(),
    percent: form.discount === "percent" ? Number(form.percent) : null,
    amount: form.discount === "amount" ? Number(plain(form.amount)) : null,
  };
}

export function percentProblem(text: string, form: CouponForm): string | true {
  if (form.discount !== "percent") return true;
  const { min, max } = offerLimits.couponPercent;
  const percent = Number(text);
  return (/^\s*\d+(\.\d{1,2})?\s*$/.test(text) && percent >= min && percent <= max) || couponErrors.percent;
}

/** Accepts '1,500.50' as typed in India. */
export function amountProblem(text: string, form: CouponForm): string | true {
  if (form.discount !== "amount") return true;
  return (/^\d+(\.\d{1,2})?$/.test(plain(text)) && Number(plain(text)) > 0) || couponErrors.amount;
}

export function usesProblem(text: string): string | true {
  const { min, max } = offerLimits.couponUses;
  const uses = Number(text);
  return (
    text.trim() === "" || (/^\s*\d+\s*$/.test(text) && uses >= min && uses <= max) || couponErrors.uses(max)
  );
}

export function untilProblem(text: string, form: CouponForm): string | true {
  return text === "" || form.active_from === "" || text >= form.active_from || couponErrors.untilBeforeFrom;
}

function limitOf(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}

function plain(text: string): string {
  return text.replaceAll(/[\s,₹]/g, "");
}
