import { asMinutes } from "#scheduling/units.ts";

/** How long something about money stays open, in minutes; as windows.ts, which the booking page loads. */
export const paymentWindows = {
  /** From the booking: the time is held while its student pays; at most until its start. */
  paymentHold: asMinutes(12),
  /** What "more time" adds to that, once. */
  morePaymentTime: asMinutes(5),
  /** From the end: what a student has paid is held before it is the mentor's. */
  dispute: asMinutes(72 * 60),
} as const;
