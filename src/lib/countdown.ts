/** How long until a session, in words that are right at every moment: read off the instant, never counted down. */

/** Keeps a number and its unit on one line. */
const NBSP = "\u00a0";
const DAY_S = 86_400;
const HOUR_S = 3_600;
const MINUTE_S = 60;

/** 'in 2 days 4 h', 'in 3 h 12 min', and in the last hour 'in 12 min 30 s'; 'now' from the instant on. */
export function countdownWords(instant: number, now: number, withSeconds = true): string {
  const left = Math.ceil((instant - now) / 1000);
  if (left <= 0) return "now";
  if (left >= DAY_S) {
    const days = Math.floor(left / DAY_S);
    return join(`${days}${NBSP}${days === 1 ? "day" : "days"}`, Math.floor((left % DAY_S) / HOUR_S), "h");
  }
  if (left >= HOUR_S)
    return join(`${Math.floor(left / HOUR_S)}${NBSP}h`, Math.floor((left % HOUR_S) / MINUTE_S), "min");
  if (!withSeconds)
    return left < MINUTE_S ? "in less than a minute" : `in ${Math.floor(left / MINUTE_S)}${NBSP}min`;
  if (left < MINUTE_S) return `in ${left}${NBSP}s`;
  return join(`${Math.floor(left / MINUTE_S)}${NBSP}min`, left % MINUTE_S, "s");
}

/** Milliseconds until `countdownWords` says something else. */
export function untilNextWords(instant: number, now: number, withSeconds = true): number {
  const left = Math.ceil((instant - now) / 1000);
  if (left <= 0) return Number.POSITIVE_INFINITY;
  const next = withSeconds && left <= HOUR_S ? left - 1 : Math.floor(left / MINUTE_S) * MINUTE_S - 1;
  return instant - now - Math.max(next, 0) * 1000;
}

function join(large: string, count: number, unit: string): string {
  return count === 0 ? `in ${large}` : `in ${large} ${count}${NBSP}${unit}`;
}
