/** What the converters of events in JSON share: providers expand series themselves, so an event is one interval. */
import { DAY_MS, epochMs } from "#scheduling/units.ts";
import type { ZoneTable } from "#scheduling/zoneTable.ts";
import type { BusyFault, BusyQuery, BusyReading, FaultReason } from "./busyInterval.ts";
import { instantAt, readWall } from "./moments.ts";
import { ZoneBook } from "./zoneBook.ts";

/** Of an event in JSON, once it is known to be busy. */
export interface AnsweredEvent {
  uid: string | null;
  title: string | null;
  isAllDay: boolean;
  start: AnsweredTime;
  end: AnsweredTime;
}

interface AnsweredTime {
  /** ISO 8601, with or without an offset; a date if the event is of whole days. */
  text: string | undefined;
  /** IANA or Windows name; null for the calendar's own. */
  zone: string | null;
}

const nothing: BusyReading = { busy: [], faults: [] };

export function freeTime(): BusyReading {
  return nothing;
}

export function faultOf(uid: string | null, reason: FaultReason, detail: string): BusyReading {
  return { busy: [], faults: [{ uid, reason, detail }] };
}

/** The event as a busy time, if it overlaps the query's range. */
export function busyTimeOf(event: AnsweredEvent, query: BusyQuery): BusyReading {
  const { uid, title, isAllDay } = event;
  const faults: BusyFault[] = [];
  const zones = new ZoneBook([], query.until);
  const own = zones.find(query.calendarZone ?? query.personZone) ?? zones.find(query.personZone);
  if (own === null) throw new RangeError(`Unknown time zone: ${query.personZone}`);
  const zoneOf = (name: string | null): ZoneTable => {
    const zone = name === null ? own : zones.find(name);
    if (zone === null) faults.push({ uid, reason: "unknown_zone", detail: name ?? "" });
    return zone ?? own;
  };
  const startsAt = instantOf(event.start, isAllDay, own, zoneOf);
  const endsAt = instantOf(event.end, isAllDay, own, zoneOf);
  if (startsAt === null) return faultOf(uid, "no_start", event.start.text ?? "");
  if (endsAt === null) return faultOf(uid, "unreadable", event.end.text ?? "");
  if (endsAt < startsAt) return faultOf(uid, "ends_before_start", `${event.start.text} - ${event.end.text}`);
  // An event of whole days that ends on the date it starts on lasts that day.
  const until = isAllDay && endsAt === startsAt ? dayAfter(event.start, own) : endsAt;
  const isInRange = startsAt < until && startsAt < query.until && until > query.from;
  const time = { startsAt: epochMs(startsAt), endsAt: epochMs(until), isAllDay, title, uid };
  return { busy: isInRange ? [time] : [], faults };
}

function instantOf(
  { text = "", zone }: AnsweredTime,
  isAllDay: boolean,
  own: ZoneTable,
  zoneOf: (name: string | null) => ZoneTable,
): number | null {
  if (!isAllDay && /[+-]\d\d:\d\d$/.test(text)) {
    const instant = Date.parse(text);
    return Number.isNaN(instant) ? null : instant;
  }
  // Microsoft writes seven places of a second.
  const read = readWall(isAllDay ? text.slice(0, 10) : text.replace(/\.\d+/, ""));
  if (read === null || (read.isDate && !isAllDay)) return null;
  if (isAllDay) return instantAt({ ...read, zone: own });
  return read.isUtc ? read.wall : instantAt({ ...read, zone: zoneOf(zone) });
}

function dayAfter({ text = "" }: AnsweredTime, zone: ZoneTable): number {
  return instantAt({ wall: readWall(text.slice(0, 10))!.wall + DAY_MS, isDate: true, zone });
}
