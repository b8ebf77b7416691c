import { textLimits } from "#rules/limits.ts";
import { NoPublicAnswer, type PublicFetch, type PublicRequest } from "../platform/http/publicFetch.ts";
import { CalendarProblem, type CalendarProblemCode, type Login } from "./provider.ts";

/** For a short answer, a list of calendars, and all of a calendar. */
export const providerBounds = {
  short: { timeoutMs: 15_000, maxBytes: 2 * 1024 * 1024 },
  list: { timeoutMs: 60_000, maxBytes: 4 * 1024 * 1024 },
  whole: { timeoutMs: 60_000, maxBytes: 20 * 1024 * 1024 },
} as const;

/** The longest pause that a provider may ask for. */
const longestRetryMs = 60 * 60_000;

type Answer = Awaited<ReturnType<PublicFetch>>;

/** What is asked, and which statuses are an answer besides those of success. */
export interface ProviderRequest extends PublicRequest {
  accept?: readonly number[];
  /** What a provider's own form of errors says: more than the status does. */
  readError?: (text: string) => { code?: CalendarProblemCode; message?: string };
}

/** @throws CalendarProblem in place of every failure, without secrets, but with what the provider said */
export async function askProvider(
  fetch: PublicFetch,
  address: string,
  { accept = [], readError = () => ({}), ...request }: ProviderRequest,
  login: Pick<Login, "secret">,
): Promise<Answer> {
  const answer = await fetch(address, request).catch((error: unknown) => {
    if (!(error instanceof NoPublicAnswer)) throw error;
    throw new CalendarProblem(reasons[error.reason], { detail: error.message });
  });
  const { status } = answer;
  if ((status >= 200 && status < 300) || accept.includes(status)) return answer;
  const { code = codeOf(status), message = answer.text } = readError(answer.text);
  throw new CalendarProblem(code, {
    detail: `${status} ${cleanMessage(message, secretsOf(login))}`.trim(),
    retryAfterMs: retryAfterOf(answer.headers),
  });
}

const reasons: Readonly<Record<NoPublicAnswer["reason"], CalendarProblemCode>> = {
  address_private: "address_private",
  insecure: "unreachable",
  unreachable: "unreachable",
  too_slow: "too_slow",
  too_large: "too_large",
  unreadable: "unreadable",
};

const codes: Readonly<Record<number, CalendarProblemCode>> = {
  401: "login_refused",
  403: "forbidden",
  404: "not_found",
  408: "too_slow",
  409: "changed_elsewhere",
  410: "not_found",
  412: "changed_elsewhere",
  413: "too_large",
  429: "limited",
  504: "too_slow",
};

function codeOf(status: number): CalendarProblemCode {
  return codes[status] ?? (status >= 500 ? "failing" : "unreadable");
}

/** In ms. Both forms of RFC 9110, 10.2.3: seconds, and a date, which is by the server's own clock. */
function retryAfterOf(headers: Headers): number | null {
  const header = headers.get("retry-after");
  if (header === null) return null;
  const serverNow = Date.parse(headers.get("date") ?? "");
  const now = Number.isNaN(serverNow) ? Date.now() : serverNow;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), longestRetryMs);
}

function secretsOf({ secret }: Pick<Login, "secret">): string[] {
  switch (secret.kind) {
    case "password":
      return [secret.password];
    case "address":
      return [secret.url];
    case "tokens":
      return [secret.accessToken, secret.refreshToken];
    default:
      return secret satisfies never;
  }
}

/** Makes what a provider says fit to be shown: one line of text, not long, and without our secrets, should it repeat them. */
function cleanMessage(text: string, secrets: readonly string[]): string {
  const plain = text
    .slice(0, 20_000)
    .replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ");
  return secrets
    .flatMap((secret) => [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)])
    .filter((form) => form !== "")
    .reduce((rest, form) => rest.replaceAll(form, "[secret]"), plain)
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\s]+/gu, " ")
    .trim()
    .slice(0, textLimits.providerMessage - 10);
}
