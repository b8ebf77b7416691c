import { z } from "zod";
import type { PublicFetch } from "../../platform/http/publicFetch.ts";
import { readJson } from "../../platform/readJson.ts";
import { askProvider, providerBounds } from "../askProvider.ts";
import type { OAuth } from "../oauth.ts";
import { CalendarProblem, type CalendarProblemCode, type Login } from "../provider.ts";

interface GoogleRequest {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  body?: object;
  ifMatch?: string | null;
  /** Of an answer that may be long. */
  isWhole?: boolean;
  /** Statuses that are an answer. */
  accept?: readonly number[];
  signal: AbortSignal;
}

interface GoogleAnswer<T> {
  status: number;
  /** Null if the status is none of success, or there is no content. */
  body: T | null;
}

/** Asks Google Calendar's API; https://developers.google.com/workspace/calendar/api/v3/reference */
export interface GoogleApi {
  /** @throws CalendarProblem in place of every failure */
  ask<T>(login: Login, path: string, shape: z.ZodType<T>, request: GoogleRequest): Promise<GoogleAnswer<T>>;
}

/** https://developers.google.com/workspace/calendar/api/guides/errors */
const googleError = z.object({
  error: z.object({
    message: z.string().optional(),
    status: z.string().optional(),
    errors: z.array(z.object({ reason: z.string().optional() })).optional(),
  }),
});

/** With a 403. Of Google's other reasons nothing but its owner, or the operator, can help. */
const reasons: Readonly<Record<string, CalendarProblemCode>> = {
  rateLimitExceeded: "limited",
  userRateLimitExceeded: "limited",
  quotaExceeded: "limited",
  dailyLimitExceeded: "limited",
  calendarUsageLimitsExceeded: "limited",
  // The operator has not switched the API on.
  accessNotConfigured: "failing",
};

export function openGoogleApi(fetch: PublicFetch, oauth: OAuth, address: string): GoogleApi {
  return {
    ask: (login, path, shape, { method = "GET", query = {}, body, ifMatch = null, signal, ...rest }) =>
      oauth.withToken(login, async (accessToken) => {
        const url = new URL(`${address}${path}`);
        for (const [name, value] of Object.entries(query)) {
          if (value !== undefined) url.searchParams.set(name, String(value));
        }
        const answer = await askProvider(
          fetch,
          url.href,
          {
            ...(rest.isWhole ? providerBounds.whole : providerBounds.short),
            method,
            headers: {
              authorization: `Bearer ${accessToken}`,
              accept: "application/json",
              ...(body && { "content-type": "application/json" }),
              ...(ifMatch !== null && { "if-match": ifMatch }),
            },
            ...(body && { body: JSON.stringify(body) }),
            maxRedirects: 0,
            signal,
            accept: rest.accept ?? [],
            readError,
          },
          login,
        );
        const { status, text } = answer;
        const isEmpty = status < 200 || status > 299 || status === 204 || text.trim() === "";
        return { status, body: isEmpty ? null : read(text, shape) };
      }),
  };
}

function read<T>(text: string, shape: z.ZodType<T>): T {
  const answer = shape.safeParse(readJson(text));
  if (answer.success) return answer.data;
  throw new CalendarProblem("unreadable", { detail: "the answer is not that of Google Calendar" });
}

function readError(text: string): { code?: CalendarProblemCode; message?: string } {
  const { error } = googleError.safeParse(readJson(text)).data ?? {};
  if (!error) return {};
  const [{ reason = "" } = {}] = error.errors ?? [];
  const code = reasons[reason];
  return { ...(code && { code }), ...(error.message !== undefined && { message: error.message }) };
}
