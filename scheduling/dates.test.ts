import { describe, expect, it } from "vitest";
import {
  addDays,
  dayOfWeek,
  epochDay,
  formatDate,
  formatTime,
  localDate,
  mondayOf,
  parseDate,
  parseEndTime,
  parseTime,
} from "./dates.ts";
import { asMinutes, type LocalDate } from "./units.ts";

describe("times of day", () => {
  it("reads HH:MM and writes it back", () => {
    for (let minutes = 0; minutes < 1440; minutes++)
      expect(parseTime(formatTime(asMinutes(minutes)))).toBe(minutes);
    expect(parseTime("00:00")).toBe(0);
    expect(parseTime("23:59")).toBe(1439);
  });

  it.each([
    "24:00",
    "25:00",
    "24:01",
    "12:60",
    "9:00",
    "09:00:00",
    " 09:00",
    "09:00 ",
    "0900",
    "",
    "09-00",
    "-1:00",
    "+9:00",
    "09:0",
    "1e:00",
    "٠٩:٠٠",
    "０９:００",
    "09：00",
    "09:00\n",
    "ab:cd",
  ])("refuses %j", (text) => {
    expect(parseTime(text)).toBeNull();
    if (text !== "24:00") expect(parseEndTime(text)).toBeNull();
  });

  it("takes 24:00 and 00:00 as the end of the day", () => {
    expect(parseEndTime("24:00")).toBe(1440);
    expect(parseEndTime("00:00")).toBe(1440);
    expect(parseEndTime("00:01")).toBe(1);
    expect(parseEndTime("23:59")).toBe(1439);
  });
});

describe("dates", () => {
  it("counts every day from 1600 to 2400 as Temporal does, there and back", () => {
    const epoch = Temporal.PlainDate.from("1970-01-01");
    let date = Temporal.PlainDate.from("1600-01-01");
    let day = epoch.until(date).days;
    for (; date.year < 2400; date = date.add({ days: 1 }), day++) {
      const text = date.toString();
      if (
        parseDate(text) !== day ||
        formatDate(epochDay(day)) !== text ||
        dayOfWeek(epochDay(day)) !== date.dayOfWeek % 7
      ) {
        expect([parseDate(text), formatDate(epochDay(day)), dayOfWeek(epochDay(day))]).toEqual([
          day,
          text,
          date.dayOfWeek % 7,
        ]);
      }
    }
    expect(formatDate(epochDay(day - 1))).toBe("2399-12-31");
  });

  it("holds at the ends of the four-digit years", () => {
    for (const date of ["0000-01-01", "0000-02-29", "0001-01-01", "9999-12-31"]) {
      expect(formatDate(parseDate(date)!)).toBe(date);
    }
    expect(() => formatDate(epochDay(parseDate("9999-12-31")! + 1))).toThrow(RangeError);
    expect(() => formatDate(epochDay(parseDate("0000-01-01")! - 1))).toThrow(RangeError);
    expect(() => formatDate(epochDay(Number.NaN))).toThrow(RangeError);
  });

  it.each([
    "2025-02-30",
    "2025-02-29",
    "1900-02-29",
    "2025-00-10",
    "2025-13-01",
    "2025-04-31",
    "2025-01-00",
    "2025-1-01",
    "2025-01-1",
    "20250101",
    "2025/01/01",
    "2025-01-01T00:00",
    " 2025-01-01",
    "2025-01-01 ",
    "+2025-01-01",
    "",
    "٢٠٢٥-٠١-٠١",
  ])("refuses %j", (text) => {
    expect(parseDate(text)).toBeNull();
  });

  it("takes leap days where they exist", () => {
    expect(formatDate(epochDay(parseDate("2024-02-29")! + 1))).toBe("2024-03-01");
    expect(formatDate(epochDay(parseDate("2000-02-29")! + 1))).toBe("2000-03-01");
  });

  it("adds days over months and years", () => {
    expect(addDays(localDate("2026-12-31"), 1)).toBe("2027-01-01");
    expect(addDays(localDate("2024-03-01"), -1)).toBe("2024-02-29");
    expect(() => addDays("2025-02-30" as LocalDate, 1)).toThrow(RangeError);
  });

  it("returns the weekday and the Monday of the ISO week", () => {
    expect(dayOfWeek(epochDay(0))).toBe(4); // 1970-01-01 was a Thursday.
    expect(dayOfWeek(parseDate("2026-03-01")!)).toBe(0);
    expect(dayOfWeek(epochDay(-4))).toBe(0);
    expect(formatDate(mondayOf(parseDate("2026-03-01")!))).toBe("2026-02-23");
    expect(formatDate(mondayOf(parseDate("2026-03-02")!))).toBe("2026-03-02");
    expect(formatDate(mondayOf(epochDay(-1)))).toBe("1969-12-29");
  });
});
