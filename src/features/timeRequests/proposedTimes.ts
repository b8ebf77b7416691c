import { instantAt } from "@/lib/wallTime.ts";

/** A start as it is typed: on the clock of the one who types. */
export type TypedTime = { date: string; time: string };
/** A form with proposed times, and words that may go with them. */
export type ProposedTimesFields = { times: TypedTime[]; message: string };

export const noTime: TypedTime = { date: "", time: "" };

/** null while something is missing. */
export function startOf({ date, time }: TypedTime, timeZone: string): string | null {
  return /^\d{4}-\d\d-\d\d$/.test(date) && /^\d\d:\d\d/.test(time)
    ? instantAt(date, time.slice(0, 5), timeZone)
    : null;
}

export function startsOf(times: readonly TypedTime[], timeZone: string): string[] {
  return times.flatMap((time) => startOf(time, timeZone) ?? []);
}

/** The API's `starts_at.1` -> the field of the second time. */
export function timeFieldOf(field: string): string {
  const index = /^starts_at(?:\.(\d))?$/.exec(field);
  return index ? `times.${index[1] ?? 0}.date` : field;
}
