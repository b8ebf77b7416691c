import { serviceDiscovery } from "tsdav";
import type { PublicFetch } from "../platform/http/publicFetch.ts";
import { askProvider, type ProviderRequest, providerBounds } from "./askProvider.ts";
import { calDavEntries } from "./caldavEntries.ts";
import { changesQuery, objectsQuery, propertiesQuery } from "./davQuery.ts";
import { type ReadDav, readDav } from "./davReader.ts";
import type { DavAnswer, DavReading, DavResource } from "./davReading.ts";
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
import { type Effort, wholeEffort } from "./readingThread.ts";

/** Objects that one request asks for. */
const mostAtOnce = 200;
/** Parts into which a server may split its answer. */
const mostParts = 100;
/** With which a sync token is refused: 403 by RFC 6578, 3.2, and what servers do instead (Xandikos 0.2: 500). */
const tokenRefused = [400, 403, 404, 405, 409, 410, 412, 415, 422, 500, 501, 507];

const calendarProps = [
  "d:displayname",
  "d:resourcetype",
  "d:current-user-privilege-set",
  "ca:calendar-color",
  "c:calendar-timezone",
  "c:supported-calendar-component-set",
  "c:schedule-calendar-transp",
];

/** A server of calendars by RFC 4791: Apple, Fastmail, Nextcloud, Radicale and others. */
export function openCalDav(
  publicFetch: PublicFetch,
  readEvents: ReadEvents,
  read: ReadDav = readDav,
): CalendarProvider {
  return {
    entries: calDavEntries({ ask, readEvents }),

    listCalendars: async (login, signal) => {
      const asking = { login, signal, effort: wholeEffort() };
      const { homes, calendars } = await discover(asking);
      for (const home of homes) {
        const resources = await find(asking, home, calendarProps, "1");
        calendars.push(...resources.flatMap(({ calendar }) => calendar ?? []));
      }
      return [...new Map(calendars.map((calendar) => [calendar.remoteId, calendar])).values()];
    },

    readBusy: async (login, calendar, reach, signal) => {
      const reading = { login, calendar, reach, signal, effort: reach.effort ?? wholeEffort() };
      const { syncToken, ctag } = calendar.state ?? {};
      const changes = syncToken === undefined ? null : await changesSince(reading, syncToken);
      if (changes) return readObjects(reading, changes);
      const state = await stateOf(reading);
      if (ctag !== undefined && syncToken === undefined && state.ctag === ctag) {
        return { isFull: false, objects: [], removed: [], state, unreadable: [] };
      }
      // The state is from before the list: what changes in between is read twice, and never missed.
      return readObjects(reading, await compareList(reading, state));
    },
  };

  /** A request with the login, outside tsdav. */
  function ask(login: Login, address: string, request: ProviderRequest): ReturnType<PublicFetch> {
    const headers = { ...request.headers, authorization: authorizationOf(login) };
    return askProvider(publicFetch, address, { ...providerBounds.short, ...request, headers }, login);
  }

  /** tsdav's way to the network: ours. It looks at redirects alone. */
  function fetchFor({ login, signal }: Asking): typeof fetch {
    return async (address, init = {}) => {
      const isManual = init.redirect === "manual";
      const { status, headers } = await ask(login, String(address), {
        method: init.method ?? "GET",
        headers: Object.fromEntries(new Headers(init.headers)),
        ...(typeof init.body === "string" && { body: init.body }),
        ...(isManual && { maxRedirects: 0, accept: [301, 302, 303, 307, 308] }),
        signal,
      });
      return new Response(null, { status, headers });
    };
  }

  /** Asks, and has the answer read outside of this thread; null if it is no list of rows. */
  async function query(
    { login, signal, effort }: Asking,
    wanted: DavAnswer["wanted"],
    {
      address,
      ...request
    }: { address: string } & Pick<ProviderRequest, "method" | "body" | "headers" | "accept">,
  ): Promise<DavReading | null> {
    const { status, headers, text } = await ask(login, address, {
      ...(wanted === "objects" ? providerBounds.whole : providerBounds.list),
      ...request,
      headers: { ...request.headers, "content-type": "text/xml; charset=utf-8" },
      signal,
    });
    if (status >= 300) return null;
    if (isWhole(headers, text)) return read({ address, text, wanted }, effort);
    if (status === 207) throw noCalDav();
    return null;
  }

  async function find(
    asking: Asking,
    address: string,
    properties: readonly string[],
    depth: "0" | "1",
  ): Promise<DavResource[]> {
    const body = propertiesQuery(properties);
    const reading = await query(asking, "resources", {
      address,
      method: "PROPFIND",
      headers: { depth },
      body,
    });
    if (!reading) throw noCalDav();
    return reading.resources;
  }

  /** Where the person's calendars are (RFC 6764), or the one whose address was entered. */
  async function discover(asking: Asking): Promise<Found> {
    const { serverUrl } = asking.login;
    if (serverUrl === null) throw new Error("A CalDAV connection has an address.");
    const fetch = fetchFor(asking);
    const wellKnown = await serviceDiscovery({ account: { accountType: "caldav", serverUrl }, fetch });
    let failure: CalendarProblem | undefined;
    for (const root of new Set([serverUrl, wellKnown, new URL("/", serverUrl).href])) {
      try {
        const found = await lookAt(asking, root);
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

  async function lookAt(asking: Asking, root: string): Promise<Found | null> {
    const properties = [...calendarProps, "d:current-user-principal", "c:calendar-home-set"];
    const [row] = await find(asking, root, properties, "0");
    if (!row) return null;
    if (row.calendar) return { homes: [], calendars: [row.calendar] };
    if (row.homes.length > 0) return { homes: row.homes, calendars: [] };
    if (row.principal === null) return null;
    const [person] = await find(asking, row.principal, ["c:calendar-home-set"], "0");
    return person && person.homes.length > 0 ? { homes: person.homes, calendars: [] } : null;
  }

  /** What has changed since a sync token (RFC 6578); null if the server does not know it any more. */
  async function changesSince(reading: Reading, token: string): Promise<Listed | null> {
    const changed = new Map<string, string | null>();
    const removed = new Set<string>();
    let next = token;
    for (let part = 0; part < mostParts; part += 1) {
      const found = await query(reading, "objects", {
        address: reading.calendar.remoteId,
        method: "REPORT",
        body: changesQuery(next),
        accept: tokenRefused,
      });
      // A refusal has no list; some servers put it into one.
      if (!found || found.syncToken === null || found.isTokenRefused) return null;
      let isCut = false;
      for (const { ref, status, etag } of found.objects) {
        if (ref === null) isCut ||= status === 507;
        else if (status === 404 || status === 410) {
          removed.add(ref);
          changed.delete(ref);
        } else {
          changed.set(ref, etag);
          removed.delete(ref);
        }
      }
      const said = found.syncToken;
      if (!isCut || said === next)
        return { isFull: false, changed, removed: [...removed], state: { syncToken: said } };
      next = said;
    }
    return null;
  }

  async function stateOf(reading: Reading): Promise<SyncState> {
    const [row] = await find(reading, reading.calendar.remoteId, ["d:sync-token", "cs:getctag"], "0");
    const { syncToken = null, ctag = null } = row ?? {};
    return { ...(syncToken !== null && { syncToken }), ...(ctag !== null && { ctag }) };
  }

  /** The objects, without those that the server could not show. */
  async function listObjects(reading: Reading, request: Omit<Parameters<typeof query>[2], "address">) {
    const found = await query(reading, "objects", { ...request, address: reading.calendar.remoteId });
    if (!found) throw noCalDav();
    return found.objects.flatMap(({ ref, status, ...rest }) =>
      ref === null || status >= 400 ? [] : [{ ref, ...rest }],
    );
  }

  /** Compares all etags with those that are known. */
  async function compareList(reading: Reading, state: SyncState): Promise<Listed> {
    const { calendar } = reading;
    const objects = await listObjects(reading, {
      method: "PROPFIND",
      headers: { depth: "1" },
      body: propertiesQuery(["d:getetag", "d:resourcetype"]),
    });
    const listed = new Map(
      objects.filter(({ isCollection }) => !isCollection).map(({ ref, etag }) => [ref, etag]),
    );
    if (calendar.state === null) return { isFull: true, changed: listed, removed: [], state };
    return {
      isFull: false,
      changed: listed,
      removed: [...calendar.etags.keys()].filter((ref) => !listed.has(ref)),
      state,
    };
  }

  /** Reads what is not known in this version. */
  async function readObjects(
    reading: Reading,
    { isFull, changed, removed, state }: Listed,
  ): Promise<BusyChanges> {
    const { calendar } = reading;
    const wanted = [...changed]
      .filter(([ref, etag]) => isFull || etag === null || calendar.etags.get(ref) !== etag)
      .map(([ref]) => ref);
    const objects: BusyObject[] = [];
    const unreadable: string[] = [];
    const gone = new Set(removed);
    for (let from = 0; from < wanted.length; from += mostAtOnce) {
      const part = wanted.slice(from, from + mostAtOnce);
      const found = await readSome(reading, part);
      for (const ref of part) {
        const object = found.objects.get(ref);
        if (object) objects.push(object);
        else gone.add(ref);
      }
      unreadable.push(...found.unreadable);
    }
    return { isFull, objects, removed: isFull ? [] : [...gone], state, unreadable };
  }

  async function readSome(reading: Reading, refs: readonly string[]) {
    const { calendar, reach, effort } = reading;
    const listed = await listObjects(reading, {
      method: "REPORT",
      headers: { depth: "1" },
      body: objectsQuery(refs),
    });
    const objects = new Map<string, BusyObject>();
    const unreadable: string[] = [];
    const found = listed.flatMap(({ ref, text, etag }) => (text === null ? [] : [{ ref, text, etag }]));
    const readings = await readEvents(
      found.map(({ text }) => text),
      { ...reach, effort },
      calendar.timezone,
    );
    for (const [at, { ref, text, etag }] of found.entries()) {
      const { busy, refused, unreadable: named } = readings[at]!;
      unreadable.push(...(refused === null ? named : [ref]));
      objects.set(ref, {
        ref,
        etag,
        uid: busy[0]?.uid ?? /^UID:(.+)$/m.exec(text)?.[1]?.trim() ?? null,
        busy: busy.map(({ uid: _, ...interval }) => interval),
      });
    }
    return { objects, unreadable };
  }
}

interface Asking {
  login: Login;
  signal: AbortSignal;
  effort: Effort;
}

interface Reading extends Asking {
  calendar: KnownCalendar;
  reach: Reach;
}

/** Where calendars are, and those that were found already. */
interface Found {
  homes: string[];
  calendars: RemoteCalendar[];
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

function noCalDav(): CalendarProblem {
  return new CalendarProblem("unreadable", { detail: "the answer is not that of a CalDAV server" });
}
