/** Times of sessions in lists. Separate from time.ts, which the booking route loads. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#scheduling/units.ts";
import { countdown } from "#words/durations.ts";
import { justNow } from "#words/times.ts";
import {
  formatInstant,
  formatTime,
  formatter,
  type Instant,
  isRepeated,
  locale,
  onClock,
  wallClock,
} from "./time.ts";

/** '2:30 – 3:30 pm' in a time zone; with offsets if the times are ambiguous because the clock is set back. */
export function formatTimeRange(start: Instant, end: Instant, timeZone: string): string {
  const ends = [start, end];
  // formatRange would write both dates out if they differ.
  const [startDay, endDay] = ends.map((instant) => wallClock(instant, timeZone).date);
  if (startDay !== endDay || ends.some((instant) => isRepeated(instant, timeZone)))
    return ends.map((instant) => formatTime(instant, timeZone)).join(" – ");
  const [from, to] = [onClock(start, timeZone), onClock(end, timeZone)];
  const format = formatter({ timeZone: from.timeZone, hour: "numeric", minute: "2-digit" });
  return format.formatRange(from.at, to.at);
}

/** 'HH:MM' -> '7:00 pm'; 24:00 is midnight. */
export function formatClock(time: string): string {
  const clock = time === "24:00" ? "00:00" : time;
  return formatTime(`2000-01-01T${clock}:00Z`, "UTC");
}

/** The parts of a `DateBadge`: { weekday: 'Tue', day: '24', month: 'Nov' }. */
export function dateParts(
  instant: string,
  timeZone: string,
): { weekday: string; day: string; month: string } {
  const part = (options: Intl.DateTimeFormatOptions) => formatInstant(instant, timeZone, options);
  return {
    weekday: part({ weekday: "short" }),
    day: part({ day: "numeric" }),
    month: part({ month: "short" }),
  };
}

export function sameDay(instant: string, one: string, other: string): boolean {
  return wallClock(instant, one).date === wallClock(instant, other).date;
}

/** 'in 2 days', 'in 5 hours', 'in 20 minutes', 'now': the largest unit alone, rounded down. */
export function timeUntil(instant: string, now: Date): string {
  const left = Date.parse(instant) - now.getTime();
  if (left < MINUTE_MS) return countdown.now;
  const [size, unit] =
    left >= 2 * DAY_MS
      ? ([DAY_MS, "day"] as const)
      : left >= HOUR_MS
        ? ([HOUR_MS, "hour"] as const)
        : ([MINUTE_MS, "minute"] as const);
  return new Intl.RelativeTimeFormat(locale).format(Math.floor(left / size), unit);
}

/** '2 days ago', '5 hours ago', 'just now': the largest unit alone, rounded down. */
export function timeAgo(instant: string, now: Date): string {
  const passed = now.getTime() - Date.parse(instant);
  if (passed < MINUTE_MS) return justNow;
  const [size, unit] =
    passed >= DAY_MS
      ? ([DAY_MS, "day"] as const)
      : passed >= HOUR_MS
        ? ([HOUR_MS, "hour"] as const)
        : ([MINUTE_MS, "minute"] as const);
  return new Intl.RelativeTimeFormat(locale).format(-Math.floor(passed / size), unit);
}
