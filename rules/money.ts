/**
 * Money as whole minor units with its currency, as in the database. The decimal amounts of requests and responses (major
 * units) become `Money` where they are read, and decimals again where they are written or shown.
 */

declare const minorUnits: unique symbol;
/** Whole minor units: paise of INR. */
type MinorAmount = number & { readonly [minorUnits]: true };

/** What we take. Money in another currency may arrive all the same, and is sent back. */
export const currencies = ["INR"] as const;

/** Of ISO 4217; all others have two. Intl rounds some of those to none: HUF, IDR, PKR. */
const withoutDecimals = /BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|VND|VUV|X[AOP]F/;
const withThree = /BHD|IQD|JOD|KWD|LYD|OMR|TND/;

/** Decimals of an amount in major units. */
export function digitsOf(currency: string): number {
  if (withoutDecimals.test(currency)) return 0;
  return withThree.test(currency) ? 3 : 2;
}

/** Minor units of one major unit. `bookings.total_amount` divides by the same; a test compares them. */
export function minorPerMajor(currency: string): number {
  return 10 ** digitsOf(currency);
}

export interface Money {
  readonly minor: MinorAmount;
  /** Of ISO 4217, in capitals. */
  readonly currency: string;
}

/** A sum that a client has added up in binary fractions is off by less than this; major units. */
const FLOAT_ERROR = 1e-8;

/** Returns null for a currency we do not take and for an amount that is not a whole number of its minor units. */
export function parseMoney(decimal: number, currency: string): Money | null {
  return currencies.some((each) => each === currency) ? wholeMoney(decimal, currency) : null;
}

/**
 * An amount that was checked before, in any currency.
 * @throws RangeError unless it is a whole number of its minor units
 */
export function moneyOf(decimal: number, currency: string): Money {
  const money = wholeMoney(decimal, currency);
  if (money === null) throw new RangeError(`Not an amount of money: ${decimal} ${currency}`);
  return money;
}

/** Money as its columns have it. @throws RangeError for what is no currency, and unless `minor` is a whole number */
export function moneyOfMinor(minor: number, currency: string): Money {
  if (!isCurrency(currency) || !Number.isSafeInteger(minor)) {
    throw new RangeError(`Not an amount of money: ${minor} minor units of ${currency}`);
  }
  return moneyIn(minor, currency);
}

/** Major units, for responses and number formats. Not for arithmetic. */
export function decimalOf({ minor, currency }: Money): number {
  return minor / minorPerMajor(currency);
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

function commonCurrency(one: Money, other: Money): string {
  if (one.currency === other.currency) return one.currency;
  throw new RangeError(`Two currencies: ${one.currency} and ${other.currency}`);
}

function wholeMoney(decimal: number, currency: string): Money | null {
  const scale = minorPerMajor(currency);
  const minor = Math.round(decimal * scale);
  const isWhole = Number.isSafeInteger(minor) && Math.abs(minor / scale - decimal) < FLOAT_ERROR;
  return isWhole && isCurrency(currency) ? moneyIn(minor, currency) : null;
}

function isCurrency(currency: string): boolean {
  return /^[A-Z]{3}$/.test(currency);
}

function moneyIn(minor: number, currency: string): Money {
  return { minor: minor as MinorAmount, currency };
}
