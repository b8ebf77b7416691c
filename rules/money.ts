/**
 * Money as whole minor units with its currency, as in the database. The decimal amounts of requests and responses (major
 * units) become `Money` where they are read, and decimals again where they are written or shown.
 */

declare const minorUnits: unique symbol;
/** Whole minor units: paise of INR. */
type MinorAmount = number & { readonly [minorUnits]: true };

export const currencies = ["INR"] as const;
type Currency = (typeof currencies)[number];

/** Minor units of one major unit (ISO 4217). `bookings.total_amount` divides by the same; a test compares them. */
export const minorPerMajor: Readonly<Record<Currency, number>> = { INR: 100 };

export interface Money {
  readonly minor: MinorAmount;
  readonly currency: Currency;
}

/** A sum that a client has added up in binary fractions is off by less than this; major units. */
const FLOAT_ERROR = 1e-8;

/** Returns null for a currency we do not take and for an amount that is not a whole number of its minor units. */
export function parseMoney(decimal: number, currency: string): Money | null {
  const known = currencies.find((each) => each === currency);
  if (known === undefined) return null;
  const minor = Math.round(decimal * minorPerMajor[known]);
  const isWhole =
    Number.isSafeInteger(minor) && Math.abs(minor / minorPerMajor[known] - decimal) < FLOAT_ERROR;
  return isWhole ? moneyIn(minor, known) : null;
}

/** As `parseMoney`, for amounts that were checked before. @throws RangeError where that returns null */
export function moneyOf(decimal: number, currency: string): Money {
  const money = parseMoney(decimal, currency);
  if (money === null) throw new RangeError(`Not an amount of money: ${decimal} ${currency}`);
  return money;
}

/** Money as its columns have it. @throws RangeError for a currency we do not take, and unless `minor` is a whole number */
export function moneyOfMinor(minor: number, currency: string): Money {
  const known = currencies.find((each) => each === currency);
  if (known === undefined || !Number.isSafeInteger(minor)) {
    throw new RangeError(`Not an amount of money: ${minor} minor units of ${currency}`);
  }
  return moneyIn(minor, known);
}

/** Major units, for responses and number formats. Not for arithmetic. */
export function decimalOf({ minor, currency }: Money): number {
  return minor / minorPerMajor[currency];
}

/** Major units of an amount as its columns have it. @throws RangeError as `moneyOfMinor` */
export function decimalOfMinor(minor: number, currency: string): number {
  return decimalOf(moneyOfMinor(minor, currency));
}

/** @throws RangeError for two currencies */
export function addMoney(one: Money, other: Money): Money {
  return moneyIn(one.minor + other.minor, commonCurrency(one, other));
}

/** @throws RangeError for two currencies */
export function subtractMoney(from: Money, amount: Money): Money {
  return moneyIn(from.minor - amount.minor, commonCurrency(from, amount));
}

export function isSameMoney(one: Money, other: Money): boolean {
  return one.minor === other.minor && one.currency === other.currency;
}

function commonCurrency(one: Money, other: Money): Currency {
  if (one.currency === other.currency) return one.currency;
  throw new RangeError(`Two currencies: ${one.currency} and ${other.currency}`);
}

function moneyIn(minor: number, currency: Currency): Money {
  return { minor: minor as MinorAmount, currency };
}
