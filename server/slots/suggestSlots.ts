import type { SessionType } from "../../contract/services.ts";
import type { Slot } from "../../contract/slots.ts";
import { withoutSeat } from "../../scheduling/seats.ts";
import { findSlots } from "../../scheduling/slots.ts";
import { DAY_MS, instantOf, startOfDay, wallClockOf } from "../../scheduling/zonedTime.ts";
import type { Queryable } from "../database.ts";
import { findOffer, readSchedule } from "./queries.ts";

/** How far ahead, and how many, other times are suggested when one was taken. */
const suggestionDays = 14;
const suggestionCount = 5;

export interface SuggestionRequest {
  mentorId: string;
  session_type: SessionType;
  service_id: string | undefined;
  duration: number;
  /** Start, epoch ms, of the session whose seat is about to be given up; its time counts as free. */
  leaving?: number | undefined;
  /** Zone of the date and the answer; the mentor's when left out. */
  timezone: string | undefined;
  date: string;
  minuteOfDay: number;
}

/** The free starts nearest to the one asked for, in the order of time. */
export async function suggestSlots(
  executor: Queryable,
  ask: SuggestionRequest,
  now: number,
): Promise<(Slot & { date: string })[]> {
  const from = Math.max(now, startOfDay("UTC", ask.date) - 2 * DAY_MS);
  const range = { from, until: from + suggestionDays * DAY_MS };
  const { schedule, taken, services } = await readSchedule(executor, ask.mentorId, range);
  const others = ask.leaving === undefined ? taken : withoutSeat(taken, ask.leaving);
  const free = findSlots(schedule, others, {
    ...range,
    duration: ask.duration,
    now,
    service_id: findOffer(services, ask).service?.id ?? null,
  });
  const timezone = ask.timezone ?? schedule.timezone;
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
