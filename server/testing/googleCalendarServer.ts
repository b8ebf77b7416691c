import { createHash, randomBytes } from "node:crypto";
import { idTokenOf } from "./idToken.ts";
import { startVendorServer, type VendorAnswer, type VendorRequest } from "./vendorServer.ts";

export const googleCalendarClient = {
  clientId: "calendars.apps.googleusercontent.example",
  clientSecret: "google calendar secret",
  isTesting: false,
};

/** As Google's documents say what each allows. */
export const googleScopes = {
  read: "https://www.googleapis.com/auth/calendar.readonly",
  events: "https://www.googleapis.com/auth/calendar.events",
};
const allScopes = Object.values(googleScopes);
const refreshPrefix = "1//";
/** Of lists, so that there are some pages. */
const pageSize = 3;

type Time = Partial<Record<"date" | "dateTime" | "timeZone", string>>;

export interface GoogleEvent {
  id: string;
  etag: string;
  iCalUID: string;
  status: "confirmed" | "tentative" | "cancelled";
  summary?: string;
  description?: string;
  location?: string;
  transparency?: string;
  eventType?: string;
  start?: Time;
  end?: Time;
  hangoutLink?: string;
  conferenceData?: object;
  [further: string]: unknown;
}

interface Calendar {
  id: string;
  summary: string;
  timeZone: string;
  accessRole: string;
  backgroundColor: string;
  events: Map<string, GoogleEvent & { version: number }>;
}

export interface GoogleChannel {
  id: string;
  token: string;
  address: string;
  resourceId: string;
  calendar: string;
  expiration: number;
}

interface Account {
  sub: string;
  email: string;
  /** By all of its logins. */
  granted: Set<string>;
  calendars: Map<string, Calendar>;
}

