/**
 * India's goods and services tax (GST) as documents state it; words/en/amounts.ts, `inWords`, spells amounts out. Everything
 * here is a default that a mentor should check with an accountant. `private.is_gstin`, `private.financial_year` and `private.document_number` are the SQL twins; db/tests/moneyRules.test.ts
 * compares them.
 */
import { epochDay, formatDate } from "#scheduling/dates.ts";
import { addMs, DAY_MS, type EpochMs, MINUTE_MS } from "#scheduling/units.ts";
import { textLimits } from "./limits.ts";
import { type Money, moneyOfMinor, subtractMoney } from "./money.ts";

/** States and Union Territories by the two digits in a GSTIN; 96 is a foreign country, 97 another territory of India. */
export const stateCodes = [
  ...[
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "07",
    "08",
    "09",
    "10",
    "11",
    "12",
    "13",
    "14",
    "15",
    "16",
    "17",
    "18",
    "19",
  ],
  ...[
    "20",
    "21",
    "22",
    "23",
    "24",
    "26",
    "27",
    "29",
    "30",
    "31",
    "32",
    "33",
    "34",
    "35",
    "36",
    "37",
    "38",
    "96",
    "97",
  ],
] as const;
export type StateCode = (typeof stateCodes)[number];

export function isStateCode(text: string): text is StateCode {
  return stateCodes.some((code) => code === text);
}

const GSTIN = /^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/;
const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Whether this is a tax number of a regular taxpayer (State, PAN, entity, 'Z', check character) with the right check character. */
export function isGstin(text: string): boolean {
  return GSTIN.test(text) && text.endsWith(checkCharacter(text.slice(0, 14)));
}

/** Luhn's algorithm to the base of 36: every second character counts twice, and a product is the sum of its two digits. */
function checkCharacter(body: string): string {
  const sum = Array.from(body).reduce((total, character, index) => {
    const product = digits.indexOf(character) * (index % 2 === 0 ? 1 : 2);
    return total + Math.floor(product / 36) + (product % 36);
  }, 0);
  return digits.charAt((36 - (sum % 36)) % 36);
}

/** The place of supply: the student's State if it is known, otherwise the mentor's (section 12(2) of the IGST Act). */
export function placeOfSupply(supplier: StateCode, recipient: StateCode | null): StateCode {
  return recipient ?? supplier;
}

export type GstSplit = { kind: "cgst_sgst"; cgst: Money; sgst: Money } | { kind: "igst"; igst: Money };

/**
 * Central and State tax in equal halves within one State, otherwise integrated tax. Of an odd number of minor units the
 * central tax has the larger half, so that the parts add up.
 */
export function splitGst(tax: Money, supplier: StateCode, place: StateCode): GstSplit {
  if (supplier !== place) return { kind: "igst", igst: tax };
  const cgst = moneyOfMinor(Math.ceil(tax.minor / 2), tax.currency);
  return { kind: "cgst_sgst", cgst, sgst: subtractMoney(tax, cgst) };
}

/** Of India, which has had one offset and no summer time since 1945. */
const INDIA_OFFSET_MS = 330 * MINUTE_MS;
const APRIL = 4;

/** The calendar year in which India's financial year of an instant began: on 1 April, on the clock of India. */
export function financialYearOf(at: EpochMs): number {
  const [year, month] = formatDate(epochDay(Math.floor(addMs(at, INDIA_OFFSET_MS) / DAY_MS))).split("-");
  return Number(year) - (Number(month) < APRIL ? 1 : 0);
}

/** 2026 -> '26-27', 2099 -> '99-00'. */
export function financialYearName(startYear: number): string {
  const twoDigits = (year: number) => String(year % 100).padStart(2, "0");
  return `${twoDigits(startYear)}-${twoDigits(startYear + 1)}`;
}

/**
 * The number of a document as it is printed: 'MP/26-27/000123'. At least six digits.
 * @throws RangeError for more than 16 characters or others than the law allows (rule 46(b) of the CGST Rules)
 */
export function documentNumber(series: string, startYear: number, ordinal: number): string {
  const number = `${series}/${financialYearName(startYear)}/${String(ordinal).padStart(6, "0")}`;
  const isAllowed = /^[A-Z0-9/-]+$/.test(number) && number.length <= textLimits.documentNumber;
  if (!isAllowed || !Number.isSafeInteger(ordinal) || ordinal < 1) {
    throw new RangeError(`Not the number of a document: ${number}`);
  }
  return number;
}
