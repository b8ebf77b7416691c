import { queryOptions } from "@tanstack/react-query";
import type { Coupon } from "#contract/offers.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { readList } from "@/lib/readList.ts";

/** The mentor's own coupons, newest first. The key is not in queryKeys.ts, which the booking page loads. */
export const couponsQuery = (userId: string) =>
  queryOptions({
    queryKey: [...queryKeys.own, userId, "coupons"],
    queryFn: ({ signal }) => readList<Coupon>("/api/v1/mentors/me/coupons", signal),
  });
