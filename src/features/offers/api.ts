/** The mentor’s own coupons and packages. All functions throw ApiProblem. */
import type {
  Coupon,
  CreateCoupon,
  CreatePackage,
  OwnPackage,
  UpdateCoupon,
  UpdatePackage,
} from "#contract/offers.ts";
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

const packagesPath = "/api/v1/mentors/me/packages";

export function addPackage(offered: CreatePackage): Promise<OwnPackage> {
  return api.post(packagesPath, offered);
}

export function changePackage(id: string, change: UpdatePackage): Promise<OwnPackage> {
  return api.patch(`${packagesPath}/${encodeURIComponent(id)}`, change);
}

export function removePackage(id: string): Promise<null> {
  return api.delete(`${packagesPath}/${encodeURIComponent(id)}`);
}
