import type { Coupon } from "#contract/offers.ts";
import { parseInstant } from "#scheduling/units.ts";
import type { couponStates } from "#words/coupons.ts";

export type CouponState = keyof typeof couponStates;

/** Whether students can use a coupon, or the first reason why not. @param now epoch ms */
export function couponStateOf(
  coupon: Pick<Coupon, "enabled" | "active_from" | "active_until" | "max_uses" | "uses">,
  now: number,
): CouponState {
  const { enabled, active_from, active_until, max_uses, uses } = coupon;
  if (!enabled) return "stopped";
  if (active_until !== null && parseInstant(active_until) <= now) return "ended";
  if (max_uses !== null && uses >= max_uses) return "usedUp";
  return active_from !== null && parseInstant(active_from) > now ? "scheduled" : "active";
}
