import { createHash } from "node:crypto";
import type { PublicFetch } from "../platform/http/publicFetch.ts";
import { askProvider, providerBounds } from "./askProvider.ts";
import { CalendarProblem, type CalendarProvider, type Login, type SyncState } from "./provider.ts";
import { objectsByUid, type ReadEvents } from "./readEvents.ts";

/** A feed has one calendar. */
const feedCalendar = "feed";

/** A subscription: an address that answers with all of a calendar (RFC 5545) and cannot be written. */
export function openFeedProvider(fetch: PublicFetch, readEvents: ReadEvents): CalendarProvider {
  return {
    listCalendars: async (login, signal) => {
      const { text } = await ask(login, {}, signal);
      const name = /^X-WR-CALNAME[^:\r\n]*:(.+)$/m.exec(text)?.[1]?.trim();
      const timezone = /^X-WR-TIMEZONE[^:\r\n]*:(.+)$/m.exec(text)?.[1]?.trim();
      return [
        {
          remoteId: feedCalendar,
          name: name ? name.replaceAll(/\\([,;\\])/g, "$1") : new URL(addressOf(login)).hostname,
          color: null,
          timezone: timezone ?? null,
          isWritable: false,
          countsAsBusy: true,
        },
      ];
    },
    readBusy: async (login, calendar, reach, signal) => {
      const { state } = calendar;
      const unchanged = { isFull: false, objects: [], removed: [], unreadable: [] };
      const { status, headers, text } = await ask(login, conditionsOf(state), signal);
      if (status === 304) return { ...unchanged, state };
      const hash = createHash("sha256").update(text).digest("base64url");
      const next = stateOf(headers, hash);
      if (state?.hash === hash) return { ...unchanged, state: next };
      const [read] = await readEvents([text], reach, calendar.timezone);
      if (!read || read.refused !== null) throw new CalendarProblem(read?.refused ?? "unreadable");
      const { busy, unreadable } = read;
      return { isFull: true, objects: objectsByUid(busy), removed: [], state: next, unreadable };
    },
  };

  async function ask(login: Login, headers: Record<string, string>, signal: AbortSignal) {
    const request = {
      ...providerBounds.whole,
      headers: { accept: "text/calendar, text/plain;q=0.5", ...headers },
      signal,
      accept: [304],
    };
    const answer = await askProvider(fetch, addressOf(login), request, login);
    if (answer.status !== 304) requireCalendar(answer.text);
    return answer;
  }
}

function addressOf({ secret }: Login): string {
  if (secret.kind !== "address") throw new Error("A feed is signed in to by its address.");
  return secret.url.replace(/^webcals?:\/\//i, "https://");
}

function conditionsOf(state: SyncState | null): Record<string, string> {
  return {
    ...(state?.etag !== undefined && { "if-none-match": state.etag }),
    ...(state?.modified !== undefined && { "if-modified-since": state.modified }),
  };
}

function stateOf(headers: Headers, hash: string): SyncState {
  const etag = headers.get("etag");
  const modified = headers.get("last-modified");
  return { hash, ...(etag !== null && { etag }), ...(modified !== null && { modified }) };
}

/** Pages of sign-ins and of errors come with status 200, too. */
function requireCalendar(text: string): void {
  if (/^\uFEFF?\s*BEGIN:VCALENDAR/i.test(text)) return;
  const detail = /<(html|!doctype)/i.test(text.slice(0, 1000))
    ? "the answer is a web page"
    : "the answer is no calendar";
  throw new CalendarProblem("unreadable", { detail });
}
