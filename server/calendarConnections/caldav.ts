import { type DAVResponse, davRequest, propfind, serviceDiscovery } from "tsdav";
import type { PublicFetch } from "../platform/http/publicFetch.ts";
import { askProvider, type ProviderRequest, providerBounds } from "./askProvider.ts";
import { readCalendarRow } from "./caldavCalendars.ts";
import { calDavEntries } from "./caldavEntries.ts";
import { textOf } from "./davText.ts";
import {
  type BusyChanges,
  type BusyObject,
  CalendarProblem,
  type CalendarProvider,
  type KnownCalendar,
  type Login,
  type Reach,
  type RemoteCalendar,
  type SyncState,
} from "./provider.ts";
import type { ReadEvents } from "./readEvents.ts";

/** Objects that one request asks for. */
const mostAtOnce = 200;
/** Parts into which a server may split its answer. */
const mostParts = 100;
/** With which a sync token is refused: 403 by RFC 6578, 3.2, and what servers do instead (Xandikos 0.2: 500). */
const tokenRefused = [400, 403, 404, 405, 409, 410, 412, 415, 422, 500, 501, 507];

const calendarProps = {
  "d:displayname": {},
  "d:resourcetype": {},
  "d:current-user-privilege-set": {},
  "ca:calendar-color": {},
  "c:calendar-timezone": {},
  "c:supported-calendar-component-set": {},
  "c:schedule-calendar-transp": {},
};

