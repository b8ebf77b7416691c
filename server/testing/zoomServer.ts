import { zoomSignature } from "../meetings/zoomWebhook.ts";
import { startVendorServer, type VendorAnswer, type VendorRequest } from "./vendorServer.ts";

export const zoomKeys = {
  accountId: "zoom account",
  clientId: "zoom client",
  clientSecret: "zoom client secret",
  webhookSecret: "zoom webhook secret",
};

interface ZoomMeeting {
  id: number;
  host: string;
  topic: string;
  start_time: string;
  duration: number;
  timezone: string;
  agenda: string;
  join_url: string;
  password: string;
  settings: Record<string, unknown>;
}

class Refused extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Zoom's API as far as the app uses it, as strict as the real one. https://developers.zoom.us/docs/api/meetings/ */
export async function startZoomServer(users: readonly string[] = ["me"]) {
  const meetings: ZoomMeeting[] = [];
  const tokens = new Set<string>();
  let made = 0;

  function issueToken({ headers, query, method }: VendorRequest): VendorAnswer {
    const basic = Buffer.from(`${zoomKeys.clientId}:${zoomKeys.clientSecret}`).toString("base64");
    if (headers.authorization !== `Basic ${basic}`)
      throw new Refused(401, 4001, "Invalid client_id or client_secret");
    const isRight =
      method === "POST" &&
      query.get("grant_type") === "account_credentials" &&
      query.get("account_id") === zoomKeys.accountId;
    if (!isRight) throw new Refused(400, 4700, "Bad request");
    const token = `token-${tokens.size + 1}`;
    tokens.add(token);
    return { status: 200, body: { access_token: token, token_type: "bearer", expires_in: 3599 } };
  }

  function create(host: string, body: string): VendorAnswer {
    const { topic, type, start_time, duration, timezone, agenda, settings } = JSON.parse(
      body,
    ) as ZoomMeeting & {
      type: number;
    };
    if (type !== 2 || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(start_time) || topic.length > 200)
      throw new Refused(400, 300, "Validation Failed.");
    made += 1;
    const id = 81_000_000_000 + made;
    const join_url = `https://us05web.zoom.us/j/${id}?pwd=${made}abc`;
    const meeting = {
      id,
      host,
      topic,
      start_time,
      duration,
      timezone,
      agenda,
      settings,
      join_url,
      password: `pass${made}`,
    };
    meetings.push(meeting);
    return { status: 201, body: meeting };
  }

  function list(host: string, query: URLSearchParams): VendorAnswer {
    if (query.get("type") !== "upcoming") throw new Refused(400, 300, "Validation Failed.");
    // Pages of two, so that there are some.
    const from = Number(query.get("next_page_token") ?? 0);
    const own = meetings.filter((meeting) => meeting.host === host);
    // A list has no passwords.
    const page = own.slice(from, from + 2).map(({ password: _, settings: _s, ...meeting }) => meeting);
    const next = from + 2 < own.length ? String(from + 2) : "";
    return { status: 200, body: { page_size: 2, next_page_token: next, meetings: page } };
  }

  function perform(request: VendorRequest): VendorAnswer {
    try {
      if (request.path[0] === "token") return issueToken(request);
      if (!tokens.has((request.headers.authorization ?? "").replace("Bearer ", "")))
        throw new Refused(401, 124, "Invalid access token.");
      return route(request);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { status: error.status, body: { code: error.code, message: error.message } };
    }
  }

  function route({ method, path, body, query }: VendorRequest): VendorAnswer {
    const [noun, id = ""] = path;
    if (noun === "users") {
      if (!users.includes(id)) throw new Refused(404, 1001, "User does not exist.");
      return method === "POST" ? create(id, body) : list(id, query);
    }
    const index = meetings.findIndex((meeting) => String(meeting.id) === id);
    const meeting = meetings[index];
    if (!meeting) throw new Refused(404, 3001, "Meeting does not exist.");
    if (method === "DELETE") meetings.splice(index, 1);
    if (method === "PATCH") Object.assign(meeting, JSON.parse(body));
    return method === "GET" ? { status: 200, body: meeting } : { status: 204, body: {} };
  }

  const server = await startVendorServer({
    replay: () => undefined,
    remember: () => undefined,
    perform,
    failure: { status: 500, body: { code: 500, message: "Internal error" } },
    tooMany: {
      status: 429,
      body: { code: 429, message: "Too many requests" },
      headers: { "retry-after": "600" },
    },
  });
  return {
    ...server,
    meetings,
    /** Ends all tokens, as a change of the app's rights does. */
    endTokens: () => tokens.clear(),
    addresses: {
      oauth: `http://127.0.0.1:${server.port}/oauth`,
      api: `http://127.0.0.1:${server.port}/v2`,
      bounds: server.bounds,
    },
  };
}

/** A report as Zoom sends it. */
export function zoomReport(event: object, at: number, secret = zoomKeys.webhookSecret) {
  const body = JSON.stringify(event);
  const timestamp = String(Math.floor(at / 1000));
  return {
    body,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "x-zm-request-timestamp": timestamp,
      "x-zm-signature": zoomSignature(Buffer.from(body), timestamp, secret),
    },
  };
}
