import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseInstant } from "#scheduling/units.ts";
import { moneyOfMinor } from "./money.ts";
import {
  documentNumber,
  financialYearName,
  financialYearOf,
  isGstin,
  isStateCode,
  placeOfSupply,
  splitGst,
  stateCodes,
} from "./tax.ts";

const inr = (minor: number) => moneyOfMinor(minor, "INR");

describe("a tax number", () => {
  it("is one by the example that validators of other projects share", () => {
    expect(isGstin("27AAPFU0939F1ZV")).toBe(true);
  });

  it.each([
    ["another check character", "27AAPFU0939F1ZO"],
    ["one character less", "27AAPFU0939F1Z"],
    ["small letters", "27aapfu0939f1zv"],
    ["entity 0", "27AAPFU0939F0ZV"],
    ["a line break after it", "27AAPFU0939F1ZV\n"],
    ["nothing", ""],
  ])("with %s is none", (_, text) => {
    expect(isGstin(text)).toBe(false);
  });

  it("with one wrong character, or two neighbours in the wrong order, is none", () => {
    const letters = Array.from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const right = "27AAPFU0939F1ZV";
    const wrong = Array.from(right).flatMap((character, at) =>
      letters
        .filter((letter) => letter !== character)
        .map((letter) => right.slice(0, at) + letter + right.slice(at + 1)),
    );
    expect(wrong.filter(isGstin)).toEqual([]);
    expect(isGstin("72AAPFU0939F1ZV")).toBe(false);
    expect(isGstin("27AAPFU9039F1ZV")).toBe(false);
  });
});

describe("GST", () => {
  it("is central and State tax within a State, and integrated tax between States", () => {
    expect(splitGst(inr(101), "27", "27")).toEqual({ kind: "cgst_sgst", cgst: inr(51), sgst: inr(50) });
    expect(splitGst(inr(101), "27", "29")).toEqual({ kind: "igst", igst: inr(101) });
    expect(splitGst(inr(0), "27", "27")).toEqual({ kind: "cgst_sgst", cgst: inr(0), sgst: inr(0) });
  });

  it("halves add up and differ by at most a paisa", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (minor) => {
        const split = splitGst(inr(minor), "07", "07");
        if (split.kind !== "cgst_sgst") throw new Error("No halves");
        expect(split.cgst.minor + split.sgst.minor).toBe(minor);
        expect([0, 1]).toContain(split.cgst.minor - split.sgst.minor);
      }),
    );
  });

  it("is supplied where the student is, or where the mentor is if that is unknown", () => {
    expect(placeOfSupply("27", "29")).toBe("29");
    expect(placeOfSupply("27", null)).toBe("27");
  });

  it("knows the States by two digits", () => {
    expect(new Set(stateCodes).size).toBe(38);
    expect(["00", "25", "28", "39", "7", "99", "27 "].filter(isStateCode)).toEqual([]);
    expect(["01", "27", "38", "96"].filter(isStateCode)).toHaveLength(4);
  });
});

describe("the financial year", () => {
  it.each([
    ["2026-03-31T18:29:59.999Z", 2025, "25-26"],
    ["2026-03-31T18:30:00Z", 2026, "26-27"],
    ["2026-12-31T18:30:00Z", 2026, "26-27"],
    ["2027-03-31T18:29:59Z", 2026, "26-27"],
    ["2099-06-01T00:00:00Z", 2099, "99-00"],
    ["2109-02-01T00:00:00Z", 2108, "08-09"],
  ])("of %s began in %i and is %s", (text, year, name) => {
    expect(financialYearOf(parseInstant(text))).toBe(year);
    expect(financialYearName(year)).toBe(name);
  });
});

describe("the number of a document", () => {
  it.each([
    ["MP", 123, "MP/26-27/000123"],
    ["R", 1, "R/26-27/000001"],
    ["TR", 1_000_000, "TR/26-27/1000000"],
    ["MP", 9_999_999, "MP/26-27/9999999"],
  ])("of %s %i is %s", (series, ordinal, number) => {
    expect(documentNumber(series, 2026, ordinal)).toBe(number);
  });

  it.each([
    ["MP", 10_000_000],
    ["LONGNAME", 1],
    ["MP", 0],
    ["MP", 1.5],
    ["mp", 1],
    ["M P", 1],
  ])("of %s %d is refused", (series, ordinal) => {
    expect(() => documentNumber(series, 2026, ordinal)).toThrow(RangeError);
  });
});
