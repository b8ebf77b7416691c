/** From a calendar's text (RFC 5545) to the times at which its owner is busy. In doubt a time is busy. */
import { calendarLimits } from "#rules/limits.ts";
import type { BusyFault, BusyQuery, BusyReading, BusyTime } from "./busyInterval.ts";
import { type CalendarEvent, type EventClocks, readEvent } from "./calendarEvent.ts";
import { type RawCalendar, readContentLines } from "./contentLines.ts";
import { type Effort, expandSeries, type Series } from "./series.ts";
import { ZoneBook } from "./zoneBook.ts";

/** Why nothing of a text was read. */
export type RefusedCalendar = "too_large" | "too_many_events" | "no_calendar";

/**
 * What overlaps [from, until), in no particular order: intervals of one event may overlap, and reach beyond the range.
 * What cannot be read of an event is a fault, and the other events are read.
 * @throws RangeError for a zone of the query that does not exist
 */
export function busyTimes(text: string, query: BusyQuery): BusyReading | RefusedCalendar {
  if (text.length > calendarLimits.characters) return "too_large";
  const calendar = readContentLines(text, calendarLimits.events);
  if (calendar === null) return "no_calendar";
  if (calendar === "too_many_events") return calendar;
  const [busy, faults]: [BusyTime[], BusyFault[]] = [[], []];
  const effort: Effort = { occurrences: calendarLimits.occurrences, failures: calendarLimits.failures };
  for (const series of seriesOf(calendar, query, faults)) {
    for (const time of expandSeries(series, query, effort, faults)) busy.push(time);
  }
  return { busy, faults };
}

function seriesOf(calendar: RawCalendar, query: BusyQuery, faults: BusyFault[]): Iterable<Series> {
  const clocks = clocksOf(calendar, query);
  const series = new Map<string | CalendarEvent, Series>();
  for (const component of calendar.events) {
    const event = readEvent(component, clocks, faults);
    if (event === null) continue;
    const key = event.uid ?? event;
    const events = series.get(key) ?? { masters: [], replacements: [] };
    series.set(key, events);
    (event.replaces === null ? events.masters : events.replacements).push(event);
  }
  return series.values();
}

function clocksOf(calendar: RawCalendar, query: BusyQuery): EventClocks {
  const { calendarZone, personZone, until, ownAddresses = [] } = query;
  const zones = new ZoneBook(calendar.zones, until);
  const person = zones.find(personZone);
  const own = calendarZone ?? calendar.timezone;
  if (person === null) throw new RangeError(`Unknown time zone: ${personZone}`);
  return { zones, person, calendar: (own === null ? null : zones.find(own)) ?? person, ownAddresses };
}
