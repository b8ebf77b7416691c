import type { LocalDate } from "#scheduling/units.ts";

/** Both dates included. */
export type DateRange = { from: LocalDate; to: LocalDate };

/** '2026-11-24' -> '2026-11-01' */
export function monthOf(date: LocalDate): LocalDate {
  return `${date.slice(0, 7)}-01` as LocalDate;
}

/** The first day of the month `count` months after the month of a date. */
export function addMonths(date: LocalDate, count: number): LocalDate {
  const months = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + count;
  const month = `${String(Math.floor(months / 12)).padStart(4, "0")}-${String((months % 12) + 1).padStart(2, "0")}`;
  return `${month}-01` as LocalDate;
}
