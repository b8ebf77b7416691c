import type { SlotAnswer } from "#contract/slots.ts";
import { addDays } from "#scheduling/dates.ts";
import type { LocalDate } from "#scheduling/units.ts";
import type { DateRange } from "@/lib/months.ts";

type Days = SlotAnswer["days"];
type Reason = NonNullable<Days[number]["reason"]>;

/** How many days after the last bookable one. */
const DAYS_AFTER = 14;

/**
 * The days to suggest for an alert: the first ones without available times, or the two weeks after the known days when all of
 * them have some. A day with an available time is never suggested, because it needs no alert.
 * @param known consecutive days from today on
 */
export function suggestAlertDays(known: Days, today: LocalDate): DateRange {
  const inWindow = known.filter(({ reason }) => reason !== "beyond_window");
  const start = inWindow.findIndex((day) => isEmpty(day) && canStillOpen(day.reason));
  const first = inWindow[start];
  if (first) {
    const next = inWindow.findIndex((day, index) => index > start && !isEmpty(day));
    const last = inWindow[next < 0 ? inWindow.length - 1 : next - 1] ?? first;
    return { from: first.date, to: last.date };
  }
  const last = inWindow.at(-1)?.date;
  const from = last ? addDays(last, 1) : today;
  return { from, to: addDays(from, DAYS_AFTER - 1) };
}

function isEmpty({ slots }: Days[number]): boolean {
  return !slots.some(({ available }) => available);
}

/** On a day that is over or within the minimum notice, a cancellation comes too late. */
function canStillOpen(reason: Reason | undefined): boolean {
  return reason !== "past" && reason !== "notice";
}