/** A server of calendars by RFC 4791: Apple, Fastmail, Nextcloud, Radicale and others. */
export function openCalDav(publicFetch: PublicFetch, readEvents: ReadEvents): CalendarProvider {
  return {
    entries: calDavEntries({ ask, readEvents }),

    listCalendars: async (login, signal) => {
      const { homes, calendars } = await discover(login, signal);
      for (const home of homes) {
        const rows = await find(login, home, calendarProps, "1", signal);
        calendars.push(...rows.flatMap((row) => readCalendarRow(row, home) ?? []));
      }
      return [...new Map(calendars.map((calendar) => [calendar.remoteId, calendar])).values()];
    },

    readBusy: async (login, calendar, reach, signal) => {
      const read = { login, calendar, reach, signal };
      const { syncToken, ctag } = calendar.state ?? {};
      const changes = syncToken === undefined ? null : await changesSince(read, syncToken);
      if (changes) return readObjects(read, changes);
      const state = await stateOf(read);
      if (ctag !== undefined && syncToken === undefined && state.ctag === ctag) {
        return { isFull: false, objects: [], removed: [], state, unreadable: [] };
      }
      // The state is from before the list: what changes in between is read twice, and never missed.
      return readObjects(read, await compareList(read, state));
    },
  };

  /** A request with the login, outside tsdav. */
  function ask(login: Login, address: string, request: ProviderRequest): ReturnType<PublicFetch> {
    const headers = { ...request.headers, authorization: authorizationOf(login) };
    return askProvider(publicFetch, address, { ...providerBounds.short, ...request, headers }, login);
  }

  /** tsdav's way to the network: ours. */
  function fetchFor(login: Login, signal: AbortSignal, accept: readonly number[] = []): typeof fetch {
    return async (address, init = {}) => {
      const isManual = init.redirect === "manual";
      const answer = await askProvider(
        publicFetch,
        String(address),
        {
          ...providerBounds.whole,
          method: init.method ?? "GET",
          headers: {
            ...Object.fromEntries(new Headers(init.headers)),
            authorization: authorizationOf(login),
          },
          ...(typeof init.body === "string" && { body: init.body }),
          ...(isManual && { maxRedirects: 0 }),
          signal,
          accept: isManual ? [301, 302, 303, 307, 308, ...accept] : accept,
        },
        login,
      );
      const { status, headers, url } = answer;
      if (status === 207 && !isWhole(headers, answer.text)) throw noCalDav();
      const response = new Response([204, 205, 304].includes(status) ? null : answer.text, {
        status,
        headers,
      });
      return Object.defineProperty(response, "url", { value: url });
    };
  }

  async function find(
    login: Login,
    url: string,
    props: Record<string, object>,
    depth: "0" | "1",
    signal: AbortSignal,
  ): Promise<DAVResponse[]> {
    return rowsOf(await propfind({ url, props, depth, fetch: fetchFor(login, signal) }));
  }

  /** Where the person's calendars are (RFC 6764), or the one whose address was entered. */
  async function discover(login: Login, signal: AbortSignal) {
    const { serverUrl } = login;
    if (serverUrl === null) throw new Error("A CalDAV connection has an address.");
    const fetch = fetchFor(login, signal);
    const wellKnown = await serviceDiscovery({ account: { accountType: "caldav", serverUrl }, fetch });
    let failure: CalendarProblem | undefined;
    for (const root of new Set([serverUrl, wellKnown, new URL("/", serverUrl).href])) {
      try {
        const found = await lookAt(login, root, signal);
        if (found) return found;
      } catch (error) {
        if (!(error instanceof CalendarProblem)) throw error;
        // No other address will take this login, and a server that is not there has no other addresses.
        if (!["not_found", "unreadable", "forbidden"].includes(error.code)) throw error;
        failure ??= error;
      }
    }
    throw failure ?? noCalDav();
  }

  async function lookAt(login: Login, root: string, signal: AbortSignal) {
    const props = {
      ...calendarProps,
      "d:current-user-principal": {},
      "c:calendar-home-set": {},
    };
    const [row] = await find(login, root, props, "0", signal);
    if (!row) return null;
    const itself = readCalendarRow(row, root);
    if (itself) return { homes: [], calendars: [itself] };
    const homes = hrefsOf(row.props?.calendarHomeSet, root);
    if (homes.length > 0) return { homes, calendars: [] as RemoteCalendar[] };
    const [principal] = hrefsOf(row.props?.currentUserPrincipal, root);
    if (principal === undefined) return null;
    const [person] = await find(login, principal, { "c:calendar-home-set": {} }, "0", signal);
    const found = hrefsOf(person?.props?.calendarHomeSet, principal);
    return found.length > 0 ? { homes: found, calendars: [] as RemoteCalendar[] } : null;
  }

  /** What has changed since a sync token (RFC 6578); null if the server does not know it any more. */
  async function changesSince({ login, calendar, signal }: Read, token: string): Promise<Listed | null> {
    const changed = new Map<string, string | null>();
    const removed = new Set<string>();
    let next = token;
    for (let part = 0; part < mostParts; part += 1) {
      const rows = await davRequest({
        url: calendar.remoteId,
        init: {
          method: "REPORT",
          namespace: "d",
          body: {
            "sync-collection": {
              _attributes: { "xmlns:d": "DAV:" },
              "sync-token": next,
              "sync-level": 1,
              prop: { getetag: {} },
            },
          },
        },
        fetch: fetchFor(login, signal, tokenRefused),
      });
      const [first] = rows;
      const given = first?.raw?.multistatus?.syncToken;
      // A refusal has no list; some servers put it into one.
      if (given === undefined || rows.some((row) => row.error?.validSyncToken)) return null;
      let isCut = false;
      for (const { href, status, props } of rows) {
        const ref = href === undefined ? null : refOf(href, calendar);
        if (ref === null) isCut ||= status === 507;
        else if (status === 404 || status === 410) {
          removed.add(ref);
          changed.delete(ref);
        } else {
          changed.set(ref, textOf(props?.getetag));
          removed.delete(ref);
        }
      }
      const said = String(given);
      if (!isCut || said === next)
        return { isFull: false, changed, removed: [...removed], state: { syncToken: said } };
      next = said;
    }
    return null;
  }

  async function stateOf({ login, calendar, signal }: Read): Promise<SyncState> {
    const props = { "d:sync-token": {}, "cs:getctag": {} };
    const [row] = await find(login, calendar.remoteId, props, "0", signal);
    const { syncToken, getctag } = row?.props ?? {};
    return {
      ...(typeof syncToken === "string" && { syncToken }),
      ...(getctag !== undefined && { ctag: textOf(getctag) ?? "" }),
    };
  }

  /** Compares all etags with those that are known. */
  async function compareList({ login, calendar, signal }: Read, state: SyncState): Promise<Listed> {
    const rows = await find(login, calendar.remoteId, { "d:getetag": {}, "d:resourcetype": {} }, "1", signal);
    const listed = new Map<string, string | null>();
    for (const { href, props } of rows) {
      const ref = href === undefined ? null : refOf(href, calendar);
      if (ref !== null && props?.resourcetype?.collection === undefined)
        listed.set(ref, textOf(props?.getetag));
    }
    if (calendar.state === null) return { isFull: true, changed: listed, removed: [], state };
    return {
      isFull: false,
      changed: listed,
      removed: [...calendar.etags.keys()].filter((ref) => !listed.has(ref)),
      state,
    };
  }

  /** Reads what is not known in this version. */
  async function readObjects(read: Read, { isFull, changed, removed, state }: Listed): Promise<BusyChanges> {
    const { calendar } = read;
    const wanted = [...changed]
      .filter(([ref, etag]) => isFull || etag === null || calendar.etags.get(ref) !== etag)
      .map(([ref]) => ref);
    const objects: BusyObject[] = [];
    const unreadable: string[] = [];
    const gone = new Set(removed);
    for (let from = 0; from < wanted.length; from += mostAtOnce) {
      const part = wanted.slice(from, from + mostAtOnce);
      const found = await readSome(read, part);
      for (const ref of part) {
        const object = found.objects.get(ref);
        if (object) objects.push(object);
        else gone.add(ref);
      }
      unreadable.push(...found.unreadable);
    }
    return { isFull, objects, removed: isFull ? [] : [...gone], state, unreadable };
  }

  async function readSome({ login, calendar, reach, signal }: Read, refs: readonly string[]) {
    const rows = rowsOf(
      await davRequest({
        url: calendar.remoteId,
        init: {
          method: "REPORT",
          headers: { depth: "1" },
          namespace: "c",
          body: {
            "calendar-multiget": {
              _attributes: { "xmlns:d": "DAV:", "xmlns:c": "urn:ietf:params:xml:ns:caldav" },
              "d:prop": { "d:getetag": {}, "c:calendar-data": {} },
              "d:href": refs,
            },
          },
        },
        fetch: fetchFor(login, signal),
      }),
    );
    const objects = new Map<string, BusyObject>();
    const unreadable: string[] = [];
    const found = rows.flatMap(({ href, props }) => {
      const ref = href === undefined ? null : refOf(href, calendar);
      const text = textOf(props?.calendarData);
      return ref === null || text === null ? [] : [{ ref, text, props }];
    });
    const readings = await readEvents(
      found.map(({ text }) => text),
      reach,
      calendar.timezone,
    );
    for (const [at, { ref, text, props }] of found.entries()) {
      const read = readings[at]!;
      unreadable.push(...(read.refused === null ? read.unreadable : [ref]));
      objects.set(ref, {
        ref,
        etag: textOf(props?.getetag),
        uid: read.busy[0]?.uid ?? /^UID:(.+)$/m.exec(text)?.[1]?.trim() ?? null,
        busy: read.busy.map(({ uid: _, ...interval }) => interval),
      });
    }
    return { objects, unreadable };
  }
}

