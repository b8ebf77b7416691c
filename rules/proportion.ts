import { type Money, moneyOfMinor } from "./money.ts";

/** Hundredths of a percent in a whole. */
export const WHOLE_BASIS_POINTS = 10_000;

/**
 * `amount` times `part / whole`, rounded half up to one minor unit. Exact for every amount: products of
 * amounts do not fit a double. Section 170 of the CGST Act rounds half up too, but to a rupee; online payments are in paise.
 * @throws RangeError for a negative amount or part
 */
export function proportionOf({ minor, currency }: Money, part: number, whole: number): Money {
  if (minor < 0 || part < 0) throw new RangeError(`Not a share of an amount: ${part}/${whole} of ${minor}`);
  const doubled = (2n * BigInt(minor) * BigInt(part)) / BigInt(whole);
  return moneyOfMinor(Number((doubled + 1n) / 2n), currency);
}
