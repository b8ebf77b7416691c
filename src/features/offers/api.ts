/** The mentor's own coupons. All functions throw ApiProblem. */
import type { Coupon, CreateCoupon, UpdateCoupon } from "#contract/offers.ts";
import { api } from "@/lib/api.ts";

const path = "/api/v1/mentors/me/coupons";

export function addCoupon(coupon: CreateCoupon): Promise<Coupon> {
  return api.post(path, coupon);
}

export function changeCoupon(id: string, change: UpdateCoupon): Promise<Coupon> {
  return api.patch(`${path}/${encodeURIComponent(id)}`, change);
}

export function removeCoupon(id: string): Promise<null> {
  return api.delete(`${path}/${encodeURIComponent(id)}`);
}
