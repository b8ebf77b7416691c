import { z } from "zod";

/** What a price can be made of. */
export const priceLineKinds = ["session", "credit", "recording", "coupon", "tax"] as const;

export const priceLine = z
  .object({ kind: z.enum(priceLineKinds), amount: z.number().describe("Negative for what is taken off.") })
  .meta({ id: "PriceLine" });
export type PriceLine = z.infer<typeof priceLine>;
