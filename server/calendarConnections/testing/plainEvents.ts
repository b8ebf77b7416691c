import { epochMs, HOUR_MS } from "#scheduling/units.ts";
import type { EventsRead, ReadEvents } from "../readEvents.ts";

/**
 * Reads events that begin and end at instants in UTC and do not repeat, for tests of where calendar data comes from. What it
 * means is tested in busyTimes/.
 */
export const readPlainEvents: ReadEvents = async (texts) => texts.map(readPlainText);

function readPlainText(text: string): EventsRead {
  const events = [...text.matchAll(/BEGIN:VEVENT[\s\S]*?END:VEVENT/g)].map(([event]) => ({
    uid: propertyOf(event, "UID") ?? "",
    startsAt: instantOf(propertyOf(event, "DTSTART")),
    endsAt: instantOf(propertyOf(event, "DTEND")),
    isAllDay: false,
    title: propertyOf(event, "SUMMARY"),
  }));
  const busy = events.flatMap(({ startsAt, endsAt, ...rest }) =>
    startsAt === null || endsAt === null ? [] : [{ ...rest, startsAt, endsAt }],
  );
  return {
    busy,
    unreadable: events
      .filter(({ startsAt, endsAt }) => startsAt === null || endsAt === null)
      .map(({ uid }) => uid),
    refused: null,
  };
}

/** A calendar with such an event of an hour. @param start day of January 2030, or an instant */
export function plainEvent(uid: string, start: number | string, title = "Dentist"): string {
  const startsAt = typeof start === "string" ? Date.parse(start) : Date.UTC(2030, 0, start, 10);
  const text = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");
  return [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//MatePeak//tests//EN",
    "BEGIN:VEVENT",
    `UID:${uid}`,
    "DTSTAMP:20260101T000000Z",
    `DTSTART:${text(startsAt)}`,
    `DTEND:${text(startsAt + HOUR_MS)}`,
    `SUMMARY:${title}`,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

function propertyOf(event: string, name: string): string | null {
  return new RegExp(`^${name}[^:\\r\\n]*:(.*?)\\r?$`, "m").exec(event)?.[1] ?? null;
}

function instantOf(value: string | null) {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(value ?? "");
  if (!parts) return null;
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  return epochMs(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second));
}