interface Read {
  login: Login;
  calendar: KnownCalendar;
  reach: Reach;
  signal: AbortSignal;
}

/** The objects of a calendar by their paths, with their etags. */
interface Listed {
  isFull: boolean;
  changed: ReadonlyMap<string, string | null>;
  removed: string[];
  state: SyncState;
}

function authorizationOf({ username, secret }: Login): string {
  if (secret.kind !== "password") throw new Error("A CalDAV server is signed in to with a password.");
  return `Basic ${Buffer.from(`${username ?? ""}:${secret.password}`, "utf8").toString("base64")}`;
}

/** tsdav reads what there is of a list that breaks off, and what is missing would count as deleted. */
function isWhole(headers: Headers, text: string): boolean {
  const isXml = headers.get("content-type")?.toLowerCase().includes("xml");
  return (
    Boolean(isXml) &&
    /(<\/([\w.-]+:)?multistatus\s*>|<([\w.-]+:)?multistatus\b[^<>]*\/>)\s*$/.test(text.slice(-2000))
  );
}

/** The rows of an answer; what is no list of rows is not CalDAV. */
function rowsOf(rows: DAVResponse[]): DAVResponse[] {
  const [first] = rows;
  if (first && first.raw?.multistatus === undefined) throw noCalDav();
  return rows.filter(({ href, status }) => href !== undefined && status < 400);
}

function noCalDav(): CalendarProblem {
  return new CalendarProblem("unreadable", { detail: "the answer is not that of a CalDAV server" });
}

/** An object's path, which is its name; null for the calendar itself and for what is on another server. */
function refOf(href: string, { remoteId }: KnownCalendar): string | null {
  const url = URL.parse(href, remoteId);
  const calendar = new URL(remoteId);
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
