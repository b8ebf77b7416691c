import { z } from "zod";
import { cleanLine } from "#contract/text.ts";
import { calendarLimits, textLimits } from "#rules/limits.ts";
import { busyTimeOfGoogle } from "../busyTimes/googleEvent.ts";
import {
  type BusyChanges,
  type BusyObject,
  CalendarProblem,
  type CalendarProvider,
  type KnownCalendar,
  type Login,
  type Reach,
  type RemoteCalendar,
} from "../provider.ts";
import type { GoogleApi } from "./googleApi.ts";
import { googleEntries } from "./googleEntries.ts";
import { pathOfEvents } from "./googleEvent.ts";
import { googleRooms } from "./googleRooms.ts";
import { googleWatcher } from "./googleWatcher.ts";

/** The most that Google puts on a page. */
const pageSizes = { calendars: 250, events: 2_500 };
/** More than a person has. */
const mostLists = 10;
/** A sync token that Google does not know (any more): 410, and 400 if it cannot be read. */
const tokenRefused = [400, 410];

const calendarRow = z.object({
  id: z.string(),
  summary: z.string().optional(),
  summaryOverride: z.string().optional(),
  timeZone: z.string().optional(),
  backgroundColor: z.string().optional(),
  accessRole: z.string().optional(),
  primary: z.boolean().optional(),
});

const calendarPage = z.object({
  kind: z.literal("calendar#calendarList"),
  items: z.array(calendarRow).default([]),
  nextPageToken: z.string().optional(),
});

const eventPage = z.object({
  kind: z.literal("calendar#events"),
  items: z.array(z.unknown()).default([]),
  nextPageToken: z.string().optional(),
  nextSyncToken: z.string().optional(),
});

/** What tells one event from another, and its versions. */
const eventKey = z.object({
  id: z.string(),
  etag: z.string().optional(),
  iCalUID: z.string().optional(),
  status: z.string().optional(),
});

/** Events that cannot be told apart count as one. */
const nameless = "(no id)";
/** As it is stored. */
const longestUid = 1_000;

const fields = [
  "kind",
  "nextPageToken",
  "nextSyncToken",
  "items(id,etag,iCalUID,summary,status,transparency,eventType,start,end,attendees(self,responseStatus))",
].join(",");

/** Google Calendar. Google expands series itself, so each occurrence is an event with an id of its own. */
export function openGoogleCalendar(api: GoogleApi): CalendarProvider {
  return {
    entries: googleEntries(api),
    rooms: googleRooms(api),
    watcher: googleWatcher(api),

    accountOf: async (login, signal) => {
      // The id of an account's own calendar is its address.
      const { body } = await api.ask(login, "/users/me/calendarList/primary", calendarRow, { signal });
      if (!body) throw new CalendarProblem("not_found");
      return body.id;
    },

    listCalendars: async (login, signal) => {
      const calendars: RemoteCalendar[] = [];
      let pageToken: string | undefined;
      for (let page = 0; page < mostLists; page += 1) {
        const query = { maxResults: pageSizes.calendars, pageToken };
        const { body } = await api.ask(login, "/users/me/calendarList", calendarPage, { query, signal });
        calendars.push(...(body?.items ?? []).map(calendarOf));
        pageToken = body?.nextPageToken;
        if (pageToken === undefined) break;
      }
      return calendars;
    },

    readBusy: async (login, calendar, reach, signal) => {
      const read = { login, calendar, reach, signal };
      const token = calendar.state?.syncToken;
      const changes = token === undefined ? null : await readEvents(read, { syncToken: token });
      return (
        changes ??
        (await readEvents(read, {
          timeMin: new Date(reach.from).toISOString(),
          timeMax: new Date(reach.until).toISOString(),
        }))!
      );
    },
  };

  /** Null if Google does not know the sync token any more. */
  async function readEvents(
    { login, calendar, reach, signal }: Read,
    since: { syncToken: string } | { timeMin: string; timeMax: string },
  ): Promise<BusyChanges | null> {
    const isFull = !("syncToken" in since);
    const found = new Map<string, BusyObject>();
    const removed = new Set<string>();
    const unreadable: string[] = [];
    let pageToken: string | undefined;
    for (;;) {
      const { status, body } = await api.ask(login, pathOfEvents(calendar), eventPage, {
        query: { ...since, singleEvents: true, maxResults: pageSizes.events, pageToken, fields },
        isWhole: true,
        accept: isFull ? [] : tokenRefused,
        signal,
      });
      if (!body && tokenRefused.includes(status)) return null;
      if (!body) throw new CalendarProblem("unreadable", { detail: String(status) });
      for (const item of body.items) {
        const event = readItem(item, calendar, reach);
        unreadable.push(...event.unreadable);
        // Of what was read twice, the later counts.
        if (event.object) found.set(event.ref, event.object);
        else found.delete(event.ref);
        if (event.object) removed.delete(event.ref);
        else removed.add(event.ref);
      }
      if (found.size + removed.size > calendarLimits.events) throw new CalendarProblem("too_large");
      pageToken = body.nextPageToken;
      if (pageToken !== undefined) continue;
      const { nextSyncToken: syncToken } = body;
      const state = syncToken === undefined ? null : { syncToken };
      return { isFull, objects: [...found.values()], removed: isFull ? [] : [...removed], state, unreadable };
    }
  }
}

interface Read {
  login: Login;
  calendar: KnownCalendar;
  reach: Reach;
  signal: AbortSignal;
}

/** An event, without `object` if it is gone. */
function readItem(
  item: unknown,
  calendar: KnownCalendar,
  { from, until, personZone }: Reach,
): { ref: string; object: BusyObject | null; unreadable: string[] } {
  const { data: key } = eventKey.safeParse(item);
  if (!key) return { ref: nameless, object: null, unreadable: [nameless] };
  const { id: ref, etag = null, iCalUID, status } = key;
  const uid = iCalUID?.slice(0, longestUid) ?? null;
  if (status === "cancelled") return { ref, object: null, unreadable: [] };
  const query = { from, until, personZone, calendarZone: calendar.timezone };
  const { busy, faults } = busyTimeOfGoogle(item, query);
  return {
    ref,
    object: { ref, etag, uid, busy: busy.map(({ uid: _, ...interval }) => interval) },
    unreadable: faults.map((fault) => fault.uid ?? ref),
  };
}

/** Of holidays, birthdays, the weeks' numbers: calendars that Google makes. */
const madeByGoogle = /@group\.v\.calendar\.google\.com$/;

function calendarOf(row: z.infer<typeof calendarRow>): RemoteCalendar {
  const { id, summary, summaryOverride, timeZone = null, backgroundColor = "", accessRole = "" } = row;
  const { primary: isMain = false } = row;
  const color = backgroundColor.toLowerCase();
  const isWritable = ["owner", "writer"].includes(accessRole);
  return {
    remoteId: id,
    name: (cleanLine(summaryOverride ?? summary ?? "").trim() || id).slice(0, textLimits.calendarName),
    color: /^#[0-9a-f]{6}$/.test(color) ? color : null,
    timezone: timeZone,
    isWritable,
    // Those that can only be read are of other people.
    countsAsBusy: isWritable && !madeByGoogle.test(id),
    isMain,
  };
}
