import { z } from "zod";
import type { PublicFetch } from "../../platform/http/publicFetch.ts";
import { readJson } from "../../platform/readJson.ts";
import { askProvider, type ProviderRequest, providerBounds } from "../askProvider.ts";
import type { OAuth } from "../oauth.ts";
import { CalendarProblem, type CalendarProblemCode, type Login } from "../provider.ts";

/** Microsoft Graph, in a person's name. */
export interface Graph {
  /** With the version, and without a slash at the end. */
  readonly api: string;
  /** @param address a path after `api`, or a link that Graph gave. @throws CalendarProblem */
  ask(login: Login, address: string, request: GraphRequest): Promise<GraphAnswer>;
  /** All pages of a list; null if it is refused in a way that `accept` names. @throws CalendarProblem */
  list(login: Login, address: string, request: GraphRequest): Promise<GraphList | null>;
}

interface GraphRequest extends Pick<ProviderRequest, "accept" | "method" | "headers"> {
  body?: object;
  /** Of an answer that may be long. */
  isWhole?: boolean;
  signal: AbortSignal;
}

export interface GraphAnswer {
  status: number;
  /** Undefined if there is none. */
  json: unknown;
}

interface GraphList {
  items: unknown[];
  /** Where the next read of changes begins, of a list that can tell. */
  deltaLink: string | null;
}

/** Pages of a list: as many events as a calendar may have, and an end for a list that has none. */
const mostPages = 500;
const page = z.object({
  value: z.array(z.unknown()),
  "@odata.nextLink": z.string().optional(),
  "@odata.deltaLink": z.string().optional(),
});
const failure = z.object({ error: z.object({ code: z.string(), message: z.string().optional() }) });

/** What says more than the status. https://learn.microsoft.com/graph/errors */
const codes: Readonly<Record<string, CalendarProblemCode>> = {
  ErrorIrresolvableConflict: "changed_elsewhere",
  ApplicationThrottled: "limited",
  ErrorTooManyRequests: "limited",
};

/** Times in UTC, and texts without their markup. */
const prefer = ['outlook.timezone="UTC"', 'outlook.body-content-type="text"'];

export function openGraph(fetch: PublicFetch, oauth: Pick<OAuth, "withToken">, api: string): Graph {
  async function ask(
    login: Login,
    address: string,
    { body, headers, isWhole = false, ...request }: GraphRequest,
  ): Promise<GraphAnswer> {
    const url = addressOf(address);
    const { status, text } = await oauth.withToken(login, (token) =>
      askProvider(
        fetch,
        url,
        {
          ...providerBounds[isWhole ? "whole" : "short"],
          method: "GET",
          ...request,
          headers: {
            accept: "application/json",
            authorization: `Bearer ${token}`,
            ...(body !== undefined && { "content-type": "application/json" }),
            prefer: prefer.join(", "),
            ...headers,
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
          // The token is for this host.
          maxRedirects: 0,
          readError,
        },
        login,
      ),
    );
    // A refusal that was expected says what it says by its status, also as a web page.
    if (status >= 400) return { status, json: undefined };
    return { status, json: text === "" ? undefined : parse(text) };
  }

  /** @throws CalendarProblem for a link to another host, which must not see the token */
  function addressOf(address: string): string {
    const url = new URL(address.startsWith("/") ? `${api}${address}` : address);
    if (url.origin === new URL(api).origin) return url.href;
    throw new CalendarProblem("unreadable", { detail: "the answer continues at another host" });
  }

  return {
    api,
    ask,
    list: async (login, address, request) => {
      const items: unknown[] = [];
      let link = address;
      for (let count = 0; count < mostPages; count++) {
        const answer = await ask(login, link, { ...request, isWhole: true });
        if (answer.status >= 400) return null;
        const read = readAs(page, answer);
        items.push(...read.value);
        const { "@odata.nextLink": next, "@odata.deltaLink": deltaLink = null } = read;
        if (next === undefined) return { items, deltaLink };
        link = next;
      }
      throw new CalendarProblem("too_large", { detail: `more than ${mostPages} pages of events` });
    },
  };
}

/** @throws CalendarProblem `unreadable` */
export function readAs<Shape extends z.ZodType>(shape: Shape, { json }: GraphAnswer): z.output<Shape> {
  const read = shape.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.join(".") || "body";
  throw new CalendarProblem("unreadable", { detail: `the answer has another form than usual (${where})` });
}

/** Adds what a read of events wants to what is always preferred. */
export function preferAlso(...more: string[]): { prefer: string } {
  return { prefer: [...prefer, ...more].join(", ") };
}

export function pathOf(...parts: string[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join("");
}

/** @throws CalendarProblem `unreadable` */
function parse(text: string): unknown {
  const json = readJson(text);
  if (json !== undefined) return json;
  const detail = /^\s*</.test(text) ? "the answer is a web page" : "the answer is no JSON";
  throw new CalendarProblem("unreadable", { detail });
}

function readError(text: string): { code?: CalendarProblemCode; message?: string } {
  const read = failure.safeParse(readJson(text));
  if (!read.success) return {};
  const { code, message = "" } = read.data.error;
  const known = codes[code];
  return { ...(known && { code: known }), message: [code, message].filter(Boolean).join(": ") };
}
