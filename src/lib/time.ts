/**
 * Everything a person reads about time. An instant is ISO 8601 text, a date 'YYYY-MM-DD', a zone an IANA name; no
 * function here takes the device's zone by itself: the caller says whose clock it is.
 */

import { addDays } from "#scheduling/dates.ts";
import { DAY_MS, MINUTE_MS } from "#scheduling/units.ts";
import { defaultLocale, language } from "#words/language.ts";
import { timeZones as words } from "#words/times.ts";
import { serverNow } from "@/lib/clock/serverClock.ts";
import { isUnknownToServer, serverOffset } from "@/lib/zones/zoneRules.ts";

export { addDays };

/** The language of the pages, in the variety that the browser prefers: its order of dates, and 12 or 24 hours. */
export const locale = pickLocale(globalThis.navigator?.languages);

/** The first valid tag of the pages' language among the browser's languages. Browser extensions set invalid ones. */
export function pickLocale(languages: readonly string[] | undefined): string {
  const isOurs = (tag: string) => tag === language || tag.startsWith(`${language}-`);
  const found = languages?.find((tag) => isOurs(tag) && isLocale(tag));
  return found ? plainLocale(found) : defaultLocale;
}

/**
 * Without another calendar or other digits (`en-u-ca-buddhist-nu-thai`): dates of the year 2569 are not those of the API. The
 * habits of 12 or 24 hours and of the week's first day stay.
 */
function plainLocale(tag: string): string {
  const [told = ""] = tag.toLowerCase().split("-x-");
  const habits = told.match(/-(hc-h(12|23)|fw-(sun|mon|tue|wed|thu|fri|sat))(?=-|$)/g) ?? [];
  const { baseName } = new Intl.Locale(tag);
  return habits.length > 0 ? `${baseName}-u${habits.join("")}` : baseName;
}

