import type { SessionType } from "#contract/services.ts";
import type { Slot } from "#contract/slots.ts";
import { addDays } from "#scheduling/dates.ts";
import { startsOf } from "#scheduling/neededRange.ts";
import { findSlots } from "#scheduling/slots.ts";
import { type EpochMs, epochMs, type LocalDate, type Minutes } from "#scheduling/units.ts";
import { instantOf, wallClockOf } from "#scheduling/zonedTime.ts";
import type { Queryable } from "../platform/database/database.ts";
import { findOffer, forMove, readSchedule } from "./queries.ts";

/** How many alternatives are suggested for a taken time, and from which days around it. */
const daysBefore = 2;
const daysAfter = 14;
const suggestionCount = 5;

export interface SuggestionRequest {
  mentorId: string;
  session_type: SessionType;
  service_id: string | undefined;
  duration: Minutes;
  /** Start, epoch ms, of the session whose seat is about to be given up; its time counts as free. */
  leaving?: number | undefined;
  /** Zone of the date and of the result; default: the mentor's. */
  timezone: string | undefined;
  date: LocalDate;
  minuteOfDay: Minutes;
}

/** Returns the free starts nearest to the requested one, in chronological order. */
export async function suggestSlots(
  executor: Queryable,
  ask: SuggestionRequest,
  now: EpochMs,
): Promise<(Slot & { date: LocalDate })[]> {
  const asked = {
    from: addDays(ask.date, -daysBefore),
    to: addDays(ask.date, daysAfter),
    timezone: ask.timezone,
  };
  const read = await readSchedule(executor, ask.mentorId, asked);
  const timezone = ask.timezone ?? read.schedule.timezone;
  const query = {
    ...startsOf({ ...asked, timezone }),
    duration: ask.duration,
    now,
    serviceId: findOffer(read.services, ask).service?.id ?? null,
  };
  const { schedule, taken } = ask.leaving === undefined ? read : forMove(read, epochMs(ask.leaving), query);
  const free = findSlots(schedule, taken, query);
  const wanted = instantOf(timezone, ask.date, ask.minuteOfDay);
  return free
    .toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))
    .slice(0, suggestionCount)
    .sort((a, b) => a - b)
    .map((start) => ({
      ...wallClockOf(timezone, start),
      starts_at: new Date(start).toISOString(),
      available: true,
    }));
}
