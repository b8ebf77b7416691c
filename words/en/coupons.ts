/** A mentor's coupons: the list, the form and what each one is called. */

export const offersPage = {
  lead: "Give students a reason to book: a code that takes something off.",
};

export const couponList = {
  title: "Coupons",
  loading: "Loading your coupons…",
  failed: "Couldn’t load your coupons",
  none: "No coupons yet",
  whatFor: "A coupon is a code that takes a part off your price. You share it with the students you choose.",
};
