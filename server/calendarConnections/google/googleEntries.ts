import { z } from "zod";
import { type EpochMs, epochMs } from "#scheduling/units.ts";
import { type CalendarEntry, CalendarProblem, type EntryWriter, type KnownEntry } from "../provider.ts";
import type { GoogleApi } from "./googleApi.ts";
import {
  type EventTime,
  eventIdOf,
  isGone,
  pathOfEvents,
  readEvent,
  type Target,
  timeOf,
  type WrittenEvent,
  writtenEvent,
} from "./googleEvent.ts";

/**
 * Writes sessions to calendars of Google: each is an event whose id is known before it is written. Google keeps the ids of events
 * that were deleted, so one that was removed before is written by bringing it back.
 */
export function googleEntries(api: GoogleApi): EntryWriter {
  return {
    put: async (login, calendar, entry, known, signal) => {
      const target = { login, calendar, signal };
      if (known) return asWritten(await change(target, known, entry));
      const id = eventIdOf(entry.uid);
      const { body } = await api.ask(login, pathOfEvents(calendar), writtenEvent, {
        method: "POST",
        body: { id, ...contentOf(entry) },
        accept: [409],
        signal,
      });
      if (body) return asWritten(body);
      // We wrote it and were killed before we knew, removed it once, or it was written with its room.
      const there = await readEvent(api, target, id);
      if (!there) throw new CalendarProblem("changed_elsewhere");
      return asWritten(await patch(target, there, entry));
    },

    remove: async (login, calendar, { ref }, signal) => {
      const request = { method: "DELETE", accept: isGone, signal } as const;
      await api.ask(login, pathOfEvents(calendar, ref), z.unknown(), request);
    },

    read: async (login, calendar, { ref }, signal) => {
      const event = await readEvent(api, { login, calendar, signal }, ref);
      if (!event || event.status === "cancelled") return null;
      return { etag: event.etag, startsAt: instantOf(event.start), endsAt: instantOf(event.end) };
    },
  };

  /** @throws CalendarProblem `changed_elsewhere` if it is not as it is known, also if it is gone */
  async function change(target: Target, { ref: id, etag }: KnownEntry, entry: CalendarEntry) {
    if (etag !== null) return patch(target, { id, etag }, entry);
    const there = await readEvent(api, target, id);
    // Without its version, a change would bring back what its owner has deleted.
    if (!there || there.status === "cancelled") throw new CalendarProblem("changed_elsewhere");
    return patch(target, there, entry);
  }

  async function patch(
    { login, calendar, signal }: Target,
    { id, etag }: Pick<WrittenEvent, "id" | "etag">,
    entry: CalendarEntry,
  ): Promise<WrittenEvent> {
    const { body } = await api.ask(login, pathOfEvents(calendar, id), writtenEvent, {
      method: "PATCH",
      body: contentOf(entry),
      ifMatch: etag,
      accept: isGone,
      signal,
    });
    if (!body) throw new CalendarProblem("changed_elsewhere");
    return body;
  }
}

function asWritten({ id: ref, etag, iCalUID: uid }: WrittenEvent) {
  return { ref, etag, uid };
}

function contentOf(entry: CalendarEntry): object {
  return {
    summary: entry.title,
    description: entry.description,
    location: entry.location ?? "",
    start: timeOf(entry.startsAt, entry.timezone),
    end: timeOf(entry.endsAt, entry.timezone),
    status: entry.isTentative ? "tentative" : "confirmed",
    source: { title: "MatePeak", url: entry.page },
  };
}

function instantOf(time: EventTime | undefined): EpochMs | null {
  const ms = Date.parse(time?.dateTime ?? "");
  return Number.isNaN(ms) ? null : epochMs(ms);
}
