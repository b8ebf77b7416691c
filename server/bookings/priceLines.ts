import { z } from "zod";
import { type PriceLine, priceLineKinds } from "#contract/priceLine.ts";
import { decimalOfMinor } from "#rules/money.ts";

const storedLines = z.array(z.object({ kind: z.enum(priceLineKinds), amount_minor: z.int() }));

/** The lines of a booking's price as the API has them; null: the session alone. @param stored `bookings.price_lines` */
export function presentLines(stored: unknown, currency: string): PriceLine[] | null {
  if (stored === null) return null;
  return storedLines.parse(stored).map(({ kind, amount_minor }) => ({
    kind,
    amount: decimalOfMinor(amount_minor, currency),
  }));
}
