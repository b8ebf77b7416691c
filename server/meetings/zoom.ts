/**
 * Zoom, by a server-to-server OAuth app of the operator's account. https://developers.zoom.us/docs/api/meetings/
 * The meetings belong to the account's users (ZOOM_HOSTS), and people can enter without them.
 */
import { z } from "zod";
import { textLimits } from "#rules/limits.ts";
import { formatInstant, minutesBetween, SECOND_MS } from "#scheduling/units.ts";
import { meetingNotes, zoomMeeting } from "#words/meetings.ts";
import type { MeetingConfig } from "../platform/config.ts";
import { type BoundedAnswer, type Bounds, fetchBounded, NoAnswer } from "../platform/http/fetchBounded.ts";
import { readJson } from "../platform/readJson.ts";
import { type MadeMeeting, type MeetingMaker, MeetingProblem, type MeetingSession } from "./maker.ts";

type ZoomConfig = NonNullable<MeetingConfig["zoom"]>;

export interface ZoomAddresses {
  /** Without a slash at the end. */
  oauth: string;
  /** With the version. */
  api: string;
  bounds: Bounds;
}

const zoomItself: ZoomAddresses = {
  oauth: "https://zoom.us/oauth",
  api: "https://api.zoom.us/v2",
  // A run of the job has two minutes for five calls.
  bounds: { timeoutMs: 15_000, maxBytes: 2 * 1024 * 1024 },
};

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() });
const meeting = z.object({
  id: z.union([z.number(), z.string()]).transform(String),
  join_url: z.url({ protocol: /^https$/ }),
  password: z.string().optional(),
});
const meetingPage = z.object({
  meetings: z.array(z.object({ id: meeting.shape.id, agenda: z.string().optional() })),
  next_page_token: z.string().optional(),
});
const failure = z.object({ code: z.number().optional(), message: z.string().optional() });

/** A token is replaced before it ends. */
const tokenSlackMs = 60 * SECOND_MS;
const pageSize = 300;
const maxPages = 50;
/** Zoom's own longest topic. */
const longestTopic = 200;

interface Call {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Segments; ids are escaped. */
  path: readonly string[];
  query?: Readonly<Record<string, string>>;
  body?: object;
}

