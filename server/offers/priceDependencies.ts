import type { Dependencies } from "../platform/http/route.ts";

/** What prices, and the bookings that compute them, depend on. */
export type PriceDependencies = Dependencies & {
  /** Whether students pay through the app. */
  collects: boolean;
};
