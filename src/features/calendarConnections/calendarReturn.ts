/** What the account page says when a browser comes back from a vendor. */
import {
  type CalendarReturn,
  type CalendarVendor,
  calendarPermissions,
  calendarReturns,
  calendarVendors,
} from "#rules/calendarSignIn.ts";
import { calendarHomes, calendarReturn } from "#words/calendarConnections.ts";

type Tone = "good" | "warning" | "bad";

/** Null: it has not come from there. The query can be anything. */
export function returnOf(search: URLSearchParams): { sentence: string; tone: Tone } | null {
  const result = calendarReturns.find((each) => each === search.get("calendars"));
  const vendor = calendarVendors.find((each) => each === search.get("vendor"));
  if (!result || !vendor) return null;
  const given = search.get("missing")?.split(" ") ?? [];
  const missing = calendarPermissions.filter((each) => given.includes(each));
  if ((result === "permissions" || result === "read_only") && missing.length === 0) return null;
  return { sentence: sentenceOf({ result, missing }, vendor), tone: toneOf(result) };
}

function toneOf(result: CalendarReturn["result"]): Tone {
  if (result === "read_only" || result === "kept") return "warning";
  return result === "connected" || result === "renewed" || result === "writable" ? "good" : "bad";
}

function sentenceOf({ result, missing = [] }: CalendarReturn, id: CalendarVendor): string {
  const vendor = calendarHomes[id].name;
  const named = missing.map((each) => calendarReturn.permission[id][each]);
  switch (result) {
    case "permissions":
      return calendarReturn.permissions(vendor, named);
    case "read_only":
      return calendarReturn.readOnly(vendor, named);
    case "other_account":
      return calendarReturn.otherAccount(vendor);
    case "no_calendars":
      return calendarReturn.noCalendars(vendor);
    case "too_many":
      return calendarReturn.tooMany;
    case "expired":
      return calendarReturn.expired;
    case "connected":
    case "renewed":
    case "writable":
    case "kept":
    case "denied":
    case "failed":
      return calendarReturn[result](vendor);
    default:
      return result satisfies never;
  }
}
