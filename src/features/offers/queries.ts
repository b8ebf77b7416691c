import { queryOptions } from "@tanstack/react-query";
import type { Coupon, OwnPackage } from "#contract/offers.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { readList } from "@/lib/readList.ts";

/** The mentor's own coupons, newest first. The key is not in queryKeys.ts, which the booking page loads. */
export const couponsQuery = (userId: string) =>
  queryOptions({
    queryKey: [...queryKeys.own, userId, "coupons"],
    queryFn: ({ signal }) => readList<Coupon>("/api/v1/mentors/me/coupons", signal),
  });

/** The mentor's own packages. */
export const packagesQuery = (userId: string) =>
  queryOptions({
    queryKey: [...queryKeys.own, userId, "offered-packages"],
    queryFn: ({ signal }) => readList<OwnPackage>("/api/v1/mentors/me/packages", signal),
  });
