import { DAY_MS } from "#scheduling/units.ts";

/**
 * No attempt is captured or released later than this after it was made. A request waits for the mentor for 48 hours, and both
 * providers let go of what was not captured: Razorpay when the order says so, Stripe when the request is declined or expires.
 */
export const attemptLifeMs = 3 * DAY_MS;
