import { davRequest } from "tsdav";
import { calendarLimits } from "#rules/limits.ts";
import { readCalendarRow } from "./caldavCalendars.ts";
import { textOf } from "./davText.ts";
import type { RemoteCalendar } from "./provider.ts";

/** The text of an answer, and what is to be read of it. */
export interface DavAnswer {
  /** What was asked: hrefs are relative to it. */
  address: string;
  text: string;
  wanted: "objects" | "resources";
}

/** What an answer says, flat and bounded: reading it costs next to nothing. */
export interface DavReading {
  syncToken: string | null;
  /** The sync token that was sent is not known any more. */
  isTokenRefused: boolean;
  objects: DavObject[];
  resources: DavResource[];
}

/** An object of a calendar. */
interface DavObject {
  /** Its path, which is its name; null for the calendar itself and for what is on another server. */
  ref: string | null;
  status: number;
  etag: string | null;
  isCollection: boolean;
  /** As RFC 5545. */
  text: string | null;
}

/** A calendar, a person, or where calendars are. */
export interface DavResource {
  calendar: RemoteCalendar | null;
  homes: string[];
  principal: string | null;
  syncToken: string | null;
  ctag: string | null;
}

type DavRow = Awaited<ReturnType<typeof davRequest>>[number];

/** Places in which a person has calendars. */
const mostHomes = 20;

/** Null: it is no list of rows. */
export async function readDavAnswer({
  address,
  text,
  wanted,
}: DavAnswer): Promise<DavReading | "too_large" | null> {
  // tsdav reads an answer only as that to a request.
  const answer = new Response(text, { status: 207, headers: { "content-type": "application/xml" } });
  const all = await davRequest({
    url: address,
    init: { method: "REPORT", body: undefined },
    fetch: async () => answer,
  });
  const list = all[0]?.raw?.multistatus;
  if (list === undefined) return null;
  const rows = all.filter(({ href }) => href !== undefined);
  // The calendar itself may be listed with its objects.
  const most = wanted === "objects" ? calendarLimits.events + 1 : calendarLimits.calendarsOfServer;
  if (rows.length > most) return "too_large";
  return {
    syncToken: textOf(list.syncToken),
    isTokenRefused: all.some(({ error }) => error?.validSyncToken),
    objects: wanted === "objects" ? rows.map((row) => readObject(row, address)) : [],
    resources:
      wanted === "resources"
        ? rows.filter(({ status }) => status < 400).map((row) => readResource(row, address))
        : [],
  };
}

function readObject({ href, status, props }: DavRow, address: string): DavObject {
  return {
    ref: refOf(textOf(href) ?? "", address),
    status,
    etag: textOf(props?.getetag),
    isCollection: props?.resourcetype?.collection !== undefined,
    text: textOf(props?.calendarData),
  };
}

function readResource(row: DavRow, address: string): DavResource {
  const { calendarHomeSet, currentUserPrincipal, syncToken, getctag } = row.props ?? {};
  return {
    calendar: readCalendarRow(row, address),
    homes: hrefsOf(calendarHomeSet, address).slice(0, mostHomes),
    principal: hrefsOf(currentUserPrincipal, address)[0] ?? null,
    // What looks like a number has become one, and may not be what it was.
    syncToken: typeof syncToken === "string" ? syncToken : null,
    ctag: getctag === undefined ? null : (textOf(getctag) ?? ""),
  };
}

function refOf(href: string, address: string): string | null {
  const url = URL.parse(href, address);
  const calendar = new URL(address);
  if (!url || url.origin !== calendar.origin) return null;
  const bare = (path: string) => path.replace(/\/$/, "");
  return bare(url.pathname) === bare(calendar.pathname) ? null : url.pathname;
}

function hrefsOf(value: unknown, base: string): string[] {
  if (typeof value !== "object" || value === null || !("href" in value)) return [];
  const hrefs: unknown[] = Array.isArray(value.href) ? value.href : [value.href];
  return hrefs.flatMap((href) => {
    const text = textOf(href);
    return (text !== null && URL.parse(text, base)?.href) || [];
  });
}
