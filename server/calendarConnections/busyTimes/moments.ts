import { type EpochMs, epochMs } from "#scheduling/units.ts";
import { startOfDayIn } from "#scheduling/zonedTime.ts";
import { changesUpTo, instantIn, offsetIn, type ZoneTable } from "#scheduling/zoneTable.ts";

/** A date, or a date and time, on the clock of a zone. */
export interface Moment {
  /** ms since 1970-01-01T00:00 on that clock. */
  wall: number;
  zone: ZoneTable;
  isDate: boolean;
  /** The time had neither a zone nor Z. */
  isFloating: boolean;
}

const moment = /^(\d{4})-(\d\d)-(\d\d)(?:T(?:(\d\d):(\d\d):(\d\d)(Z)?|::))?$/;

/** Wall clock of jCal text, or null if there is no such date or time. A date whose VALUE=DATE is missing is a date. */
export function readWall(text: unknown): { wall: number; isDate: boolean; isUtc: boolean } | null {
  const parts = typeof text === "string" ? moment.exec(text) : null;
  if (parts === null) return null;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  if (parts[4] === undefined) return { wall: date.getTime(), isDate: true, isUtc: false };
  // 24:00 is the next day's midnight, and 60 a leap second.
  const [hour, minute, second] = [Number(parts[4]), Number(parts[5]), Math.min(59, Number(parts[6]))];
  if (hour > 24 || minute > 59 || Number(parts[6]) > 60) return null;
  const wall = date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
  return { wall, isDate: false, isUtc: parts[7] === "Z" };
}

/** A skipped time is moved on by the gap, of a repeated one it is the first (RFC 5545, 3.3.5). */
export function instantAt({ wall, zone, isDate }: Pick<Moment, "wall" | "zone" | "isDate">): EpochMs {
  return epochMs(isDate ? startOfDayIn(zone, wall) : instantIn(zone, wall));
}

/** The second instant at which the clock shows a repeated time; null for any other time. */
export function secondReading(zone: ZoneTable, wall: number): number | null {
  const first = instantIn(zone, wall);
  const after = changesUpTo(zone.changes, first);
  const offset = zone.offsets[after + 1];
  if (offset === undefined) return null;
  const second = wall - offset;
  return second > first && second >= zone.changes[after]! ? second : null;
}

export function wallAt(zone: ZoneTable, instant: number): number {
  return instant + offsetIn(zone, instant);
}
