/** The price that a student pays, in lines: from the list price, a coupon, a credit and tax. */
import { addMoney, type Money, moneyOfMinor, subtractMoney } from "./money.ts";
import { type ChoiceRefusal, type PriceChoice, type PricedService, priceOf } from "./price.ts";
import { proportionOf, WHOLE_BASIS_POINTS } from "./proportion.ts";

/** What a coupon takes off. */
export type CouponDiscount = { kind: "percentage"; basisPoints: number } | { kind: "amount"; amount: Money };

export interface PriceTerms extends PriceChoice {
  coupon?: CouponDiscount | undefined;
  /** A session of a package pays for the session, whatever its price. The recording still costs money. */
  credit?: boolean | undefined;
  /** GST that the price contains; absent: the mentor charges none. */
  tax?: { basisPoints: number } | undefined;
}

export interface PriceLine {
  kind: "session" | "credit" | "recording" | "coupon" | "tax";
  /** Negative for what is taken off. */
  amount: Money;
}

export type PriceLines = { ok: true; lines: PriceLine[]; total: Money } | ChoiceRefusal;

/**
 * The price in lines that add up to the total exactly, in this order:
 * - the session at its list price;
 * - a credit, which takes the session off;
 * - the recording at its list price;
 * - a coupon, which applies to what is left, before tax, and takes off no more than that. A percentage is rounded half up, in
 *   the student's favour;
 * - tax. A price is what the student pays, so it contains the tax and the total does not change: the other lines become net,
 *   and the tax is total × rate / (1 + rate) (rule 35 of the CGST Rules), rounded half up once. The tax in a line is the
 *   difference of two roundings of the running sum, so that no line for rounding is needed.
 */
export function priceLines(service: PricedService, terms: PriceTerms): PriceLines {
  const session = priceOf(service, { ...terms, addRecording: false });
  const list = priceOf(service, terms);
  if (!session.ok) return session;
  if (!list.ok) return list;
  const zero = moneyOfMinor(0, session.price.currency);
  const lines: PriceLine[] = [{ kind: "session", amount: session.price }];
  if (terms.credit) lines.push({ kind: "credit", amount: subtractMoney(zero, session.price) });
  if (terms.addRecording) lines.push({ kind: "recording", amount: subtractMoney(list.price, session.price) });
  if (terms.coupon) {
    const off = discountOf(terms.coupon, totalOf(lines));
    lines.push({ kind: "coupon", amount: subtractMoney(zero, off) });
  }
  const total = totalOf(lines);
  return { ok: true, lines: terms.tax ? splitTax(lines, terms.tax.basisPoints) : lines, total };
}

/** @throws RangeError for no lines */
export function totalOf(lines: readonly Pick<PriceLine, "amount">[]): Money {
  const amounts = lines.map(({ amount }) => amount);
  const [first, ...others] = amounts;
  if (!first) throw new RangeError("No lines");
  return others.reduce(addMoney, first);
}

/** What a coupon takes off a price: never more than the price. */
export function discountOf(coupon: CouponDiscount, from: Money): Money {
  const off =
    coupon.kind === "amount" ? coupon.amount : proportionOf(from, coupon.basisPoints, WHOLE_BASIS_POINTS);
  // Throws for another currency.
  return subtractMoney(from, off).minor < 0 ? from : off;
}

function splitTax(lines: readonly PriceLine[], basisPoints: number): PriceLine[] {
  let gross = moneyOfMinor(0, lines[0]!.amount.currency);
  let tax = gross;
  const net = lines.map(({ kind, amount }) => {
    const taxBefore = tax;
    gross = addMoney(gross, amount);
    tax = taxContained(gross, basisPoints);
    return { kind, amount: subtractMoney(amount, subtractMoney(tax, taxBefore)) };
  });
  return [...net, { kind: "tax", amount: tax }];
}

/** The tax in an amount that contains it (Rule 35 of the CGST Rules), rounded half up to one minor unit. */
export function taxContained(gross: Money, basisPoints: number): Money {
  return proportionOf(gross, basisPoints, WHOLE_BASIS_POINTS + basisPoints);
}
