/** What a price is made of, line by line. Amounts come formatted. */
import type { PriceLine } from "#rules/priceLines.ts";

/** @param session such as "Session, 60 min" */
export const priceLineNames = {
  session: (session: string) => session,
  credit: () => "Paid with a package",
  recording: () => "Recording",
  coupon: () => "Coupon",
  tax: () => "GST",
} satisfies Record<PriceLine["kind"], (session: string) => string>;

export const priceLines = {
  session: (length: string) => `Session, ${length}`,
  /** A price that is kept as one sum. */
  sessionWithRecording: (length: string) => `Session with recording, ${length}`,
  fee: "Booking fee",
  noFee: "None",
  total: "Total",
  show: "Price details",
};
