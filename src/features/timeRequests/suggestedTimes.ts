import { readDate } from "#scheduling/dates.ts";
import type { EpochMs } from "#scheduling/units.ts";
import type { TypedDate } from "@/lib/time.ts";
import { instantAt } from "@/lib/wallTime.ts";

/** A start as typed, in the zone of the person who types. */
export type TypedTime = { date: TypedDate; time: string };
/** A form with suggested times and an optional message. */
export type SuggestedTimesFields = { times: TypedTime[]; message: string };

export const noTime: TypedTime = { date: "", time: "" };

/** null while a part is missing. */
export function startOf({ date, time }: TypedTime, timeZone: string): EpochMs | null {
  const day = readDate(date);
  return day !== null && /^\d\d:\d\d/.test(time) ? instantAt(day, time.slice(0, 5), timeZone) : null;
}

export function startsOf(times: readonly TypedTime[], timeZone: string): EpochMs[] {
  return times.flatMap((time) => startOf(time, timeZone) ?? []);
}

/** Maps the API's field `starts_at.1` to the form's field of the second time. */
export function timeFieldOf(field: string): string {
  const index = /^starts_at(?:\.(\d))?$/.exec(field);
  return index ? `times.${index[1] ?? 0}.date` : field;
}
