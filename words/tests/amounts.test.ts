import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moneyOfMinor } from "#rules/money.ts";
import { wordsIn } from "#words/languages.ts";

const inWords = (minor: number) => wordsIn("en").amounts.inWords(moneyOfMinor(minor, "INR"));

describe("an amount in words", () => {
  it.each([
    [0, "Rupees zero only"],
    [1, "Paise one only"],
    [100, "Rupees one only"],
    [200_000, "Rupees two thousand only"],
    [180_050, "Rupees one thousand eight hundred and paise fifty only"],
    [11_999, "Rupees one hundred and nineteen and paise ninety-nine only"],
    [12_345_650, "Rupees one lakh twenty-three thousand four hundred and fifty-six and paise fifty only"],
    [10_000_100, "Rupees one lakh and one only"],
    [1_000_000_000, "Rupees one crore only"],
    [
      12_34_56_789_01,
      "Rupees twelve crore thirty-four lakh fifty-six thousand seven hundred and eighty-nine and paise one only",
    ],
    [100_000_000_000_000, "Rupees one lakh crore only"],
  ])("%i paise: %s", (minor, text) => {
    expect(inWords(minor)).toBe(text);
  });

  it("is the same number again", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (minor) => {
        expect(read(inWords(minor))).toBe(minor);
      }),
    );
  });
});

const values = new Map(
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    .split(" ")
    .map((word, value) => [word, value] as const)
    .concat(
      "twenty thirty forty fifty sixty seventy eighty ninety"
        .split(" ")
        .map((word, index) => [word, (index + 2) * 10] as const),
    ),
);
const scales = new Map([
  ["hundred", 100],
  ["thousand", 1000],
  ["lakh", 100_000],
  ["crore", 10_000_000],
]);

/** Reads an amount the other way: from the words. */
function read(text: string): number {
  const [, rupees, paise] = /^(?:Rupees (.*?))?(?:(?:^P| and p)aise (.*?))? only$/.exec(text) ?? [];
  return readNumber(rupees) * 100 + readNumber(paise);
}

function readNumber(text = "zero"): number {
  let done = 0;
  let pending = 0;
  for (const word of text.split(/ and |[ -]/)) {
    const scale = scales.get(word);
    if (scale === undefined) pending += values.get(word)!;
    else if (scale === 100) pending *= scale;
    else if (scale === 10_000_000) {
      done = (done + pending) * scale;
      pending = 0;
    } else {
      done += pending * scale;
      pending = 0;
    }
  }
  return done + pending;
}
