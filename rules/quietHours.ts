/** Quiet hours: messages that are not urgent wait until they end. */
import { parseTime } from "#scheduling/dates.ts";
import { asMinutes, type EpochMs } from "#scheduling/units.ts";
import { addDays, instantOf, wallClockOf } from "#scheduling/zonedTime.ts";

export interface QuietHours {
  /** HH:MM in the person's zone. */
  from: string;
  /** HH:MM in the person's zone; before `from`, it is on the next day. */
  until: string;
  /** IANA name. */
  timezone: string;
}

/** Returns when quiet hours that contain `now` end; undefined outside of them. */
export function quietUntil(now: EpochMs, { from, until, timezone }: QuietHours): EpochMs | undefined {
  const { date, time } = wallClockOf(timezone, now);
  const spansMidnight = from > until;
  const isQuiet = spansMidnight ? time >= from || time < until : time >= from && time < until;
  if (!isQuiet) return undefined;
  const endsOn = spansMidnight && time >= from ? addDays(date, 1) : date;
  return instantOf(timezone, endsOn, parseTime(until) ?? asMinutes(0));
}
