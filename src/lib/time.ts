/**
 * Formats times. A zone is an IANA name. No function uses the device's zone implicitly: callers pass
 * one.
 */

import { cityOf, renamedZones } from "#contract/zoneNames.ts";
import { addDays } from "#scheduling/dates.ts";
import { DAY_MS, type EpochMs, type LocalDate, MINUTE_MS } from "#scheduling/units.ts";
import { defaultLocale, language } from "#words/language.ts";
import { timeZones as words } from "#words/times.ts";
import { serverNow } from "@/lib/clock/serverClock.ts";
import { isUnknownToServer, serverOffset } from "@/lib/zones/zoneRules.ts";

export { addDays };

/** The API's text (ISO 8601), what the pages make of it, or a clock's. */
export type Instant = string | EpochMs | Date;

/** The text of a date field, which may be empty: `readDate` reads it. */
export type TypedDate = string;

/** The language of the pages, in the variety that the browser prefers: its order of dates, and 12 or 24 hours. */
export const locale = pickLocale(globalThis.navigator?.languages);

/** The first valid tag of the pages' language among the browser's languages. Browser extensions set invalid ones. */
export function pickLocale(languages: readonly string[] | undefined): string {
  const isOurs = (tag: string) => tag === language || tag.startsWith(`${language}-`);
  const found = languages?.find((tag) => isOurs(tag) && isLocale(tag));
  return found ? plainLocale(found) : defaultLocale;
}

/**
 * Removes other calendars and digits (`en-u-ca-buddhist-nu-thai`): the API's dates are not in the year 2569. Keeps 12 or 24
 * hours and the first day of the week.
 */
function plainLocale(tag: string): string {
  const [told = ""] = tag.toLowerCase().split("-x-");
  const habits = told.match(/-(hc-h(12|23)|fw-(sun|mon|tue|wed|thu|fri|sat))(?=-|$)/g) ?? [];
  const { baseName } = new Intl.Locale(tag);
  return habits.length > 0 ? `${baseName}-u${habits.join("")}` : baseName;
}

