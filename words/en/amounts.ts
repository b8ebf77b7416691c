/** Amounts written out as on Indian invoices: in lakh and crore, rupees and paise. */
import { type Money, minorPerMajor } from "#rules/money.ts";

const ones = [
  ...["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
  ...["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
];
const tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
/** From the largest; what is left counts crores themselves: 'one lakh crore'. */
const scales = [
  [10_000_000, "crore"],
  [100_000, "lakh"],
  [1000, "thousand"],
  [100, "hundred"],
] as const;

/** 12345650 paise -> 'Rupees one lakh twenty-three thousand four hundred and fifty-six and paise fifty only'. */
export function inWords({ minor, currency }: Money): string {
  const paise = minor % minorPerMajor(currency);
  const rupees = (minor - paise) / minorPerMajor(currency);
  const parts = [
    (rupees > 0 || paise === 0) && `Rupees ${wholeNumber(rupees)}`,
    paise > 0 && `${rupees > 0 ? "paise" : "Paise"} ${wholeNumber(paise)}`,
  ];
  return `${parts.filter(Boolean).join(" and ")} only`;
}

function wholeNumber(value: number): string {
  if (value === 0) return "zero";
  const words: string[] = [];
  let rest = value;
  for (const [scale, name] of scales) {
    const count = Math.floor(rest / scale);
    if (count > 0) words.push(`${wholeNumber(count)} ${name}`);
    rest %= scale;
  }
  if (rest > 0) words.push(`${words.length > 0 ? "and " : ""}${belowHundred(rest)}`);
  return words.join(" ");
}

function belowHundred(value: number): string {
  if (value < ones.length) return ones[value]!;
  const rest = ones[value % 10];
  return `${tens[Math.floor(value / 10)]}${rest ? `-${rest}` : ""}`;
}