function isLocale(tag: string): boolean {
  try {
    // A private part alone ("en-x") is refused here, and so is what is too long.
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs more than using it a thousand times. */
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

/** An instant as `Intl` shows a zone's clock at it: by the server's rules where they are here, else by the browser's own. */
export function onClock(instant: string | Date, timeZone: string): { at: Date; timeZone: string } {
  const at = new Date(instant);
  const offset = serverOffset(timeZone, at.getTime());
  return offset === null ? { at, timeZone } : { at: new Date(at.getTime() + offset), timeZone: "UTC" };
}

/** An instant on the clock and calendar of a zone. */
export function formatInstant(
  instant: string | Date,
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): string {
  const { at, timeZone: zone } = onClock(instant, timeZone);
  return formatter({ timeZone: zone, ...options }).format(at);
}

/** '2:30 pm' or '14:30'; '1:30 am (GMT-4)' where the clock shows it twice, because it is set back. */
export function formatTime(instant: string, timeZone: string): string {
  const time = formatInstant(instant, timeZone, { hour: "numeric", minute: "2-digit" });
  return isRepeated(instant, timeZone) ? `${time} (${offsetLabel(timeZone, instant)})` : time;
}

/** Whether a zone's clock shows the time of this instant twice. */
export function isRepeated(instant: string, timeZone: string): boolean {
  const at = Date.parse(instant);
  const offsetAt = (ms: number) => {
    const { date, time } = wallClock(new Date(ms), timeZone);
    return Date.parse(`${date}T${time}Z`) - Math.floor(ms / MINUTE_MS) * MINUTE_MS;
  };
  // No zone has ever set its clock by more than a day, nor twice within two.
  const [before, now, after] = [offsetAt(at - DAY_MS), offsetAt(at), offsetAt(at + DAY_MS)];
  if (before <= after) return false;
  // Before the change its second time comes later, after it the first time was earlier, by what the clock is set back.
  const setBack = before - after;
  return now === before ? offsetAt(at + setBack) === after : offsetAt(at - setBack) === before;
}

/** 'Mon 24 Nov' by the clock of a zone. */
export function formatShortDay(instant: string, timeZone: string): string {
  return formatInstant(instant, timeZone, { weekday: "short", day: "numeric", month: "short" });
}

/** 'Mon, 24 Nov, 2:30 pm' by the clock of a zone. */
export function formatDayAndTime(instant: string, timeZone: string): string {
  return `${formatShortDay(instant, timeZone)}, ${formatTime(instant, timeZone)}`;
}

/** 'Monday, 24 November 2026' by the clock of a zone. */
export function formatLongDay(instant: string, timeZone: string): string {
  return formatInstant(instant, timeZone, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
}

/** Calendar date -> 'Monday, 24 November' (and the year when asked). */
export function formatDate(date: string, style: "long" | "short" | "full" = "long"): string {
  const options = {
    long: { weekday: "long", day: "numeric", month: "long" },
    short: { weekday: "short", day: "numeric", month: "short" },
    full: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  } as const;
  return formatter({ timeZone: "UTC", ...options[style] }).format(noonOf(date));
}

/** 'November 2026' of a date. */
export function formatMonth(date: string): string {
  return formatter({ timeZone: "UTC", month: "long", year: "numeric" }).format(noonOf(date));
}

function noonOf(date: string): Date {
  return new Date(`${date}T12:00:00Z`);
}

/** What a zone's clock and calendar show at an instant, as the API spells it: 'YYYY-MM-DD' and 'HH:MM'. */
export function wallClock(instant: string | Date, timeZone: string): { date: string; time: string } {
  const { at, timeZone: zone } = onClock(instant, timeZone);
  const options = { timeZone: zone, hourCycle: "h23", dateStyle: "short", timeStyle: "short" } as const;
  const parts = formatter(options, "sv-SE").format(at).split(" ");
  return { date: parts[0] ?? "", time: parts[1] ?? "" };
}

/** Today's date in a zone. */
export function todayIn(timeZone: string, now = serverNow()): string {
  return wallClock(now, timeZone).date;
}

/** 'GMT+5:30'. */
export function offsetLabel(timeZone: string, at: string | Date = serverNow()): string {
  const offset = serverOffset(timeZone, new Date(at).getTime());
  if (offset !== null) return spellOffset(offset / MINUTE_MS);
  const parts = formatter({ timeZone, timeZoneName: "shortOffset" }, "en-US").formatToParts(new Date(at));
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT";
}

/** As `Intl` spells it. @param minutes east of Greenwich */
function spellOffset(minutes: number): string {
  if (minutes === 0) return "GMT";
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `GMT${minutes < 0 ? "-" : "+"}${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
}

/** 'Asia/Kolkata' -> 'Kolkata'. 'Etc/GMT+5' is five hours behind Greenwich: its name would contradict its offset. */
export function zoneCity(timeZone: string): string {
  if (/^Etc\/GMT[+-]/.test(timeZone)) return words.fixedOffset;
  return (timeZone.split("/").at(-1) ?? timeZone).replaceAll("_", " ");
}

/** 'Kolkata, GMT+5:30'. The offset is that of the given instant: it changes with the season. */
export function zoneLabel(timeZone: string, at?: string | Date): string {
  const offset = offsetLabel(timeZone, at);
  return timeZone === "UTC" ? "UTC" : `${zoneCity(timeZone)}, ${offset}`;
}

/** Whether two zones show the same time at an instant: then one of them is enough on a screen. */
export function sameClock(one: string, other: string, at: string | Date = serverNow()): boolean {
  return one === other || offsetLabel(one, at) === offsetLabel(other, at);
}

/** Names under which browsers still know zones that have been renamed since. */
const renamed: Readonly<Record<string, string>> = {
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Europe/Kiev": "Europe/Kyiv",
  "America/Godthab": "America/Nuuk",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "Etc/UTC": "UTC",
};

const formerName: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(renamed).map(([former, present]) => [present, former]),
);

/** The zone under a name that this browser knows; one that it does not know at all is read in UTC, and says so. */
function knownZone(timeZone: string): string {
  return [timeZone, formerName[timeZone] ?? ""].find(isTimeZone) ?? "UTC";
}

/** Browsers report "Etc/Unknown" or nothing where the system does not tell; UTC then, until somebody chooses. */
export function presentZone(reported: string | undefined): string {
  const name = renamed[reported ?? ""] ?? reported ?? "";
  return knownZone(name) === "UTC" ? "UTC" : name;
}

/** The zone that the device reports, as far as browser and server know it; else UTC. */
export function deviceTimeZone(): string {
  const reported = reportedTimeZone();
  return isUnknownToServer(reported) ? "UTC" : reported;
}

/** What the device says and the browser knows, whether or not the server does. */
export function reportedTimeZone(): string {
  return presentZone(Intl.DateTimeFormat().resolvedOptions().timeZone);
}

/** Every zone the browser knows, by its present name, in alphabetical order, without those that the server has said to lack. */
export function timeZones(): string[] {
  const names = Intl.supportedValuesOf("timeZone").map((zone) => renamed[zone] ?? zone);
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

/** 0 (Sunday) to 6: the day on which the reader's weeks begin; Monday where the browser does not know. */
export function firstWeekday(): 0 | 1 | 2 | 3 | 4 | 5 | 6 {
  const where = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => { firstDay: number } };
  return ((where.getWeekInfo?.().firstDay ?? 1) % 7) as 0 | 1 | 2 | 3 | 4 | 5 | 6;
}

/** 1 -> 'Mon' or 'Monday'. @param weekday 0 (Sunday) to 6 */
export function formatWeekday(weekday: number, style: "short" | "long"): string {
  // 1970-01-04 was a Sunday.
  return formatter({ timeZone: "UTC", weekday: style }).format(
    noonOf(`1970-01-${String(4 + weekday).padStart(2, "0")}`),
  );
}