export function openZoom(
  { accountId, clientId, clientSecret }: Omit<ZoomConfig, "webhookSecret" | "hosts">,
  { oauth, api, bounds }: ZoomAddresses = zoomItself,
): MeetingMaker {
  let token: { value: string; until: number } | undefined;

  async function readToken(signal: AbortSignal): Promise<string> {
    if (token && token.until > performance.now()) return token.value;
    const query = new URLSearchParams({ grant_type: "account_credentials", account_id: accountId });
    const answer = await send(`${oauth}/token?${query}`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
      signal,
    });
    // Zoom answers a wrong secret with 400 or 401.
    if (answer.status !== 200) throw problemOf(answer, { isOnlyAsked: true });
    const { access_token, expires_in } = read(tokenAnswer, answer);
    token = { value: access_token, until: performance.now() + expires_in * SECOND_MS - tokenSlackMs };
    return access_token;
  }

  /** @throws MeetingProblem for everything but a 2xx and a 404 */
  async function call({ method, path, query = {}, body }: Call, signal: AbortSignal): Promise<BoundedAnswer> {
    const url = new URL(`${api}/${path.map(encodeURIComponent).join("/")}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const attempt = async () =>
      send(url, {
        method,
        headers: {
          authorization: `Bearer ${await readToken(signal)}`,
          accept: "application/json",
          ...(body && { "content-type": "application/json" }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal,
      });
    let answer = await attempt();
    if (answer.status === 401) {
      // A token ends early when the app's rights change.
      token = undefined;
      answer = await attempt();
    }
    if ((answer.status >= 200 && answer.status < 300) || answer.status === 404) return answer;
    throw problemOf(answer, { isOnlyAsked: method === "GET" });
  }

  async function readMeeting(ref: string, signal: AbortSignal): Promise<MadeMeeting | null> {
    const answer = await call({ method: "GET", path: ["meetings", ref] }, signal);
    return answer.status === 404 ? null : presentMeeting(answer);
  }

  return {
    make: async (session, signal) => {
      const path = ["users", hostOf(session), "meetings"];
      const answer = await call({ method: "POST", path, body: bodyOf(session) }, signal);
      // The host is not a user of the account.
      if (answer.status === 404) throw problemOf(answer, { isOnlyAsked: false });
      return presentMeeting(answer);
    },
    find: async (session, signal) => {
      const wanted = zoomMeeting.agenda(session.sessionId);
      let next = "";
      for (let page = 0; page < maxPages; page++) {
        const query = {
          type: "upcoming",
          page_size: String(pageSize),
          ...(next && { next_page_token: next }),
        };
        const answer = await call(
          { method: "GET", path: ["users", hostOf(session), "meetings"], query },
          signal,
        );
        if (answer.status === 404) return null;
        const { meetings, next_page_token = "" } = read(meetingPage, answer);
        const found = meetings.find(({ agenda }) => agenda === wanted);
        if (found) return readMeeting(found.id, signal);
        if (next_page_token === "") return null;
        next = next_page_token;
      }
      throw new MeetingProblem("unclear", "Zoom gave a list that does not end");
    },
    move: async (ref, session, signal) => {
      const path = ["meetings", ref];
      const answer = await call({ method: "PATCH", path, body: bodyOf(session) }, signal);
      return answer.status === 404 ? null : readMeeting(ref, signal);
    },
    remove: async (ref, _session, signal) => {
      const query = { schedule_for_reminder: "false", cancel_meeting_reminder: "false" };
      await call({ method: "DELETE", path: ["meetings", ref], query }, signal);
    },
  };

  async function send(url: string | URL, init: RequestInit): Promise<BoundedAnswer> {
    try {
      return await fetchBounded(url, init, bounds);
    } catch (error) {
      if (error instanceof NoAnswer) throw new MeetingProblem("unclear", `Zoom gave ${error.message}`);
      throw error;
    }
  }
}

function hostOf({ host }: MeetingSession): string {
  if (host === null)
    throw new MeetingProblem("no_host_free", "Every Zoom user in ZOOM_HOSTS has another session then");
  return host;
}

function bodyOf(session: MeetingSession): object {
  return {
    topic: zoomMeeting.topic(session).slice(0, longestTopic),
    // Scheduled, once.
    type: 2,
    start_time: formatInstant(session.startsAt).replace(/\.\d+/, ""),
    duration: minutesBetween(session.startsAt, session.endsAt),
    timezone: session.timezone,
    agenda: zoomMeeting.agenda(session.sessionId),
    settings: {
      // Neither of the two signs in to the operator's account.
      join_before_host: true,
      jbh_time: 0,
      waiting_room: false,
      meeting_authentication: false,
      email_notification: false,
    },
  };
}

function presentMeeting(answer: BoundedAnswer): MadeMeeting {
  const { id, join_url, password } = read(meeting, answer);
  if (join_url.length > textLimits.meetingUrl || id.length > textLimits.meetingRef)
    throw new MeetingProblem("refused", "Zoom gave a link that is too long");
  return { ref: id, guestUrl: join_url, ...(password && { note: meetingNotes.passcode(password) }) };
}

function read<Shape extends z.ZodType>(shape: Shape, { text }: BoundedAnswer): z.output<Shape> {
  const parsed = shape.safeParse(readJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new MeetingProblem("unclear", `Zoom gave an unexpected answer (${issue?.path.join(".") || "body"})`);
}

/** @param isOnlyAsked nothing was to be done, so nothing can have been done */
function problemOf(
  { status, headers, text }: BoundedAnswer,
  { isOnlyAsked }: { isOnlyAsked: boolean },
): MeetingProblem {
  const { code = 0 } = failure.safeParse(readJson(text)).data ?? {};
  const problem = (kind: MeetingProblem["code"]) =>
    new MeetingProblem(kind, `Zoom answered with status ${status}, code ${code}`, retryAfterOf(headers));
  if (status === 429) return problem("limited");
  if (status >= 400 && status < 500 && status !== 408) return problem("refused");
  return problem(isOnlyAsked ? "limited" : "unclear");
}

/** RFC 9110, 10.2.3: seconds or a date. */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (!value) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * SECOND_MS : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
