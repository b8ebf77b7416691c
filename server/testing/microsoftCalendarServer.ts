import { createHash, randomBytes, randomUUID } from "node:crypto";
import { idTokenOf } from "./idToken.ts";
import { startVendorServer, type VendorAnswer, type VendorRequest } from "./vendorServer.ts";

export const microsoftClient = { clientId: "entra client", clientSecret: "entra secret", tenant: "common" };
/** As Microsoft's documents say what each allows. */
const scopes = {
  read: "https://graph.microsoft.com/Calendars.Read",
  write: "https://graph.microsoft.com/Calendars.ReadWrite",
};
/** Not said to be granted, though it is. */
const lasting = "offline_access";
const tenantId = "9188040d-6c67-4c5b-b112-36a304b66dad";
const subject = "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ";
const address = "asha@contoso.example";

export interface GraphTime {
  dateTime: string;
  timeZone: string;
}

/** What an event says; Graph has more. */
export interface EventFacts {
  subject: string;
  showAs: string;
  isAllDay: boolean;
  isCancelled: boolean;
  start: GraphTime;
  end: GraphTime;
}

interface Occurrence {
  id: string;
  start: GraphTime;
  end: GraphTime;
  /** Set for an exception: what differs from its series. */
  differs?: Partial<EventFacts>;
}

export interface StoredEvent extends EventFacts {
  id: string;
  calendar: string;
  iCalUId: string;
  transactionId: string | null;
  body: object;
  location: object;
  properties: { id: string; value: string }[];
  /** Of a series. */
  occurrences: Occurrence[] | null;
  revision: number;
}

export interface Subscription {
  id: string;
  resource: string;
  changeType: string;
  notificationUrl: string;
  lifecycleNotificationUrl: string;
  clientState: string;
  expirationDateTime: string;
}

export interface Consent {
  scope: string;
  sub: string;
}

interface DeltaRead {
  calendar: string;
  from: number;
  until: number;
  since: number;
  /** Of the round. */
  upTo: number;
  skip: number;
}

class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Tokens of Entra: errors have numbers of their own. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
class TokenRefused extends Error {
  readonly status: number;
  readonly error: string;
  constructor(status: number, error: string, message: string) {
    super(message);
    this.status = status;
    this.error = error;
  }
}

const longestSubscriptionMs = 10_080 * 60_000;

/**
 * Entra's tokens, and Microsoft Graph as far as the app uses it, as strict and as odd as the real ones: a delta reports
 * occurrences of a series with nothing but their times, says nothing of one that is deleted, and reports changes outside of its
 * range as removed. https://learn.microsoft.com/graph/api/resources/calendar
 */
