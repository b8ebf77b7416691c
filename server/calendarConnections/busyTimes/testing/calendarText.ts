import { epochMs, parseInstant } from "#scheduling/units.ts";
import type { BusyInterval, BusyQuery, BusyReading } from "../busyInterval.ts";
import { busyTimes } from "../busyTimes.ts";

/** A calendar file with the lines of each event. */
export function calendarText(...events: readonly (readonly string[])[]): string {
  const lines = events.flatMap((event) => ["BEGIN:VEVENT", ...event, "END:VEVENT"]);
  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR", ""].join("\r\n");
}

/** From 2026-09-01 to 2027-04-01, unless said otherwise. */
export function queryOf(changes: Partial<BusyQuery> = {}): BusyQuery {
  return {
    from: parseInstant("2026-09-01T00:00Z"),
    until: parseInstant("2027-04-01T00:00Z"),
    calendarZone: "Europe/Berlin",
    personZone: "Asia/Tokyo",
    ...changes,
  };
}

/** @throws if the text is refused */
export function readBusy(text: string, changes: Partial<BusyQuery> = {}): BusyReading {
  const reading = busyTimes(text, queryOf(changes));
  if (typeof reading === "string") throw new Error(reading);
  return reading;
}

/** '2026-10-18T13:00Z/14:00Z', the end with its date if that is another; ascending. */
export function timesOf(busy: readonly BusyInterval[]): string[] {
  return busy
    .toSorted((one, other) => one.startsAt - other.startsAt)
    .map(({ startsAt, endsAt }) => {
      const [start, end] = [minuteText(startsAt), minuteText(endsAt)];
      return `${start}/${end.slice(0, 10) === start.slice(0, 10) ? end.slice(11) : end}`;
    });
}

/** '2026-10-18T13:00Z'. */
export function minuteText(instant: number): string {
  return `${new Date(epochMs(instant)).toISOString().slice(0, 16)}Z`;
}
