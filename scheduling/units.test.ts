import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  addDays,
  dayOfWeek,
  formatDate,
  formatTime,
  localDate,
  parseDate,
  parseTime,
  readDate,
} from "./dates.ts";
import type { Schedule, SlotQuery } from "./slots.ts";
import {
  addMs,
  asMinutes,
  type EpochDay,
  type EpochMs,
  epochMs,
  formatInstant,
  type LocalDate,
  type Minutes,
  minutesBetween,
  parseInstant,
} from "./units.ts";
import { instantOf, startOfDay } from "./zonedTime.ts";

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

describe("the types keep apart", () => {
  const now = epochMs(0);
  const today = localDate("2026-11-28");

  it("a date and any other text", () => {
    expectTypeOf(readDate).returns.toEqualTypeOf<LocalDate | null>();
    expectTypeOf(formatDate).returns.toEqualTypeOf<LocalDate>();
    // @ts-expect-error: text that was never parsed
    expect(addDays("2026-11-28", 1)).toBe("2026-11-29");
    // @ts-expect-error: an instant's text
    expect(() => startOfDay("UTC", formatInstant(now))).toThrow(RangeError);
    expect(addDays(today, 1)).toBe("2026-11-29");
  });

  it("days, milliseconds and plain numbers", () => {
    expectTypeOf(parseDate).returns.toEqualTypeOf<EpochDay | null>();
    expectTypeOf<EpochMs>().not.toExtend<EpochDay>();
    // @ts-expect-error: milliseconds
    expect(dayOfWeek(now)).toBe(4);
    // @ts-expect-error: a day
    expect(formatInstant(parseDate(today)!)).toBe("1970-01-01T00:00:20.785Z");
    // @ts-expect-error: a number of anything
    expect(instantOf("UTC", 1, asMinutes(0))).toBe(86_400_000);
  });

  it("minutes, milliseconds, days and plain numbers", () => {
    const hour = asMinutes(60);
    expectTypeOf(parseTime).returns.toEqualTypeOf<Minutes | null>();
    expectTypeOf(minutesBetween).returns.toEqualTypeOf<Minutes>();
    expect(minutesBetween(now, addMs(now, 3_600_000))).toBe(hour);
    // @ts-expect-error: minutes where milliseconds are expected
    expect(addMs(now, hour)).toBe(60);
    // @ts-expect-error: minutes where days are expected
    expect(addDays(today, hour)).toBe("2027-01-27");
    // @ts-expect-error: an instant in milliseconds
    expect(formatTime(now)).toBe("00:00");
    // @ts-expect-error: a number of anything
    expect(formatTime(90)).toBe("01:30");
    // @ts-expect-error: an instant is no length of time
    expect(asMinutes(now)).toBe(0);
    expectTypeOf<Schedule["slot_interval"]>().toEqualTypeOf<Minutes>();
    expectTypeOf<SlotQuery["duration"]>().toEqualTypeOf<Minutes>();
  });
});
