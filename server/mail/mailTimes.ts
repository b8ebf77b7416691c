import { cityOf, renamedZones } from "#contract/zoneNames.ts";
import { type EpochMs, MINUTE_MS } from "#scheduling/units.ts";
import { isTimeZone, offsetMsAt, wallClockOf } from "#scheduling/zonedTime.ts";
import type { Words } from "#words/languages.ts";

/** A date in parts: { weekday: "Tue", day: "1", month: "Dec", year: "2026" }. */
interface DayParts {
  weekday: string;
  day: string;
  month: string;
  year: string;
}

/** From a start to an end, or a start alone. */
export interface Span {
  from: EpochMs;
  until?: EpochMs | undefined;
}

/** "Tue 1 Dec 2026, 19:00–20:00", and whose time it is: "your time (Kathmandu, UTC+05:45)". */
export interface TimeLine {
  time: string;
  label: string;
}

export interface MailTimes {
  parts(instant: EpochMs): DayParts;
  /** "Tue 1 Dec 19:00", for a subject. */
  short(instant: EpochMs): string;
  /** "Tue 1 Dec 2026, 19:00 (Kathmandu, UTC+05:45)", within a sentence. */
  inSentence(instant: EpochMs): string;
  /** The reader's own time; marked as both people's if their clocks show the same. */
  own(span: Span, otherTimezone?: string): TimeLine;
  /** The other person's time; undefined if their clocks show the same. */
  others(span: Span, timezone: string, name: string): TimeLine | undefined;
}

/** Times for one reader, by the server's rules of the zones: `Intl` only names the parts of a date. */
export function mailTimes(words: Words, readerTimezone: string): MailTimes {
  const { mailTimes: text } = words.mailTimes;
  const own = knownZone(readerTimezone);

  const isSameClock = (other: string, { from, until = from }: Span) =>
    [from, until].every((instant) => offsetMsAt(own, instant) === offsetMsAt(other, instant));

  function zoneLabel(timezone: string, { from, until = from }: Span): string {
    const city = cityOf(renamedZones[timezone] ?? timezone, words.times.timeZones.fixedOffset);
    const isShownWithTimes = offsetMsAt(timezone, from) !== offsetMsAt(timezone, until);
    return timezone === "UTC" || isShownWithTimes ? city : text.zone(city, offsetLabel(timezone, from));
  }

  function spanText(timezone: string, { from, until }: Span): string {
    const [start, startDay] = [clockAt(timezone, from), dayParts(words, timezone, from)];
    const starts = text.dayAndTime(text.dayAndYear(startDay), start);
    if (until === undefined) return starts;
    const [end, endDay] = [clockAt(timezone, until), dayParts(words, timezone, until)];
    if (offsetMsAt(timezone, from) !== offsetMsAt(timezone, until)) {
      const at = (time: string, instant: EpochMs) => text.timeAtOffset(time, offsetLabel(timezone, instant));
      const ends = startDay.day === endDay.day ? end : text.dayAndTime(text.day(endDay), end);
      return text.longRange(at(starts, from), at(ends, until));
    }
    return startDay.day === endDay.day
      ? text.range(starts, end)
      : text.longRange(starts, text.dayAndTime(text.day(endDay), end));
  }

  return {
    parts: (instant) => dayParts(words, own, instant),
    short: (instant) => text.dayTime(text.day(dayParts(words, own, instant)), clockAt(own, instant)),
    inSentence: (instant) =>
      text.timeAtOffset(spanText(own, { from: instant }), zoneLabel(own, { from: instant })),
    own: (span, otherTimezone) => {
      const isShared = otherTimezone !== undefined && isSameClock(knownZone(otherTimezone), span);
      return { time: spanText(own, span), label: (isShared ? text.both : text.yours)(zoneLabel(own, span)) };
    },
    others: (span, timezone, name) => {
      const zone = knownZone(timezone);
      if (isSameClock(zone, span)) return undefined;
      return { time: spanText(zone, span), label: text.theirs(name, zoneLabel(zone, span)) };
    },
  };
}

function knownZone(timezone: string): string {
  return isTimeZone(timezone) ? timezone : "UTC";
}

/** '19:00' */
function clockAt(timezone: string, instant: EpochMs): string {
  return wallClockOf(timezone, instant).time;
}

/** 'UTC+05:45' */
function offsetLabel(timezone: string, instant: EpochMs): string {
  const minutes = Math.round(offsetMsAt(timezone, instant) / MINUTE_MS);
  const pad = (value: number) => String(value).padStart(2, "0");
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? "−" : "+"}${pad(hours)}:${pad(rest)}`;
}

const options = {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
  numberingSystem: "latn",
  calendar: "gregory",
} as const;
/** By language and date: mails are about few days, and taking a date apart costs as much as filling the templates. */
const known = new Map<string, DayParts>();
const mostKnown = 1000;

/** Of the date on a zone's clock. */
function dayParts({ language: { language } }: Words, timezone: string, instant: EpochMs): DayParts {
  const { date } = wallClockOf(timezone, instant);
  const key = `${language} ${date}`;
  let parts = known.get(key);
  if (!parts) {
    parts = { weekday: "", day: "", month: "", year: "" };
    for (const { type, value } of formatOf(language).formatToParts(Date.parse(date)))
      if (type in parts) parts[type as keyof DayParts] = value;
    if (known.size >= mostKnown) known.clear();
    known.set(key, parts);
  }
  return parts;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(language: string): Intl.DateTimeFormat {
  let format = formats.get(language);
  if (!format) {
    format = new Intl.DateTimeFormat(language, options);
    formats.set(language, format);
  }
  return format;
}
