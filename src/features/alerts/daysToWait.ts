import type { SlotAnswer } from "#contract/slots.ts";
import { addDays } from "#scheduling/dates.ts";

type Days = SlotAnswer["days"];
type Reason = NonNullable<Days[number]["reason"]>;

/** How many days someone waits after the last one that can be booked. */
const DAYS_AFTER = 14;

/**
 * The days to suggest to someone who wants to be told when more opens: the first coming ones that have nothing free, or the
 * two weeks after the known ones where each of them has something. Never a day with a free time: that one needs no waiting.
 * @param known consecutive days from today on
 */
export function daysToWait(known: Days, today: string): { from: string; to: string } {
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

/** Whatever is cancelled on a day that is over, or nearly, comes too late. */
function canStillOpen(reason: Reason | undefined): boolean {
  return reason !== "past" && reason !== "notice";
}
