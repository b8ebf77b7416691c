import { addDays, dayOfWeek, parseDate } from "#scheduling/dates.ts";
import { addMonths, type DateRange } from "./months.ts";

/** The dates of a month by weeks; null for days of other months. @param month its first day */
export function weeksOf(month: string, firstWeekday: number): (string | null)[][] {
  const next = addMonths(month, 1);
  const weeks: (string | null)[][] = [];
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
  date: string,
  firstWeekday: number,
  bookable: DateRange,
): string | null {
  const next = unboundDateAfterKey(key, date, firstWeekday);
  if (next === null || next > bookable.to) return next && bookable.to;
  return next < bookable.from ? bookable.from : next;
}

function unboundDateAfterKey(key: string, date: string, firstWeekday: number): string | null {
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

function sameDayOf(month: string, date: string): string {
  const wanted = `${month.slice(0, 8)}${date.slice(8)}`;
  return parseDate(wanted) === null ? addDays(addMonths(month, 1), -1) : wanted;
}

function weekStart(date: string, firstWeekday: number): string {
  return addDays(date, -((dayOfWeek(parseDate(date) ?? 0) - firstWeekday + 7) % 7));
}
