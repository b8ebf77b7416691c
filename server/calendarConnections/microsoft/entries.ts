import { createHash } from "node:crypto";
import { z } from "zod";
import { type EpochMs, epochMs, formatInstant } from "#scheduling/units.ts";
import {
  type CalendarEntry,
  CalendarProblem,
  type EntryWriter,
  type KnownEntry,
  type Login,
} from "../provider.ts";
import { type Graph, type GraphAnswer, pathOf, readAs } from "./graph.ts";

/** Where a session's UID is kept in an event: Graph gives events UIDs of its own. Never change it: entries are found by it. */
const uidProperty = ["String", "{5b0c1b5e-3f0e-4c52-9d3c-8f4a3d0f6a71}", "Name", "MatePeakSession"].join(" ");

const time = z.object({ dateTime: z.string(), timeZone: z.string() });
const written = z.object({
  id: z.string().min(1),
  "@odata.etag": z.string().nullish(),
  iCalUId: z.string().min(1),
  subject: z.string().nullish(),
  showAs: z.string().nullish(),
  start: time,
  end: time,
});
type Written = z.output<typeof written>;

const fields = "id,iCalUId,subject,showAs,isCancelled,start,end";
const gone = [404, 410];

/** Exchange takes no longer subjects and places. */
const longestLine = 255;

/** Writes sessions to calendars. https://learn.microsoft.com/graph/api/resources/event */
export function microsoftEntries(graph: Graph): EntryWriter {
  return {
    put: async (login, { remoteId }, entry, known, signal) => {
      if (known) return change(login, known, entry, signal);
      const found = await search(login, remoteId, entry.uid, signal);
      if (found) return change(login, found, entry, signal);
      const answer = await graph.ask(login, `/me/calendars${pathOf(remoteId)}/events`, {
        method: "POST",
        body: {
          ...bodyOf(entry),
          // Of two requests that are alike at the same time, one creates an event and both return it. Exchange compares those
          // of all calendars, between which a session may move.
          transactionId: `${entry.uid} ${entry.sequence} ${shortHash(remoteId)}`,
          singleValueExtendedProperties: [{ id: uidProperty, value: entry.uid }],
        },
        signal,
        accept: [409],
      });
      if (answer.status !== 409) {
        const made = readAs(written, answer);
        return isAs(made, entry) ? resultOf(made) : change(login, refOf(made), entry, signal);
      }
      const other = await search(login, remoteId, entry.uid, signal);
      if (!other) throw new CalendarProblem("changed_elsewhere");
      return change(login, other, entry, signal);
    },

    remove: async (login, _calendar, { ref }, signal) => {
      await graph.ask(login, `/me/events${pathOf(ref)}`, { method: "DELETE", signal, accept: gone });
    },

    read: async (login, _calendar, { ref }, signal) => {
      const address = `/me/events${pathOf(ref)}?$select=${fields}`;
      const answer = await graph.ask(login, address, { signal, accept: gone });
      if (gone.includes(answer.status)) return null;
      const event = readAs(written, answer);
      return {
        etag: event["@odata.etag"] ?? null,
        startsAt: instantOf(event.start),
        endsAt: instantOf(event.end),
      };
    },
  };

  /** @throws CalendarProblem `changed_elsewhere` also for an event that is gone */
  async function change(login: Login, { ref, etag }: KnownEntry, entry: CalendarEntry, signal: AbortSignal) {
    const answer = await graph.ask(login, `/me/events${pathOf(ref)}`, {
      method: "PATCH",
      body: bodyOf(entry),
      headers: etag === null ? {} : { "if-match": etag },
      signal,
      accept: gone,
    });
    if (gone.includes(answer.status)) throw new CalendarProblem("changed_elsewhere");
    return resultOf(readAs(written, answer));
  }

  /** What was written by a worker that was killed before it knew. */
  async function search(login: Login, remoteId: string, uid: string, signal: AbortSignal) {
    const value = uid.replaceAll("'", "''");
    const query = new URLSearchParams({
      $filter: `singleValueExtendedProperties/Any(ep: ep/id eq '${uidProperty}' and ep/value eq '${value}')`,
      $select: fields,
    });
    const address = `/me/calendars${pathOf(remoteId)}/events?${query}`;
    const found = await graph.list(login, address, { signal });
    const [first] = found?.items ?? [];
    return first === undefined
      ? null
      : refOf(readAs(written, { status: 200, json: first } satisfies GraphAnswer));
  }
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 12);
}

function bodyOf({ title, description, location, startsAt, endsAt, isTentative }: CalendarEntry): object {
  return {
    subject: title.slice(0, longestLine),
    body: { contentType: "text", content: description },
    location: { displayName: (location ?? "").slice(0, longestLine) },
    start: timeOf(startsAt),
    end: timeOf(endsAt),
    showAs: isTentative ? "tentative" : "busy",
  };
}

/** Outlook shows it in its owner's zone. */
function timeOf(instant: EpochMs): z.output<typeof time> {
  return { dateTime: formatInstant(instant).replace(/\.\d+Z$/, ""), timeZone: "UTC" };
}

/** All answers are asked for in UTC; the seconds have seven decimals. */
function instantOf({ dateTime, timeZone }: z.output<typeof time>): EpochMs | null {
  const instant = Date.parse(`${dateTime.replace(/(\.\d{3})\d*$/, "$1")}Z`);
  return timeZone === "UTC" && !Number.isNaN(instant) ? epochMs(instant) : null;
}

/** What an earlier request has created may be older. */
function isAs(
  { subject, showAs, start, end }: Written,
  { title, startsAt, endsAt, isTentative }: CalendarEntry,
) {
  return (
    subject === title.slice(0, longestLine) &&
    showAs === (isTentative ? "tentative" : "busy") &&
    instantOf(start) === startsAt &&
    instantOf(end) === endsAt
  );
}

function refOf({ id, "@odata.etag": etag }: Written): KnownEntry {
  return { ref: id, etag: etag ?? null };
}

function resultOf(event: Written) {
  return { ...refOf(event), uid: event.iCalUId };
}
