import type { z } from "zod";
import type { CheckedStart, checkGroupSessions } from "#contract/groupSessions.ts";
import { addDays, parseTime } from "#scheduling/dates.ts";
import { judgeOwnStart } from "#scheduling/ownStart.ts";
import { seriesStarts } from "#scheduling/series.ts";
import { asMinutes, formatInstant, parseInstant } from "#scheduling/units.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { readSchedule } from "../slots/queries.ts";
import { findGroupSession } from "./queries.ts";

/**
 * What a mentor's sessions would meet at a time, or at the same one of several weeks. Nothing is reserved.
 * @throws Refusal `mentor_not_found`
 */
export async function checkStarts(
  { database, now: clock }: Dependencies,
  caller: Identity,
  { duration, scheduled_date: date, scheduled_time: time, weeks, moved }: z.output<typeof checkGroupSessions>,
): Promise<CheckedStart[]> {
  return database.asUser(caller.id, async (tx) => {
    const { schedule, taken } = await readSchedule(tx.client, caller.id, {
      from: addDays(date, -1),
      to: addDays(date, (weeks - 1) * 7 + 2),
    });
    const own = moved && (await findGroupSession(tx.client, caller.id, moved));
    const others = own ? taken.filter(({ startsAt }) => startsAt !== parseInstant(own.starts_at)) : taken;
    const minuteOfDay = parseTime(time) ?? asMinutes(0);
    const now = clock();
    return seriesStarts(schedule, { date, minuteOfDay, everyWeeks: 1, sessions: weeks }).map(
      (startsAt, week) => {
        const { verdict, isRefused } = judgeOwnStart(schedule, others, { startsAt, duration, now });
        const scheduled_date = addDays(date, week * 7);
        return { scheduled_date, starts_at: formatInstant(startsAt), verdict, is_refused: isRefused };
      },
    );
  });
}
