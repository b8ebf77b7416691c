import type { ErrorCode } from "#contract/errors.ts";
import type { Problem } from "#contract/problem.ts";
import { network, unexpected, unreadable } from "#words/problems.ts";
import { serverClock } from "@/lib/clock/serverClock.ts";
import { tabPerson } from "./tabPerson.ts";

/** `network`: no response. `unexpected`: a response that is no problem document. Newer servers may add codes. */
export type ProblemCode = ErrorCode | "network" | "unexpected" | (string & {});
export type FieldError = { field: string; message: string };
export type NextSlot = NonNullable<Problem["next_slots"]>[number];

type ProblemFields = Partial<Problem> & { detail: string; status: number };

/** Any failed call, network failures included. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly code: ProblemCode;
  /** HTTP status; 0 without a response. */
  readonly status: number;
  /** The sentence to show. */
  readonly detail: string;
  readonly fieldErrors: readonly FieldError[];
  /** With `slot_taken` and `slot_unavailable`. */
  readonly nextSlots: readonly NextSlot[];
  /** All that the response said; `request_id` is for support, as the server's log has it too. */
  readonly said: Partial<Problem>;

  constructor(code: ProblemCode, fields: ProblemFields) {
    super(fields.detail);
    this.code = code;
    this.status = fields.status;
    this.detail = fields.detail;
    this.fieldErrors = fields.errors ?? [];
    this.nextSlots = fields.next_slots ?? [];
    this.said = fields;
  }

  /** Whether the same request may succeed if it is sent again. */
  get isTemporary(): boolean {
    return (
      this.status === 0 || this.status === 429 || this.status >= 500 || this.code === "request_in_progress"
    );
  }
}

export type RequestOptions = {
  /** Undefined values are left out. */
  query?: Record<string, string | number | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Without the `for-user` header: for requests that read or change who is signed in. */
  forAnyone?: boolean;
  /** ms; 20 s if left out. */
  timeout?: number;
  /** Called with the headers of a successful response. */
  onAnswer?: (headers: Headers) => void;
};

let whenAnotherUser: () => void = () => undefined;

/** Called when a response reports that another person is signed in than the one of this tab. */
export function onAnotherUser(listener: () => void): void {
  whenAnotherUser = listener;
}

const TIMEOUT_MS = 20_000;

/** The API of this origin. Paths start with `/api/`. @throws ApiProblem; the caller's own abort is thrown as it is. */
export const api = {
  get: <T>(path: string, options?: RequestOptions) => send<T>("GET", path, undefined, options),
  post: <T>(path: string, body?: unknown, options?: RequestOptions) => send<T>("POST", path, body, options),
  put: <T>(path: string, body: unknown, options?: RequestOptions) => send<T>("PUT", path, body, options),
  patch: <T>(path: string, body: unknown, options?: RequestOptions) => send<T>("PATCH", path, body, options),
  delete: <T = null>(path: string, options?: RequestOptions) => send<T>("DELETE", path, undefined, options),
  /** Downloads a file that needs headers, which a link could not send. */
  file: async (path: string, options?: RequestOptions, method: "GET" | "POST" = "GET"): Promise<Blob> =>
    (await ask(method, path, undefined, options)).blob(),
};

async function send<T>(
  method: string,
  path: string,
  body: unknown,
  options: RequestOptions = {},
): Promise<T> {
  const response = await ask(method, path, body, options);
  const answer = await readJson(response);
  options.onAnswer?.(response.headers);
  return answer as T;
}

async function ask(
  method: string,
  path: string,
  body: unknown,
  options: RequestOptions = {},
): Promise<Response> {
  const hasBody = body !== undefined;
  const person = options.forAnyone ? undefined : tabPerson.id();
  const address = path + searchOf(options.query);
  const askedAt = isPreloaded(address) ? documentBegan() : serverClock.deviceNow();
  const response = await reach(address, {
    method,
    credentials: "same-origin",
    headers: {
      accept: "application/json",
      ...(hasBody && { "content-type": "application/json" }),
      ...(person !== undefined && { "for-user": person }),
      ...options.headers,
    },
    ...(hasBody && { body: JSON.stringify(body) }),
    signal: within(options.timeout ?? TIMEOUT_MS, options.signal),
  });
  // Other responses may come from the browser's cache, with an old date.
  if (response.headers.get("cache-control") === "no-store")
    serverClock.observe(response.headers.get("date"), askedAt);
  if (response.ok) return response;
  const problem = problemOf(response, await readJson(response));
  if (problem.code === "another_user") whenAnotherUser();
  throw problem;
}

/** Whether src/app/firstLoad/mentorPage.ts has requested it before: the response may be some time old. */
function isPreloaded(address: string): boolean {
  const links = globalThis.document?.head.querySelectorAll('link[rel="preload"]') ?? [];
  return [...links].some((link) => link.getAttribute("href") === address);
}

/** Start of the document's load by the device's clock as it is set now, epoch ms. */
function documentBegan(): number {
  return serverClock.deviceNow() - performance.now();
}

async function reach(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiProblem("network", {
      status: 0,
      detail: network,
    });
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's error page. Its status is still used, see `problemOf`.
    if (!response.ok) return null;
    throw new ApiProblem("unexpected", { status: response.status, detail: unreadable });
  }
}

/** Reads a problem document; a response without one, such as a proxy's, becomes `unexpected`. */
function problemOf(response: Response, answer: unknown): ApiProblem {
  const body = (typeof answer === "object" && answer !== null ? answer : {}) as Partial<Problem>;
  const requestId = body.request_id ?? response.headers.get("x-request-id") ?? undefined;
  return new ApiProblem(body.code ?? "unexpected", {
    ...body,
    status: response.status,
    detail: body.detail ?? body.title ?? unexpected,
    ...(requestId && { request_id: requestId }),
  });
}

function within(timeoutMs: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** `?from=…&to=…` of the given values in their order; "" if there are none. */
export function searchOf(query: RequestOptions["query"] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return given.length === 0
    ? ""
    : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}
