import { addMs, DAY_MS } from "#scheduling/units.ts";
import { calendarOf, event } from "../calendarEntries/sessionEntry.ts";
import { zoneWriter } from "../calendarEntries/zoneComponent.ts";
import { systemClock } from "../platform/clock.ts";
import type { PublicFetch } from "../platform/http/publicFetch.ts";
import type { ProviderRequest } from "./askProvider.ts";
import {
  type CalendarEntry,
  CalendarProblem,
  type EntryWriter,
  type KnownEntry,
  type Login,
  type RemoteId,
} from "./provider.ts";
import type { ReadEvents } from "./readEvents.ts";

interface Writing {
  ask(login: Login, address: string, request: ProviderRequest): ReturnType<PublicFetch>;
  readEvents: ReadEvents;
}

/**
 * How servers refuse a name or a UID that is there already (RFC 4791, 5.3.2.1), a 403 also for other reasons. Xandikos wraps
 * its 412 in a 207.
 */
const isThere = [207, 403, 409, 412];
const isGone = [404, 410];

/** Writes sessions to CalDAV calendars: each is an object of its own whose name is known before it is written. */
export function calDavEntries({ ask, readEvents }: Writing): EntryWriter {
  return {
    put: async (login, calendar, entry, known, signal) => {
      const target = { login, calendar, signal };
      const text = textOf(entry);
      const write = (ref: string, condition: Record<string, string>, accept: readonly number[]) =>
        ask(login, addressOf(calendar, ref), {
          method: "PUT",
          headers: { "content-type": "text/calendar; charset=utf-8", ...condition },
          body: text,
          signal,
          accept,
        });
      const change = async ({ ref, etag }: KnownEntry) => {
        const answer = await write(ref, etag === null ? {} : { "if-match": etag }, isGone);
        if (answer.status === 207 || isGone.includes(answer.status)) {
          throw new CalendarProblem("changed_elsewhere");
        }
        return written(target, ref, entry, answer.headers);
      };
      if (known) return change(known);
      const ref = nameOf(calendar, entry.uid);
      const { status, headers } = await write(ref, { "if-none-match": "*" }, isThere);
      if (!isThere.includes(status)) return written(target, ref, entry, headers);
      // We wrote it and were killed before we knew, or its owner has imported it from a mail.
      const found = (await find(target, ref)) ?? (await search(target, entry.uid));
      if (!found) throw new CalendarProblem(status === 403 ? "forbidden" : "changed_elsewhere");
      return change(found);
    },

    remove: async (login, calendar, { ref }, signal) => {
      await ask(login, addressOf(calendar, ref), { method: "DELETE", signal, accept: isGone });
    },

    read: async (login, calendar, { ref }, signal) => {
      const answer = await get({ login, calendar, signal }, ref);
      if (!answer) return null;
      const now = systemClock();
      // Wherever it was moved to.
      const reach = { from: addMs(now, -400 * DAY_MS), until: addMs(now, 800 * DAY_MS) };
      const [read] = await readEvents([answer.text], { ...reach, personZone: "UTC" }, null);
      if (read?.refused) throw new CalendarProblem(read.refused);
      const at = read?.busy[0];
      return { etag: answer.etag, startsAt: at?.startsAt ?? null, endsAt: at?.endsAt ?? null };
    },
  };

  async function get({ login, calendar, signal }: Target, ref: string) {
    const answer = await ask(login, addressOf(calendar, ref), { method: "GET", signal, accept: isGone });
    if (isGone.includes(answer.status)) return null;
    return { text: answer.text, etag: answer.headers.get("etag") };
  }

  async function find(target: Target, ref: string): Promise<KnownEntry | null> {
    const answer = await get(target, ref);
    return answer && { ref, etag: answer.etag };
  }

  /** By its UID, under whatever name it is there. */
  async function search(target: Target, uid: string): Promise<KnownEntry | null> {
    const { login, calendar, signal } = target;
    const answer = await ask(login, calendar.remoteId, {
      method: "REPORT",
      headers: { depth: "1", "content-type": "application/xml; charset=utf-8" },
      body: queryByUid(uid),
      signal,
    });
    const href = /<(?:[\w.-]+:)?href[^<>]*>([^<]+)</.exec(answer.text)?.[1]?.trim();
    const url = href === undefined ? null : URL.parse(href, calendar.remoteId);
    return url && find(target, url.pathname);
  }

  /** Not every server says with a write what it has made of it (RFC 4791, 5.3.4). */
  async function written(target: Target, ref: string, { uid }: CalendarEntry, headers: Headers) {
    const etag = headers.get("etag") ?? (await find(target, ref))?.etag ?? null;
    return { ref, etag, uid };
  }
}

interface Target {
  login: Login;
  calendar: RemoteId;
  signal: AbortSignal;
}

function addressOf({ remoteId }: RemoteId, ref: string): string {
  return new URL(ref, remoteId).href;
}

/** The path under which a session is written. */
function nameOf({ remoteId }: RemoteId, uid: string): string {
  return new URL(`${encodeURIComponent(uid.replace(/@.*$/, ""))}.ics`, new URL(remoteId)).pathname;
}

function textOf(entry: CalendarEntry): string {
  const zone = zoneWriter(entry.timezone, entry.startsAt, entry.endsAt);
  const status = entry.isTentative ? "TENTATIVE" : "CONFIRMED";
  return calendarOf([], [...zone.lines, ...event({ ...entry, status }, zone)]);
}

function queryByUid(uid: string): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">',
    "<d:prop><d:getetag/></d:prop>",
    '<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:prop-filter name="UID">',
    `<c:text-match collation="i;octet">${uid}</c:text-match>`,
    "</c:prop-filter></c:comp-filter></c:comp-filter></c:filter>",
    "</c:calendar-query>",
  ].join("");
}
