import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addMs, epochMs, formatInstant, parseInstant } from "./units.ts";

describe("an instant", () => {
  it("is the same after it was written and read", () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }), (value) => {
        expect(parseInstant(formatInstant(epochMs(value)))).toBe(value);
      }),
    );
  });

  it("is read with any offset", () => {
    expect(parseInstant("2026-11-28T15:00:00+05:30")).toBe(Date.UTC(2026, 10, 28, 9, 30));
  });

  it.each(["", "tomorrow", "2026-13-01T00:00:00Z"])("is not %j", (text) => {
    expect(() => parseInstant(text)).toThrow(RangeError);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1])("is not %s", (value) => {
    expect(() => epochMs(value)).toThrow(RangeError);
    expect(() => addMs(epochMs(0), value)).toThrow(RangeError);
  });
});
