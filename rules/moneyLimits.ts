/**
 * Shares of money, and what coupons and packages may be. Apart from limits.ts, which the booking page loads whole and which has no need of these;
 * docs/limits.md repeats them.
 */

/** Smallest and largest value, both included. */
export const shareLimits = {
  /** How much of the price goes back between the two refund cut-offs. */
  refundPercent: { min: 0, max: 100 },
  /** Hundredths of a percent: the platform's fee, a tax. */
  basisPoints: { min: 0, max: 10_000 },
} as const;

/** Smallest and largest value, both included. */
export const offerLimits = {
  couponCodeCharacters: { min: 3, max: 32 },
  /** What a coupon takes off. */
  couponPercent: { min: 1, max: 100 },
  /** How often a coupon can be used, by all students or by one. */
  couponUses: { min: 1, max: 100_000 },
  /** From the day it is made. */
  couponDays: { min: 1, max: 2 * 365 },
  packageSessions: { min: 2, max: 50 },
  /** From the purchase: how long the sessions of a package can be booked. */
  packageDays: { min: 30, max: 2 * 365 },
} as const;

/** How many a mentor may have at most. */
export const offerCaps = {
  /** Deleted ones do not count. */
  coupons: 100,
  /** Deleted ones do not count. */
  packages: 30,
} as const;
