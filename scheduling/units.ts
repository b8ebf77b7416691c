/** Lengths of time in milliseconds. A day here has 24 hours: calendar days are dates, see dates.ts. */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
