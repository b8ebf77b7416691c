import { asMinutes } from "#scheduling/units.ts";

/** How long something about money stays open, in minutes; as windows.ts, which the booking page loads. */
export const paymentWindows = {
  /** From the booking: the time is held while its student pays; at most until its start. */
  paymentHold: asMinutes(12),
  /** What "more time" adds to that, once. */
  morePaymentTime: asMinutes(5),
  /** From the student's cancellation: the mentor's counts as made at the same time, and everything goes back. */
  bothCancel: asMinutes(1),
  /** From the end: what a student has paid is held before it is the mentor's. */
  dispute: asMinutes(72 * 60),
  /** From its capture: a payment has a booking or its refund, or someone is alarmed. Reservations are charged or let go of. */
  orphan: asMinutes(10),
  /** From its request: the provider has taken a refund. */
  refundTaken: asMinutes(60),
  /** From its request: a refund has arrived, or failed. */
  refundArrival: asMinutes(10 * 24 * 60),
  /** From the decline: Razorpay has let go of the money, which it does by itself after 49 hours. */
  razorpayRelease: asMinutes(60 * 60),
  /** From its beginning: the provider has paid out the money of an attempt to our bank. */
  settlement: asMinutes(10 * 24 * 60),
} as const;
