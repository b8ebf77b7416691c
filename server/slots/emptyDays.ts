import type { SlotAnswer } from "#contract/slots.ts";
import { addDays } from "#scheduling/dates.ts";
import { dayReason } from "#scheduling/explain.ts";
import { judgeSlots, type Occupancy, type Schedule, type SlotQuery } from "#scheduling/slots.ts";
import { startOfDay } from "#scheduling/zonedTime.ts";

type Day = SlotAnswer["days"][number];

/**
 * Adds the reason to every day that offers nothing. Only runs of such days are judged again.
 * @param timezone the viewer's, to which the dates belong
 */
export function explainEmptyDays(
  days: readonly Day[],
  timezone: string,
  schedule: Schedule,
  taken: readonly Occupancy[],
  query: SlotQuery,
): Day[] {
  const isEmpty = (day: Day) => !day.slots.some(({ available }) => available);
  const explained: Day[] = [];
  for (let at = 0; at < days.length; ) {
    let end = at;
    while (end < days.length && isEmpty(days[end]!)) end += 1;
    if (end === at) {
      explained.push(days[at]!);
      at += 1;
      continue;
    }
    const from = startOfDay(timezone, days[at]!.date);
    const judged = judgeSlots(schedule, taken, {
      ...query,
      from,
      until: startOfDay(timezone, addDays(days[end - 1]!.date, 1)),
    });
    let next = 0;
    for (let dayFrom = from; at < end; at++) {
      const day = days[at]!;
      const until = startOfDay(timezone, addDays(day.date, 1));
      const verdicts = new Set<(typeof judged)[number]["verdict"]>();
      for (; next < judged.length && judged[next]!.startsAt < until; next++)
        verdicts.add(judged[next]!.verdict);
      explained.push({
        ...day,
        reason: dayReason(schedule, verdicts, { from: dayFrom, until, now: query.now }),
      });
      dayFrom = until;
    }
  }
  return explained;
}
