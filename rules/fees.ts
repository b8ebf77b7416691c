/** How the money of a session is shared between the platform and the mentor. The fee's SQL twin is `private.fee_minor`; db/tests/moneyRules.test.ts compares the two. */
import { addMoney, type Money, moneyOfMinor, subtractMoney } from "./money.ts";
import { proportionOf, WHOLE_BASIS_POINTS } from "./proportion.ts";

/**
 * The platform's fee from an amount, rounded half up to one minor unit.
 * @throws RangeError unless `basisPoints` is a whole number from 0 to 10,000
 */
export function feeOf(amount: Money, basisPoints: number): Money {
  if (!Number.isInteger(basisPoints) || basisPoints < 0 || basisPoints > WHOLE_BASIS_POINTS) {
    throw new RangeError(`Not a share in basis points: ${basisPoints}`);
  }
  return proportionOf(amount, basisPoints, WHOLE_BASIS_POINTS);
}

/** What the mentor receives of an amount: all but the fee. @throws RangeError as `feeOf` */
export function mentorShareOf(amount: Money, basisPoints: number): Money {
  return subtractMoney(amount, feeOf(amount, basisPoints));
}

/**
 * The money in one session of a package: equal whole minor units, and the remainder in the last session.
 * @param ordinal from 1 to `sessions`
 * @throws RangeError for a session that the package does not have
 */
export function shareOfPackage(total: Money, sessions: number, ordinal: number): Money {
  if (!(Number.isInteger(ordinal) && ordinal >= 1 && ordinal <= sessions)) {
    throw new RangeError(`Not a session of the package: ${ordinal} of ${sessions}`);
  }
  const remainder = total.minor % sessions;
  const each = moneyOfMinor((total.minor - remainder) / sessions, total.currency);
  return ordinal < sessions ? each : addMoney(each, moneyOfMinor(remainder, total.currency));
}