class Refused extends Error {
  readonly status: number;
  readonly reason: string;
  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

class TokenRefused extends Error {}

/**
 * Google's authorization server and its Calendar API as far as the app uses them, as strict as the real ones. Events are
 * occurrences: it does not expand series. https://developers.google.com/workspace/calendar/api/v3/reference
 */
export async function startGoogleCalendarServer() {
  const accounts = new Map<string, Account>();
  const codes = new Map<string, { request: URLSearchParams; account: Account; scope: string }>();
  const refreshTokens = new Map<string, { account: Account; scope: string }>();
  const accessTokens = new Map<string, { account: Account; refreshToken: string }>();
  const channels = new Map<string, GoogleChannel>();
  /** Rooms that are being made. */
  const pending = new Map<string, string>();
  let roomsTakeTime = false;
  let version = 0;
  /** Sync tokens from before it are not known any more. */
  let forgotten = 0;
  let issued = 0;

  const accountOf = (email: string): Account => {
    const known = accounts.get(email);
    if (known) return known;
    const sub = createHash("sha256").update(email).digest("hex").slice(0, 21);
    const account: Account = { sub, email, granted: new Set(), calendars: new Map() };
    accounts.set(email, account);
    addCalendar(account, { id: email, summary: email });
    return account;
  };
  function addCalendar(account: Account, given: Partial<Calendar> & Pick<Calendar, "id">): Calendar {
    const calendar: Calendar = {
      summary: given.id,
      timeZone: "Asia/Kolkata",
      accessRole: "owner",
      backgroundColor: "#9FE1E7",
      events: new Map(),
      ...given,
    };
    account.calendars.set(calendar.id, calendar);
    return calendar;
  }

  function grant(request: URLSearchParams, email: string, granted: readonly string[]): string {
    const asked = (request.get("scope") ?? "").split(" ");
    const isRight =
      request.get("client_id") === googleCalendarClient.clientId &&
      request.get("response_type") === "code" &&
      request.get("code_challenge_method") === "S256" &&
      request.get("access_type") === "offline";
    if (!isRight) return back(request, { error: "invalid_request" });
    const code = `4/${randomBytes(24).toString("base64url")}`;
    const account = accountOf(email);
    const now = asked.filter((each) => each === "openid" || granted.includes(each));
    for (const each of now) account.granted.add(each);
    const scope = [
      ...new Set([...now, ...(request.get("include_granted_scopes") === "true" ? account.granted : [])]),
    ].join(" ");
    codes.set(code, { request, account, scope });
    return back(request, { iss: "https://accounts.google.com", code, scope });
  }

  function back(request: URLSearchParams, answer: Record<string, string>): string {
    const address = new URL(request.get("redirect_uri") ?? "");
    for (const [name, value] of Object.entries(answer)) address.searchParams.set(name, value);
    address.searchParams.set("state", request.get("state") ?? "");
    return address.href;
  }

  function issueToken(form: URLSearchParams): VendorAnswer {
    const { clientId, clientSecret } = googleCalendarClient;
    if (form.get("client_id") !== clientId || form.get("client_secret") !== clientSecret)
      return { status: 401, body: { error: "invalid_client", error_description: "Unauthorized" } };
    const refreshToken =
      form.get("grant_type") === "refresh_token" ? form.get("refresh_token") : redeem(form);
    const login = refreshTokens.get(refreshToken ?? "");
    if (!login || refreshToken === null) throw new TokenRefused();
    issued += 1;
    const access_token = `ya29.${issued}.${randomBytes(16).toString("base64url")}`;
    accessTokens.set(access_token, { account: login.account, refreshToken });
    const isFirst = form.get("grant_type") === "authorization_code";
    return {
      status: 200,
      body: {
        access_token,
        expires_in: 3599,
        scope: login.scope,
        token_type: "Bearer",
        ...(isFirst && { refresh_token: refreshToken }),
        ...(login.scope.split(" ").includes("openid") && {
          id_token: idTokenOf({ iss: "https://accounts.google.com", aud: clientId, sub: login.account.sub }),
        }),
      },
    };
  }

  function redeem(form: URLSearchParams): string {
    const code = form.get("code") ?? "";
    const found = codes.get(code);
    // A code works once.
    codes.delete(code);
    const verifier = form.get("code_verifier") ?? "";
    const isRight =
      found &&
      form.get("grant_type") === "authorization_code" &&
      found.request.get("redirect_uri") === form.get("redirect_uri") &&
      found.request.get("code_challenge") === createHash("sha256").update(verifier).digest("base64url");
    if (!isRight) throw new TokenRefused();
    const token = `${refreshPrefix}${randomBytes(24).toString("base64url")}`;
    refreshTokens.set(token, { account: found.account, scope: found.scope });
    return token;
  }

  function revoke(form: URLSearchParams): VendorAnswer {
    const token = form.get("token") ?? "";
    if (!refreshTokens.delete(token))
      return { status: 400, body: { error: "invalid_token", error_description: "Token expired or revoked" } };
    return { status: 200, body: {} };
  }

  function loginOf({ headers }: VendorRequest): { account: Account; scope: string } {
    const access = accessTokens.get(headers.authorization?.replace(/^Bearer /, "") ?? "");
    const login = refreshTokens.get(access?.refreshToken ?? "");
    if (!access || !login) throw new Refused(401, "authError", "Invalid Credentials");
    return login;
  }

  /** @throws Refused as Google refuses what was not allowed */
  function requireScope(scope: string, ...any: readonly string[]): void {
    if (!scope.split(" ").some((each) => any.includes(each)))
      throw new Refused(403, "insufficientPermissions", "Request had insufficient authentication scopes.");
  }

  function calendarOf(account: Account, id = ""): Calendar {
    const calendar = account.calendars.get(id === "primary" ? account.email : id);
    if (!calendar) throw new Refused(404, "notFound", "Not Found");
    return calendar;
  }

  const row = ({ events: _, ...calendar }: Calendar) => ({
    kind: "calendar#calendarListEntry",
    etag: '"1"',
    ...calendar,
    // Google says it of no other.
    ...(accounts.has(calendar.id) && { primary: true }),
  });

  function page<T>(all: readonly T[], query: URLSearchParams): { items: T[]; nextPageToken?: string } {
    const from = Number(query.get("pageToken")?.replace(/^page-/, "") ?? 0);
    const next = from + pageSize;
    return { items: all.slice(from, next), ...(next < all.length && { nextPageToken: `page-${next}` }) };
  }

  function listEvents({ events, timeZone, summary }: Calendar, query: URLSearchParams): VendorAnswer {
    const [syncToken, timeMin, timeMax] = ["syncToken", "timeMin", "timeMax"].map((name) => query.get(name));
    if (syncToken != null && (timeMin != null || timeMax != null))
      throw new Refused(400, "badRequest", "Sync token cannot be used with timeMin or timeMax");
    if (query.get("singleEvents") !== "true")
      throw new Refused(400, "badRequest", "Series are not known here");
    const since = syncToken == null ? null : Number(/^sync-(\d+)$/.exec(syncToken)?.[1]);
    if (Number.isNaN(since)) throw new Refused(400, "invalid", "Invalid sync token value.");
    if (since !== null && since < forgotten)
      throw new Refused(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.");
    const found = [...events.values()]
      .filter((event) =>
        since === null
          ? event.status !== "cancelled" && overlaps(event, timeMin, timeMax)
          : event.version > since,
      )
      .sort((one, other) => one.version - other.version)
      .map(({ version: _, ...event }) =>
        event.status === "cancelled" ? { id: event.id, etag: event.etag, status: event.status } : event,
      );
    const { items, nextPageToken } = page(found, query);
    return {
      status: 200,
      body: {
        kind: "calendar#events",
        summary,
        timeZone,
        items,
        ...(nextPageToken === undefined ? { nextSyncToken: `sync-${version}` } : { nextPageToken }),
      },
    };
  }

  /** @throws Refused as Google refuses an event that is not one */
  function write(calendar: Calendar, id: string, change: Record<string, unknown>, known?: GoogleEvent) {
    if (!/^[a-v0-9]{5,1024}$/.test(id)) throw new Refused(400, "invalid", "Invalid resource id value.");
    version += 1;
    const event = {
      iCalUID: `${id}@google.com`,
      status: "confirmed" as const,
      ...known,
      ...change,
      id,
      etag: `"${version}"`,
      version,
    } as GoogleEvent & { version: number };
    const request = (change.conferenceData as { createRequest?: { requestId: string } } | undefined)
      ?.createRequest;
    if (request) {
      // The same request makes one room.
      const code = createHash("sha256")
        .update(`${calendar.id} ${request.requestId}`)
        .digest("hex")
        .slice(0, 10);
      event.hangoutLink = `https://meet.google.com/${code}`;
      event.conferenceData = {
        createRequest: { ...request, status: { statusCode: "success" } },
        entryPoints: [{ entryPointType: "video", uri: event.hangoutLink }],
      };
      if (roomsTakeTime) {
        pending.set(id, event.hangoutLink);
        delete event.hangoutLink;
        event.conferenceData = { createRequest: { ...request, status: { statusCode: "pending" } } };
      }
    } else if (change.conferenceData === null) {
      delete event.hangoutLink;
      delete event.conferenceData;
    }
    if (event.status !== "cancelled" && !(event.start && event.end))
      throw new Refused(400, "required", "Missing end time.");
    calendar.events.set(id, event);
    return event;
  }

  function onEvents(
    { method, path: [, , , id = ""], query, body, headers }: VendorRequest,
    calendar: Calendar,
  ): VendorAnswer {
    const answer = ({ version: _, ...event }: GoogleEvent & { version?: number }): VendorAnswer => ({
      status: 200,
      body: { kind: "calendar#event", ...event },
    });
    if (method === "GET" && id === "") return listEvents(calendar, query);
    if (method === "POST" && id === "watch") return watch(calendar, JSON.parse(body));
    if (method !== "GET" && !["owner", "writer"].includes(calendar.accessRole))
      throw new Refused(403, "requiredAccessLevel", "You need to have writer access to this calendar.");
    const given = body === "" ? {} : (JSON.parse(body) as Record<string, unknown>);
    // Without it, Google ignores what is said of rooms.
    if (query.get("conferenceDataVersion") !== "1") delete given.conferenceData;
    if (method === "POST") {
      const wished = String(given.id ?? randomBytes(10).toString("hex"));
      if (calendar.events.has(wished))
        throw new Refused(409, "duplicate", "The requested identifier already exists.");
      return answer(write(calendar, wished, given));
    }
    const known = calendar.events.get(id);
    if (!known) throw new Refused(404, "notFound", "Not Found");
    if (headers["if-match"] !== undefined && headers["if-match"] !== known.etag)
      throw new Refused(412, "conditionNotMet", "Precondition Failed");
    if (method === "GET") {
      const asked = answer(known);
      // Ready when it is looked at the next time.
      known.hangoutLink ??= pending.get(id);
      return asked;
    }
    if (method === "PATCH") return answer(write(calendar, id, given, known));
    if (known.status === "cancelled") throw new Refused(410, "deleted", "Resource has been deleted");
    // Its room is gone, too.
    write(calendar, id, { status: "cancelled", conferenceData: null }, known);
    return { status: 204, body: {} };
  }

  function watch(calendar: Calendar, asked: { id: string; token: string; address: string; type: string }) {
    if (!asked.address.startsWith("https:"))
      throw new Refused(400, "push.webhookUrlNotHttps", "WebHook callback must be HTTPS");
    if (channels.has(asked.id)) throw new Refused(400, "channelIdNotUnique", "Channel id not unique");
    const channel: GoogleChannel = {
      id: asked.id,
      token: asked.token,
      address: asked.address,
      resourceId: createHash("sha256").update(calendar.id).digest("base64url").slice(0, 27),
      calendar: calendar.id,
      expiration: Date.now() + 7 * 86_400_000,
    };
    channels.set(channel.id, channel);
    const { id, resourceId, token, expiration } = channel;
    return {
      status: 200,
      body: { kind: "api#channel", id, resourceId, token, expiration: String(expiration), resourceUri: "" },
    };
  }

  function stop({ id, resourceId }: { id: string; resourceId: string }): VendorAnswer {
    if (channels.get(id)?.resourceId !== resourceId)
      throw new Refused(404, "notFound", `Channel '${id}' not found for project`);
    channels.delete(id);
    return { status: 204, body: {} };
  }

  function answer(asked: VendorRequest): VendorAnswer {
    const { method, path, query, body } = asked;
    const [first, second, third] = path;
    if (first === "token" && method === "POST") return issueToken(new URLSearchParams(body));
    if (first === "revoke" && method === "POST") return revoke(new URLSearchParams(body));
    if (first === "auth") {
      // In place of the pages on which a person allows all.
      const location = grant(query, query.get("login_hint") ?? "asha@gmail.example", allScopes);
      return { status: 302, body: {}, headers: { location } };
    }
    const { account, scope } = loginOf(asked);
    if (first === "users" && third === "calendarList") {
      requireScope(scope, googleScopes.read);
      const [, , , id] = path;
      if (id !== undefined) return { status: 200, body: row(calendarOf(account, id)) };
      const list = page([...account.calendars.values()].map(row), query);
      return { status: 200, body: { kind: "calendar#calendarList", ...list } };
    }
    if (first === "channels" && second === "stop") return stop(JSON.parse(body));
    if (first === "calendars" && third === "events") {
      const isReading = method === "GET" || path[3] === "watch";
      requireScope(scope, googleScopes.events, ...(isReading ? [googleScopes.read] : []));
      return onEvents(asked, calendarOf(account, second));
    }
    throw new Refused(404, "notFound", "Not Found");
  }

  const server = await startVendorServer({
    replay: () => undefined,
    perform: (asked) => {
      try {
        return answer(asked);
      } catch (error) {
        if (error instanceof TokenRefused)
          return { status: 400, body: { error: "invalid_grant", error_description: "Bad Request" } };
        if (!(error instanceof Refused)) throw error;
        return refusal(error.status, error.reason, error.message);
      }
    },
    remember: () => {},
    failure: refusal(503, "backendError", "Backend Error"),
    tooMany: refusal(403, "rateLimitExceeded", "Rate Limit Exceeded"),
  });
  const origin = `http://127.0.0.1:${server.port}`;
  const address = `${origin}/google`;

  return {
    ...server,
    host: `127.0.0.1:${server.port}`,
    endpoints: {
      authorization: `${address}/auth`,
      token: `${address}/token`,
      revocation: `${address}/revoke`,
      api: address,
    },
    /** The person allows what is asked, or a part of it: returns where Google sends the browser. */
    allow: (url: string, email: string, granted: readonly string[] = allScopes) =>
      grant(new URL(url).searchParams, email, granted),
    /** The person cancels. */
    cancel: (url: string) => back(new URL(url).searchParams, { error: "access_denied" }),
    /** A login without the pages: its refresh token. */
    signIn: (email: string, granted: readonly string[] = allScopes): string => {
      const token = `${refreshPrefix}${randomBytes(24).toString("base64url")}`;
      refreshTokens.set(token, { account: accountOf(email), scope: granted.join(" ") });
      return token;
    },
    /** The person takes all access away from the app. */
    forgetLogins: () => {
      refreshTokens.clear();
      for (const account of accounts.values()) account.granted.clear();
    },
    /** What logins allow is taken back, but for this. */
    narrow: (email: string, granted: readonly string[]) => {
      for (const login of refreshTokens.values()) {
        if (login.account.email === email) login.scope = granted.join(" ");
      }
    },
    /** The account gets another address: that of its own calendar, too. */
    rename: (email: string, to: string) => {
      const account = accountOf(email);
      const own = calendarOf(account, email);
      accounts.delete(email);
      account.calendars.delete(email);
      account.email = to;
      accounts.set(to, account);
      account.calendars.set(to, Object.assign(own, { id: to }));
    },
    /** Access tokens end before their time. */
    endAccess: () => accessTokens.clear(),
    logins: () => [...refreshTokens.keys()],
    addCalendar: (email: string, given: Partial<Calendar> & Pick<Calendar, "id">) =>
      void addCalendar(accountOf(email), given),
    removeCalendar: (email: string, id: string) => void accountOf(email).calendars.delete(id),
    /** Writes as the owner. */
    put: (email: string, calendar: string, id: string, change: Record<string, unknown>): GoogleEvent => {
      const target = calendarOf(accountOf(email), calendar);
      return write(target, id, change, target.events.get(id));
    },
    events: (email: string, calendar: string): GoogleEvent[] =>
      [...calendarOf(accountOf(email), calendar).events.values()].filter(
        ({ status }) => status !== "cancelled",
      ),
    /** Sync tokens of until now are not known any more. */
    forgetSyncTokens: () => {
      forgotten = version + 1;
      version += 1;
    },
    /** Rooms are made a moment later than they are asked for. */
    takeTimeForRooms: (takes: boolean) => {
      roomsTakeTime = takes;
    },
    channels,
  };
}

export type GoogleCalendarServer = Awaited<ReturnType<typeof startGoogleCalendarServer>>;

function refusal(code: number, reason: string, message: string): VendorAnswer {
  return {
    status: code,
    body: { error: { code, message, errors: [{ domain: "calendar", reason, message }] } },
  };
}

function overlaps({ start, end }: GoogleEvent, timeMin?: string | null, timeMax?: string | null): boolean {
  const [from, until] = [start, end].map((time) => Date.parse(time?.dateTime ?? `${time?.date}T00:00:00Z`));
  return (
    (timeMax == null || (from ?? 0) < Date.parse(timeMax)) &&
    (timeMin == null || (until ?? 0) > Date.parse(timeMin))
  );
}
