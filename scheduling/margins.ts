/**
 * How far the clocks of the world reach: every margin around a range of instants comes from here, with its reason.
 * Callers outside of the engine use `neededRange.ts`, which applies them.
 */

import { DAY_MS, HOUR_MS } from "./units.ts";

/** No zone's clock is, or ever was, further from UTC (Manila -15:56 before 1845, Metlakatla +15:14 before 1867). */
export const OFFSET_REACH_MS = 16 * HOUR_MS;

/** Between a wall clock read as UTC and the instant it means: the offset, and a jump over the date line. */
export const ZONE_SLACK_MS = 2 * DAY_MS;

/** Around a date: `ZONE_SLACK_MS` on both of its ends, and the night that its hours may run into. */
export const DATE_REACH_MS = 5 * DAY_MS;

/** Around a start: its ISO week by a clock that may change zones on the way. */
export const WEEK_REACH_MS = 10 * DAY_MS;
