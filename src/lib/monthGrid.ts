import { addDays, dayOf, dayOfWeek, readDate } from "#scheduling/dates.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { addMonths, type DateRange } from "./months.ts";

/** The dates of a month by weeks; null for days of other months. @param month its first day */
export function weeksOf(month: LocalDate, firstWeekday: number): (LocalDate | null)[][] {
  const next = addMonths(month, 1);
  const weeks: (LocalDate | null)[][] = [];
  for (let start = weekStart(month, firstWeekday); start < next; start = addDays(start, 7)) {
    const days = Array.from({ length: 7 }, (_, index) => addDays(start, index));
    weeks.push(days.map((day) => (day >= month && day < next ? day : null)));
  }
  return weeks;
}

/**
 * The date that a key moves to, within the bookable dates (WAI-ARIA APG, date picker dialog); null for other keys. In a
 * shorter month it is the last day.
 */
export function dateAfterKey(
  key: string,
  date: LocalDate,
  firstWeekday: number,
  bookable: DateRange,
): LocalDate | null {
  const next = unboundDateAfterKey(key, date, firstWeekday);
  if (next === null || next > bookable.to) return next && bookable.to;
  return next < bookable.from ? bookable.from : next;
}

function unboundDateAfterKey(key: string, date: LocalDate, firstWeekday: number): LocalDate | null {
  switch (key) {
    case "ArrowLeft":
      return addDays(date, -1);
    case "ArrowRight":
      return addDays(date, 1);
    case "ArrowUp":
      return addDays(date, -7);
    case "ArrowDown":
      return addDays(date, 7);
    case "Home":
      return weekStart(date, firstWeekday);
    case "End":
      return addDays(weekStart(date, firstWeekday), 6);
    case "PageUp":
      return sameDayOf(addMonths(date, -1), date);
    case "PageDown":
      return sameDayOf(addMonths(date, 1), date);
    default:
      return null;
  }
}

function sameDayOf(month: LocalDate, date: LocalDate): LocalDate {
  return readDate(`${month.slice(0, 8)}${date.slice(8)}`) ?? addDays(addMonths(month, 1), -1);
}

export function weekStart(date: LocalDate, firstWeekday: number): LocalDate {
  return addDays(date, -((dayOfWeek(dayOf(date)) - firstWeekday + 7) % 7));
}