export async function startMicrosoftCalendarServer() {
  const calendars = [
    {
      id: "AAMkAG=default",
      name: "Calendar",
      hexColor: "",
      canEdit: true,
      isDefaultCalendar: true,
      owner: { name: "Asha", address },
    },
    {
      id: "AAMkAG=team",
      name: "Team",
      hexColor: "#0078D4",
      canEdit: true,
      isDefaultCalendar: false,
      owner: { name: "Asha", address },
    },
    {
      id: "AAMkAG=holidays",
      name: "India holidays",
      hexColor: "#FFB900",
      canEdit: false,
      isDefaultCalendar: false,
      owner: { name: "Asha", address },
    },
    {
      id: "AAMkAG=shared",
      name: "Ravi",
      hexColor: "",
      canEdit: true,
      isDefaultCalendar: false,
      owner: { name: "Ravi", address: "ravi@contoso.example" },
    },
  ];
  const events = new Map<string, StoredEvent>();
  const deleted: { id: string; calendar: string; revision: number }[] = [];
  const subscriptions = new Map<string, Subscription>();
  const codes = new Map<string, { asked: URLSearchParams; scope: string; sub: string }>();
  const accessTokens = new Map<string, Consent>();
  const refreshTokens = new Map<string, Consent>();
  const deltas = new Map<string, DeltaRead>();
  let revision = 0;
  let made = 0;
  let tokenRefusal: [error: string, message: string] | null = null;
  /** Of the operator's own network: where an address of the app is really served. */
  let reach = (url: string) => url;

  const next = () => ++revision;
  const newId = () => `AAMkAGI2THk0NTQ4NAB${String(++made).padStart(5, "0")}BGAAAAAAD=`;
  const etagOf = (event: StoredEvent) => `W/"rev${event.revision}=="`;

  // Tokens ------------------------------------------------------------------------------------------------------------

  function issueTokens({ scope, sub }: Consent): VendorAnswer {
    const [access, refresh] = [
      `EwB${randomBytes(24).toString("base64url")}`,
      `M.C5${randomBytes(24).toString("base64url")}`,
    ];
    accessTokens.set(access, { scope, sub });
    refreshTokens.set(refresh, { scope, sub });
    return {
      status: 200,
      body: {
        token_type: "Bearer",
        scope,
        expires_in: 3599,
        ext_expires_in: 3599,
        access_token: access,
        refresh_token: refresh,
        ...(scope.split(" ").includes("openid") && {
          id_token: idTokenOf({
            iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
            aud: microsoftClient.clientId,
            sub,
          }),
        }),
      },
    };
  }

  function allow(asked: URLSearchParams, { scope, sub = subject }: Partial<Consent> = {}): string {
    const code = `0.A${randomBytes(24).toString("base64url")}`;
    const wished = (asked.get("scope") ?? "").split(" ").filter((each) => each !== lasting);
    codes.set(code, { asked, scope: scope ?? wished.join(" "), sub });
    return backTo(asked, { code });
  }

  function token({ body, method }: VendorRequest): VendorAnswer {
    const form = new URLSearchParams(body);
    if (method !== "POST")
      throw new TokenRefused(
        405,
        "invalid_request",
        "AADSTS900561: The endpoint only accepts POST requests.",
      );
    if (tokenRefusal)
      throw new TokenRefused(tokenRefusal[0] === "invalid_client" ? 401 : 400, ...tokenRefusal);
    if (
      form.get("client_id") !== microsoftClient.clientId ||
      form.get("client_secret") !== microsoftClient.clientSecret
    )
      throw new TokenRefused(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.");
    if (form.get("grant_type") === "refresh_token") {
      const login = refreshTokens.get(form.get("refresh_token") ?? "");
      if (!login)
        throw new TokenRefused(
          400,
          "invalid_grant",
          "AADSTS700082: The refresh token has expired due to inactivity.",
        );
      return issueTokens(login);
    }
    const consent = codes.get(form.get("code") ?? "");
    const asked = consent?.asked;
    codes.delete(form.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (
      !consent ||
      !asked ||
      asked.get("redirect_uri") !== form.get("redirect_uri") ||
      asked.get("code_challenge_method") !== "S256" ||
      asked.get("code_challenge") !== challenge
    )
      throw new TokenRefused(
        400,
        "invalid_grant",
        "AADSTS54005: OAuth2 Authorization code was already redeemed.",
      );
    return issueTokens(consent);
  }

  /** @throws Refused as Graph refuses what was not allowed. To be told of changes needs no more than to read them. */
  function requireScope(scope: string, { method, path }: VendorRequest): void {
    const isReading = method === "GET" || path[0] === "subscriptions";
    const any = isReading ? Object.values(scopes) : [scopes.write];
    // Entra names them with or without the address of Graph.
    const name = (text: string) => text.toLowerCase().split("/").at(-1);
    const granted = scope.split(" ").map(name);
    if (!any.some((each) => granted.includes(name(each))))
      throw new Refused(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
  }

  // Events ------------------------------------------------------------------------------------------------------------

  function present(event: StoredEvent, type = event.occurrences ? "seriesMaster" : "singleInstance") {
    const { properties: _, occurrences: _o, revision: _r, calendar: _c, ...rest } = event;
    return {
      "@odata.etag": etagOf(event),
      ...rest,
      type,
      seriesMasterId: null,
      responseStatus: { response: "organizer", time: "0001-01-01T00:00:00Z" },
    };
  }

  function presentOccurrence(event: StoredEvent, { id, start, end, differs }: Occurrence) {
    const { transactionId: _, ...rest } = present(event);
    return {
      ...rest,
      id,
      start,
      end,
      ...differs,
      type: differs ? "exception" : "occurrence",
      seriesMasterId: event.id,
    };
  }

  /** As a delta reports it: an exception whole, all others with their times alone. */
  function stub(event: StoredEvent, occurrence: Occurrence) {
    if (occurrence.differs)
      return { "@odata.type": "#microsoft.graph.event", ...presentOccurrence(event, occurrence) };
    const { id, start, end } = occurrence;
    return {
      "@odata.type": "#microsoft.graph.event",
      "@odata.etag": etagOf(event),
      seriesMasterId: event.id,
      type: "occurrence",
      id,
      start,
      end,
    };
  }

  const overlaps = ({ start, end }: { start: GraphTime; end: GraphTime }, from: number, until: number) =>
    at(start) < until && at(end) > from;

  function occurrencesIn({ occurrences }: StoredEvent, from: number, until: number): Occurrence[] {
    return (occurrences ?? []).filter((each) => overlaps({ ...each, ...each.differs }, from, until));
  }

  function deltaRows({ calendar, from, until, since, upTo }: DeltaRead): object[] {
    const isNew = (changed: number) => changed > since && changed <= upTo;
    const rows = [...events.values()]
      .filter((event) => event.calendar === calendar && isNew(event.revision))
      .flatMap((event): object[] => {
        const within = event.occurrences
          ? occurrencesIn(event, from, until)
          : overlaps(event, from, until)
            ? [event]
            : [];
        if (within.length === 0)
          return since === 0
            ? []
            : [{ "@odata.type": "#microsoft.graph.event", id: event.id, "@removed": { reason: "deleted" } }];
        if (!event.occurrences) return [{ "@odata.type": "#microsoft.graph.event", ...present(event) }];
        return [
          { "@odata.type": "#microsoft.graph.event", ...present(event) },
          ...(within as Occurrence[]).map((each) => stub(event, each)),
        ];
      });
    const gone =
      since === 0 ? [] : deleted.filter((each) => each.calendar === calendar && isNew(each.revision));
    return [...rows, ...gone.map(({ id }) => ({ id, "@removed": { reason: "deleted" } }))];
  }

  function delta(calendar: string, { query, headers }: VendorRequest): VendorAnswer {
    const token = query.get("$deltatoken") ?? query.get("$skiptoken");
    let read = token === null ? undefined : deltas.get(token);
    if (token !== null && !read)
      throw new Refused(
        410,
        "syncStateNotFound",
        "The sync state generation is not found; continuing from the beginning is needed.",
      );
    if (read && query.has("$deltatoken")) read = { ...read, since: read.upTo, upTo: revision, skip: 0 };
    read ??= { calendar, ...rangeOf(query), since: 0, upTo: revision, skip: 0 };
    const size = Number(/odata\.maxpagesize=(\d+)/.exec(String(headers.prefer))?.[1] ?? 10);
    const rows = deltaRows(read);
    const page = rows.slice(read.skip, read.skip + size);
    const isLast = read.skip + size >= rows.length;
    const id = randomBytes(16).toString("base64url");
    deltas.set(id, isLast ? read : { ...read, skip: read.skip + size });
    const link = `${api()}/me/calendars/${encodeURIComponent(calendar)}/calendarView/delta?${isLast ? "$deltatoken" : "$skiptoken"}=${id}`;
    return {
      status: 200,
      body: {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Collection(event)",
        [isLast ? "@odata.deltaLink" : "@odata.nextLink"]: link,
        value: page,
      },
    };
  }

  function rangeOf(query: URLSearchParams): { from: number; until: number } {
    const [from, until] = [
      Date.parse(query.get("startDateTime") ?? ""),
      Date.parse(query.get("endDateTime") ?? ""),
    ];
    if (Number.isNaN(from) || Number.isNaN(until))
      throw new Refused(
        400,
        "ErrorInvalidParameter",
        "This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.",
      );
    return { from, until };
  }

  function findEvent(id: string): { event: StoredEvent; occurrence?: Occurrence } {
    const event = events.get(id);
    if (event) return { event };
    for (const series of events.values()) {
      const occurrence = series.occurrences?.find((each) => each.id === id);
      if (occurrence) return { event: series, occurrence };
    }
    throw new Refused(404, "ErrorItemNotFound", "The specified object was not found in the store.");
  }

  function requireCalendar(id: string): void {
    if (!calendars.some((calendar) => calendar.id === id))
      throw new Refused(404, "ErrorItemNotFound", "The specified object was not found in the store.");
  }

  function requireEtag({ headers }: VendorRequest, event: StoredEvent): void {
    const condition = headers["if-match"];
    if (condition !== undefined && condition !== etagOf(event))
      throw new Refused(
        412,
        "ErrorIrresolvableConflict",
        "The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.",
      );
  }

  function create(calendar: string, body: string): VendorAnswer {
    const { singleValueExtendedProperties = [], ...facts } = JSON.parse(body) as StoredEvent & {
      singleValueExtendedProperties?: StoredEvent["properties"];
    };
    const same = [...events.values()].find(
      ({ transactionId }) => transactionId !== null && transactionId === (facts.transactionId ?? null),
    );
    if (same) return { status: 201, body: present(same) };
    const event = store(calendar, { ...facts, properties: singleValueExtendedProperties });
    return { status: 201, body: present(event) };
  }

  function store(calendar: string, facts: Partial<StoredEvent>): StoredEvent {
    const id = newId();
    const event: StoredEvent = {
      id,
      calendar,
      iCalUId: `040000008200E00074C5B7101A82E008${createHash("sha256").update(id).digest("hex").slice(0, 40).toUpperCase()}`,
      subject: "",
      showAs: "busy",
      isAllDay: false,
      isCancelled: false,
      transactionId: null,
      body: { contentType: "text", content: "" },
      location: { displayName: "" },
      properties: [],
      occurrences: null,
      revision: next(),
      ...facts,
      start: longTime(facts.start),
      end: longTime(facts.end),
    };
    events.set(id, event);
    return event;
  }

  function list(calendar: string, query: URLSearchParams): VendorAnswer {
    const filter =
      /^singleValueExtendedProperties\/Any\(ep: ep\/id eq '((?:[^']|'')*)' and ep\/value eq '((?:[^']|'')*)'\)$/.exec(
        query.get("$filter") ?? "",
      );
    if (!filter)
      throw new Refused(
        400,
        "ErrorInvalidUrlQueryFilter",
        "The query filter contains one or more invalid nodes.",
      );
    const [name, value] = filter.slice(1).map((text) => text.replaceAll("''", "'"));
    const found = [...events.values()].filter(
      (event) =>
        event.calendar === calendar &&
        event.properties.some((each) => each.id === name && each.value === value),
    );
    return { status: 200, body: { value: found.map((event) => present(event)) } };
  }

  function change(id: string, request: VendorRequest): VendorAnswer {
    const { event } = findEvent(id);
    requireEtag(request, event);
    const { start, end, ...rest } = JSON.parse(request.body) as Partial<EventFacts>;
    Object.assign(event, rest, start && { start: longTime(start) }, end && { end: longTime(end) }, {
      revision: next(),
    });
    return { status: 200, body: present(event) };
  }

  function remove(id: string): VendorAnswer {
    const { event } = findEvent(id);
    events.delete(id);
    deleted.push({ id, calendar: event.calendar, revision: next() });
    return { status: 204, body: {} };
  }

  function instances(id: string, query: URLSearchParams): VendorAnswer {
    const { event } = findEvent(id);
    const { from, until } = rangeOf(query);
    return {
      status: 200,
      body: { value: occurrencesIn(event, from, until).map((each) => presentOccurrence(event, each)) },
    };
  }

  // Subscriptions -----------------------------------------------------------------------------------------------------

  async function subscribe(body: string): Promise<VendorAnswer> {
    const wish = JSON.parse(body) as Omit<Subscription, "id">;
    requireExpiration(wish.expirationDateTime);
    if (!/^me\/calendars\/.+\/events$/.test(wish.resource))
      throw new Refused(400, "ExtensionError", "Unsupported resource.");
    if (wish.clientState.length > 128) throw new Refused(400, "InvalidRequest", "clientState is too long.");
    for (const url of new Set([wish.notificationUrl, wish.lifecycleNotificationUrl])) await validate(url);
    const subscription = { ...wish, id: randomUUID() };
    subscriptions.set(subscription.id, subscription);
    return { status: 201, body: subscription };
  }

  /** Graph asks the address before it accepts it: ten seconds for the same text, as text. */
  async function validate(url: string): Promise<void> {
    if (!url.startsWith("https://"))
      throw new Refused(400, "InvalidRequest", "NotificationUrl is not https.");
    const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()} <&+"`;
    const answer = await fetch(`${reach(url)}?validationToken=${encodeURIComponent(token)}`, {
      method: "POST",
      headers: { "content-type": "text/plain; charset=utf-8" },
      signal: AbortSignal.timeout(10_000),
    }).catch(() => null);
    const text = await answer?.text();
    if (
      answer?.status !== 200 ||
      !answer.headers.get("content-type")?.startsWith("text/plain") ||
      text !== token
    )
      throw new Refused(
        400,
        "ValidationError",
        "Subscription validation request failed. Must respond with 200 OK to this request.",
      );
  }

  function requireExpiration(text: string): void {
    const ms = Date.parse(text) - Date.now();
    if (!(ms > 0 && ms <= longestSubscriptionMs))
      throw new Refused(
        400,
        "ExtensionError",
        "Subscription expiration can only be 10080 minutes in the future.",
      );
  }

  function findSubscription(id: string): Subscription {
    const found = subscriptions.get(id);
    if (!found) throw new Refused(404, "ExtensionError", "Subscription not found.");
    return found;
  }

  // Requests ----------------------------------------------------------------------------------------------------------

  function route(request: VendorRequest): VendorAnswer {
    const { method, path, query, body } = request;
    const [me, noun, id = "", part, last] = path;
    if (me === "subscriptions") {
      const subscription = findSubscription(noun ?? "");
      if (method === "DELETE") subscriptions.delete(subscription.id);
      if (method === "PATCH") {
        const { expirationDateTime } = JSON.parse(body) as Subscription;
        requireExpiration(expirationDateTime);
        subscription.expirationDateTime = expirationDateTime;
      }
      return method === "DELETE" ? { status: 204, body: {} } : { status: 200, body: subscription };
    }
    if (me !== "me") throw new Refused(400, "BadRequest", "Resource not found for the segment.");
    if (noun === "calendar") return { status: 200, body: { owner: calendars[0]?.owner } };
    if (noun === "calendars" && id === "") return { status: 200, body: { value: calendars } };
    if (noun === "calendars") {
      requireCalendar(id);
      if (part === "calendarView" && last === "delta") return delta(id, request);
      if (part === "events") return method === "POST" ? create(id, body) : list(id, query);
    }
    if (noun === "events") {
      if (part === "instances") return instances(id, query);
      if (method === "PATCH") return change(id, request);
      if (method === "DELETE") return remove(id);
      const { event, occurrence } = findEvent(id);
      return { status: 200, body: occurrence ? presentOccurrence(event, occurrence) : present(event) };
    }
    throw new Refused(400, "BadRequest", "Resource not found for the segment.");
  }

  async function perform(request: VendorRequest): Promise<VendorAnswer> {
    try {
      if (request.path.join("/") === "oauth2/v2.0/authorize") {
        // In place of the account chooser, and of the page that asks for consent.
        return { status: 302, body: {}, headers: { location: allow(request.query) } };
      }
      if (request.path[0] === "oauth2") return token(request);
      const login = accessTokens.get((request.headers.authorization ?? "").replace("Bearer ", ""));
      if (!login)
        throw new Refused(
          401,
          "InvalidAuthenticationToken",
          "Lifetime validation failed, the token is expired.",
        );
      requireScope(login.scope, request);
      if (request.method === "POST" && request.path[0] === "subscriptions")
        return await subscribe(request.body);
      return route(request);
    } catch (error) {
      if (error instanceof TokenRefused)
        return {
          status: error.status,
          body: {
            error: error.error,
            error_description: error.message,
            error_codes: [],
            correlation_id: randomUUID(),
          },
        };
      if (!(error instanceof Refused)) throw error;
      return refusal(error.status, error.code, error.message);
    }
  }

  const server = await startVendorServer({
    replay: () => undefined,
    remember: () => undefined,
    perform,
    failure: refusal(500, "generalException", "An internal server error occurred."),
    tooMany: {
      ...refusal(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit."),
      headers: { "retry-after": "600" },
    },
  });
  const api = () => `http://127.0.0.1:${server.port}/v1.0`;
  const authority = `http://127.0.0.1:${server.port}/${microsoftClient.tenant}`;

  async function post(url: string, value: object[]): Promise<number> {
    const answer = await fetch(reach(url), {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify({ value }),
    });
    await answer.body?.cancel();
    return answer.status;
  }

  return {
    ...server,
    host: `127.0.0.1:${server.port}`,
    endpoints: {
      api: api(),
      authorization: `${authority}/oauth2/v2.0/authorize`,
      token: `${authority}/oauth2/v2.0/token`,
    },
    account: address,
    scopes,
    calendars,
    events,
    subscriptions,
    /** Tokens as after a sign-in. */
    signIn: (scope = scopes.write) =>
      issueTokens({ scope, sub: subject }).body as { access_token: string; refresh_token: string },
    /** The person allows what is asked: returns where Entra sends the browser. @param as what Entra answers instead */
    allow: (authorizationUrl: string, as?: Partial<Consent>) =>
      allow(new URL(authorizationUrl).searchParams, as),
    /** The person cancels. */
    cancel: (authorizationUrl: string) =>
      backTo(new URL(authorizationUrl).searchParams, {
        error: "access_denied",
        error_description: "AADSTS65004: User declined to consent.",
      }),
    /** Access tokens end before their time. */
    endAccess: () => accessTokens.clear(),
    /** All tokens end, and none is renewed: consent was withdrawn, or a second factor is asked for. */
    endLogins: () => {
      accessTokens.clear();
      refreshTokens.clear();
    },
    refuseTokens: (error: string, message: string) => {
      accessTokens.clear();
      tokenRefusal = [error, message];
    },
    acceptTokens: () => {
      tokenRefusal = null;
    },
    /** Delta links end. */
    forgetDeltas: () => deltas.clear(),
    add: (calendar: string, facts: Partial<StoredEvent>) => store(calendar, facts).id,
    addSeries: (
      calendar: string,
      facts: Partial<StoredEvent>,
      times: { start: GraphTime; end: GraphTime }[],
    ) => {
      const occurrences = times.map(({ start, end }) => ({
        id: newId(),
        start: longTime(start),
        end: longTime(end),
      }));
      return store(calendar, { ...facts, ...times[0], occurrences }).id;
    },
    /** Its owner changes an event, or what of a series is shared. */
    edit: (id: string, facts: Partial<EventFacts>) => {
      const { event, occurrence } = findEvent(id);
      const { start, end, ...rest } = facts;
      const differs = {
        ...rest,
        ...(start && { start: longTime(start) }),
        ...(end && { end: longTime(end) }),
      };
      if (occurrence) occurrence.differs = { ...occurrence.differs, ...differs };
      else Object.assign(event, differs);
      event.revision = next();
    },
    remove: (id: string) => void remove(id),
    removeOccurrence: (id: string) => {
      const { event, occurrence } = findEvent(id);
      event.occurrences = event.occurrences?.filter((each) => each !== occurrence) ?? null;
      event.revision = next();
    },
    serveAt: (map: typeof reach) => {
      reach = map;
    },
    /** Reports a change. @param state in place of the right one */
    push: async ({ id, notificationUrl, resource, clientState }: Subscription, state = clientState) =>
      post(notificationUrl, [
        {
          subscriptionId: id,
          clientState: state,
          changeType: "updated",
          resource: `Users/1/${resource}/x`,
          subscriptionExpirationDateTime: new Date().toISOString(),
          tenantId: randomUUID(),
          resourceData: { "@odata.type": "#Microsoft.Graph.Event", id: "x" },
        },
      ]),
    /** Reports that something happened to the subscription itself. */
    pushLifecycle: async (
      { id, lifecycleNotificationUrl, clientState }: Subscription,
      lifecycleEvent: "reauthorizationRequired" | "subscriptionRemoved" | "missed",
      state = clientState,
    ) => {
      if (lifecycleEvent === "subscriptionRemoved") subscriptions.delete(id);
      return post(lifecycleNotificationUrl, [
        {
          subscriptionId: id,
          clientState: state,
          lifecycleEvent,
          subscriptionExpirationDateTime: new Date().toISOString(),
          tenantId: randomUUID(),
        },
      ]);
    },
  };
}

/** In UTC, as in requests. */
export function graphTime(day: number, hour = 0, minute = 0): GraphTime {
  const text = new Date(Date.UTC(2030, 0, day, hour, minute)).toISOString();
  return { dateTime: text.replace(/\.\d+Z$/, ""), timeZone: "UTC" };
}

function longTime(time: GraphTime = graphTime(1)): GraphTime {
  return { ...time, dateTime: time.dateTime.replace(/(\.\d+)?$/, ".0000000") };
}

function at({ dateTime }: GraphTime): number {
  return Date.parse(`${dateTime.slice(0, 19)}Z`);
}

function refusal(status: number, code: string, message: string): VendorAnswer {
  const innerError = { date: "2026-11-29T09:00:00", "request-id": randomUUID() };
  return { status, body: { error: { code, message, innerError } } };
}

function backTo(asked: URLSearchParams, answer: Record<string, string>): string {
  const back = new URL(asked.get("redirect_uri") ?? "");
  for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
  back.searchParams.set("state", asked.get("state") ?? "");
  return back.href;
}

export type MicrosoftCalendarServer = Awaited<ReturnType<typeof startMicrosoftCalendarServer>>;
