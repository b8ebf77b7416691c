import { countdown } from "#words/durations.ts";

/** The time until a session, computed from the start and never counted down. */

const DAY_S = 86_400;
const HOUR_S = 3_600;
const MINUTE_S = 60;

/** 'in 2 days 4 h', 'in 3 h 12 min', in the last hour 'in 12 min 30 s', and 'now' from the start on. */
export function countdownText(instant: number, now: number, withSeconds = true): string {
  const left = Math.ceil((instant - now) / 1000);
  if (left <= 0) return countdown.now;
  if (left >= DAY_S) return countdown.days(Math.floor(left / DAY_S), Math.floor((left % DAY_S) / HOUR_S));
  if (left >= HOUR_S)
    return countdown.hours(Math.floor(left / HOUR_S), Math.floor((left % HOUR_S) / MINUTE_S));
  if (!withSeconds && left < MINUTE_S) return countdown.withinAMinute;
  if (left < MINUTE_S) return countdown.seconds(left);
  return countdown.minutes(Math.floor(left / MINUTE_S), withSeconds ? left % MINUTE_S : 0);
}

/** Milliseconds until the text of `countdownText` changes. */
export function untilNextText(instant: number, now: number, withSeconds = true): number {
  const left = Math.ceil((instant - now) / 1000);
  if (left <= 0) return Number.POSITIVE_INFINITY;
  const next = withSeconds && left <= HOUR_S ? left - 1 : Math.floor(left / MINUTE_S) * MINUTE_S - 1;
  return instant - now - Math.max(next, 0) * 1000;
}
