import type { DAVResponse } from "tsdav";
import { cleanLine } from "#contract/text.ts";
import { textLimits } from "#rules/limits.ts";
import { textOf } from "./davText.ts";
import type { RemoteCalendar } from "./provider.ts";

/** Names of calendars that say nothing of when their owner is busy. */
const notBusy =
  /\b(birthdays?|holidays?|feiertage|geburtstage|anniversaires|cumpleaños)\b|contact_birthdays/i;

/** A calendar of events, as a server lists it; null for everything else: lists of tasks, the inbox of invitations. */
export function readCalendarRow({ href, props = {} }: DAVResponse, base: string): RemoteCalendar | null {
  const types = Object.keys(props.resourcetype ?? {});
  const url = href === undefined ? null : URL.parse(href, base);
  if (!url || !types.includes("calendar") || !holdsEvents(props.supportedCalendarComponentSet)) return null;
  const name = cleanLine(textOf(props.displayname) ?? "") || lastPart(url);
  const isSubscribed = types.includes("subscribed");
  return {
    remoteId: url.href,
    name: name.slice(0, textLimits.calendarName),
    color: /^#[0-9a-f]{6}/.exec(textOf(props.calendarColor)?.toLowerCase() ?? "")?.[0] ?? null,
    timezone: /^TZID:(.+)$/m.exec(textOf(props.calendarTimezone) ?? "")?.[1]?.trim() ?? null,
    isWritable: !isSubscribed && mayWrite(props.currentUserPrivilegeSet),
    countsAsBusy:
      !isSubscribed &&
      !notBusy.test(`${name} ${lastPart(url)}`) &&
      props.scheduleCalendarTransp?.transparent === undefined,
  };
}

function lastPart({ pathname }: URL): string {
  const part = pathname.split("/").findLast((each) => each !== "") ?? "/";
  try {
    return decodeURIComponent(part);
  } catch {
    // Not of UTF-8.
    return part;
  }
}

/** A server that says nothing of components has calendars of all. */
function holdsEvents(set: unknown): boolean {
  const names = listOf(set, "comp").flatMap((comp) => {
    if (typeof comp !== "object" || comp === null || !("_attributes" in comp)) return [];
    const { _attributes: attributes } = comp;
    return typeof attributes === "object" && attributes && "name" in attributes ? [attributes.name] : [];
  });
  return names.length === 0 || names.includes("VEVENT");
}

/** A server that says nothing of rights is tried. */
function mayWrite(set: unknown): boolean {
  const rights = listOf(set, "privilege").flatMap((each) =>
    typeof each === "object" && each !== null ? Object.keys(each) : [],
  );
  return (
    rights.length === 0 || ["all", "write", "writeContent", "bind"].some((right) => rights.includes(right))
  );
}

/** tsdav makes a list of what occurs more than once. */
function listOf(holder: unknown, name: string): unknown[] {
  if (typeof holder !== "object" || holder === null) return [];
  const value: unknown = Object.entries(holder).find(([key]) => key === name)?.[1];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