function isLocale(tag: string): boolean {
  try {
    // Throws for a lone private part ("en-x") and for tags that are too long.
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Cached: creating a formatter costs more than a thousand uses. */
export function formatter(options: Intl.DateTimeFormatOptions, tag = locale): Intl.DateTimeFormat {
  const key = tag + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    const { timeZone } = options;
    made = new Intl.DateTimeFormat(tag, {
      ...options,
      ...(timeZone && { timeZone: knownZone(timeZone) }),
    });
    formats.set(key, made);
  }
  return made;
}

/** What to pass to `Intl` for an instant: by the server's rules of the zone if they are loaded, else by the browser's. */
export function onClock(instant: Instant, timeZone: string): { at: Date; timeZone: string } {
  const at = new Date(instant);
  const offset = serverOffset(timeZone, at.getTime());
  return offset === null ? { at, timeZone } : { at: new Date(at.getTime() + offset), timeZone: "UTC" };
}

/** Formats an instant in a time zone. */
export function formatInstant(
  instant: Instant,
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): string {
  const { at, timeZone: zone } = onClock(instant, timeZone);
  return formatter({ timeZone: zone, ...options }).format(at);
}

/** '2:30 pm' or '14:30'; '1:30 am (GMT-4)' if the clock shows that time twice, because it is set back. */
export function formatTime(instant: Instant, timeZone: string): string {
  const time = formatInstant(instant, timeZone, { hour: "numeric", minute: "2-digit" });
  return isRepeated(instant, timeZone) ? `${time} (${offsetLabel(timeZone, instant)})` : time;
}

/** Whether the zone's clock shows the time of this instant twice. */
export function isRepeated(instant: Instant, timeZone: string): boolean {
  const at = new Date(instant).getTime();
  const offsetAt = (ms: number) => {
    const { date, time } = wallClock(new Date(ms), timeZone);
    return Date.parse(`${date}T${time}Z`) - Math.floor(ms / MINUTE_MS) * MINUTE_MS;
  };
  // No zone has ever changed its clock by more than a day, nor twice within two days.
  const [before, now, after] = [offsetAt(at - DAY_MS), offsetAt(at), offsetAt(at + DAY_MS)];
  if (before <= after) return false;
  // The other occurrence is later before the change and earlier after it, by the length of the change.
  const setBack = before - after;
  return now === before ? offsetAt(at + setBack) === after : offsetAt(at - setBack) === before;
}

/** 'Mon 24 Nov' in a time zone. */
export function formatShortDay(instant: Instant, timeZone: string): string {
  return formatInstant(instant, timeZone, { weekday: "short", day: "numeric", month: "short" });
}

/** 'Mon, 24 Nov, 2:30 pm' in a time zone. */
export function formatDayAndTime(instant: Instant, timeZone: string): string {
  return `${formatShortDay(instant, timeZone)}, ${formatTime(instant, timeZone)}`;
}

/** 'Monday, 24 November 2026' in a time zone. */
export function formatLongDay(instant: Instant, timeZone: string): string {
  return formatInstant(instant, timeZone, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
}

/** Calendar date -> 'Monday, 24 November' (and the year when asked). */
export function formatDate(date: LocalDate, style: "long" | "short" | "full" = "long"): string {
  const options = {
    long: { weekday: "long", day: "numeric", month: "long" },
    short: { weekday: "short", day: "numeric", month: "short" },
    full: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  } as const;
  return formatter({ timeZone: "UTC", ...options[style] }).format(noonOf(date));
}

/** 'November 2026' of a date. */
export function formatMonth(date: LocalDate): string {
  return formatter({ timeZone: "UTC", month: "long", year: "numeric" }).format(noonOf(date));
}

function noonOf(date: LocalDate): Date {
  return new Date(`${date}T12:00:00Z`);
}

/** Date and time in a zone as the API has them: 'YYYY-MM-DD' and 'HH:MM'. */
export function wallClock(instant: Instant, timeZone: string): { date: LocalDate; time: string } {
  const { at, timeZone: zone } = onClock(instant, timeZone);
  const options = { timeZone: zone, hourCycle: "h23", dateStyle: "short", timeStyle: "short" } as const;
  const parts = formatter(options, "sv-SE").format(at).split(" ");
  return { date: (parts[0] ?? "") as LocalDate, time: parts[1] ?? "" };
}

/** Today's date in a zone. */
export function todayIn(timeZone: string, now = serverNow()): LocalDate {
  return wallClock(now, timeZone).date;
}

/** 'GMT+5:30'. */
export function offsetLabel(timeZone: string, at: Instant = serverNow()): string {
  const offset = serverOffset(timeZone, new Date(at).getTime());
  if (offset !== null) return spellOffset(offset / MINUTE_MS);
  const parts = formatter({ timeZone, timeZoneName: "shortOffset" }, "en-US").formatToParts(new Date(at));
  const label = parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  // As some browsers spell it.
  return label === "GMT+0" ? "GMT" : label;
}

/** As `Intl` spells it. @param minutes east of Greenwich */
function spellOffset(minutes: number): string {
  if (minutes === 0) return "GMT";
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `GMT${minutes < 0 ? "-" : "+"}${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
}

/** 'Asia/Kolkata' -> 'Kolkata'. */
export function zoneCity(timeZone: string): string {
  return cityOf(timeZone, words.fixedOffset);
}

/** 'Kolkata, GMT+5:30'. The offset is that of the given instant. */
export function zoneLabel(timeZone: string, at?: Instant): string {
  const offset = offsetLabel(timeZone, at);
  return timeZone === "UTC" ? "UTC" : `${zoneCity(timeZone)}, ${offset}`;
}

/** 'Kolkata (GMT+5:30)' */
export function zoneOption(timeZone: string): string {
  return `${zoneCity(timeZone)} (${offsetLabel(timeZone)})`;
}

/** Whether two zones have the same offset at an instant. */
export function sameClock(one: string, other: string, at: Instant = serverNow()): boolean {
  return one === other || offsetLabel(one, at) === offsetLabel(other, at);
}

const formerName: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(renamedZones).map(([former, present]) => [present, former]),
);

/** The zone under a name that this browser knows; UTC if it knows none. */
function knownZone(timeZone: string): string {
  return [timeZone, formerName[timeZone] ?? ""].find(isTimeZone) ?? "UTC";
}

/** UTC if the browser reports "Etc/Unknown" or nothing. */
export function presentZone(reported: string | undefined): string {
  const name = renamedZones[reported ?? ""] ?? reported ?? "";
  return knownZone(name) === "UTC" ? "UTC" : name;
}

/** The device's time zone if the browser and the server know it, else UTC. */
export function deviceTimeZone(): string {
  const reported = reportedTimeZone();
  return isUnknownToServer(reported) ? "UTC" : reported;
}

/** The device's time zone if the browser knows it, whether or not the server does. */
export function reportedTimeZone(): string {
  return presentZone(Intl.DateTimeFormat().resolvedOptions().timeZone);
}

/** All zones that the browser knows, by their present names, sorted, without those unknown to the server. */
export function timeZones(): string[] {
  const names = Intl.supportedValuesOf("timeZone").map((zone) => renamedZones[zone] ?? zone);
  const zones = new Set([...names, deviceTimeZone(), "UTC"]);
  return [...zones].filter((zone) => !isUnknownToServer(zone)).sort();
}

export function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

/** First day of the reader's week, 0 (Sunday) to 6; Monday if the browser does not know. */
export function firstWeekday(): 0 | 1 | 2 | 3 | 4 | 5 | 6 {
  const where = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => { firstDay: number } };
  return ((where.getWeekInfo?.().firstDay ?? 1) % 7) as 0 | 1 | 2 | 3 | 4 | 5 | 6;
}

const aSunday = "1970-01-04" as LocalDate;

/** 1 -> 'Mon' or 'Monday'. @param weekday 0 (Sunday) to 6 */
export function formatWeekday(weekday: number, style: "short" | "long"): string {
  return formatter({ timeZone: "UTC", weekday: style }).format(noonOf(addDays(aSunday, weekday)));
}
