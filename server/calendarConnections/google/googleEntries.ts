import { createHash } from "node:crypto";
import { z } from "zod";
import { type EpochMs, epochMs, SECOND_MS } from "#scheduling/units.ts";
import { abortableSleep } from "../../platform/abortableSleep.ts";
import {
  type CalendarEntry,
  CalendarProblem,
  type EntryWriter,
  type KnownEntry,
  type Login,
  type RemoteId,
} from "../provider.ts";
import type { GoogleApi } from "./googleApi.ts";

const isGone = [404, 410];
/** Google makes a room at once, or a moment later. */
const looksForRoom = 4;

const eventTime = z.object({ dateTime: z.string().optional() });

const writtenEvent = z.object({
  kind: z.literal("calendar#event"),
  id: z.string(),
  etag: z.string(),
  iCalUID: z.string(),
  status: z.string().optional(),
  start: eventTime.optional(),
  end: eventTime.optional(),
  hangoutLink: z.string().optional(),
  conferenceData: z
    .object({
      createRequest: z.object({ status: z.object({ statusCode: z.string() }).optional() }).optional(),
    })
    .optional(),
});
type WrittenEvent = z.infer<typeof writtenEvent>;

/**
 * Writes sessions to calendars of Google: each is an event whose id is known before it is written. Google keeps the ids of events
 * that were deleted, so one that was removed before is written by bringing it back.
 */
export function googleEntries(api: GoogleApi): EntryWriter {
  return {
    put: async (login, calendar, entry, known, signal) => {
      const target = { login, calendar, signal };
      const id = known?.ref ?? eventIdOf(entry.uid);
      if (known) return written(target, entry, await change(target, known, entry));
      const { body } = await api.ask(login, pathOf(calendar), writtenEvent, {
        method: "POST",
        query: { conferenceDataVersion: 1 },
        body: { id, ...contentOf(entry), ...(entry.wantsRoom && roomFor(id)) },
        accept: [409],
        signal,
      });
      if (body) return written(target, entry, body);
      // We wrote it and were killed before we knew, or removed it once.
      const there = await get(target, id);
      if (!there) throw new CalendarProblem("changed_elsewhere");
      return written(target, entry, await patch(target, there, entry));
    },

    remove: async (login, calendar, { ref }, signal) => {
      const request = { method: "DELETE", accept: isGone, signal } as const;
      await api.ask(login, pathOf(calendar, ref), z.unknown(), request);
    },

    read: async (login, calendar, { ref }, signal) => {
      const event = await get({ login, calendar, signal }, ref);
      if (!event || event.status === "cancelled") return null;
      return { etag: event.etag, startsAt: instantOf(event.start), endsAt: instantOf(event.end) };
    },
  };

  /** @throws CalendarProblem `changed_elsewhere` if it is not as it is known, also if it is gone */
  async function change(target: Target, known: KnownEntry, entry: CalendarEntry): Promise<WrittenEvent> {
    const { ref: id, etag } = known;
    if (etag !== null && !entry.wantsRoom) return patch(target, { id, etag }, entry);
    const there = await get(target, id);
    // Without its version, a change would bring back what its owner has deleted.
    if (!there || there.status === "cancelled") throw new CalendarProblem("changed_elsewhere");
    return patch(target, { ...there, etag: etag ?? there.etag }, entry);
  }

  async function patch(
    { login, calendar, signal }: Target,
    { id, etag, conferenceData }: Pick<WrittenEvent, "id" | "etag"> & Partial<WrittenEvent>,
    entry: CalendarEntry,
  ): Promise<WrittenEvent> {
    const { body } = await api.ask(login, pathOf(calendar, id), writtenEvent, {
      method: "PATCH",
      query: { conferenceDataVersion: 1 },
      body: { ...contentOf(entry), ...(entry.wantsRoom && !conferenceData && roomFor(id)) },
      ifMatch: etag,
      accept: isGone,
      signal,
    });
    if (!body) throw new CalendarProblem("changed_elsewhere");
    return body;
  }

  async function get({ login, calendar, signal }: Target, id: string): Promise<WrittenEvent | null> {
    const request = { accept: isGone, signal };
    return (await api.ask(login, pathOf(calendar, id), writtenEvent, request)).body;
  }

  async function written(target: Target, { wantsRoom }: CalendarEntry, event: WrittenEvent) {
    let latest = event;
    for (let looks = 0; wantsRoom && isBeingMade(latest) && looks < looksForRoom; looks += 1) {
      await abortableSleep(SECOND_MS, target.signal);
      latest = (await get(target, event.id)) ?? latest;
    }
    const { id: ref, etag, iCalUID: uid, hangoutLink } = latest;
    return { ref, etag, uid, meetingUrl: hangoutLink ?? null };
  }
}

interface Target {
  login: Login;
  calendar: RemoteId;
  signal: AbortSignal;
}

function pathOf({ remoteId }: RemoteId, id?: string): string {
  return `/calendars/${encodeURIComponent(remoteId)}/events${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;
}

/** Always the same for a session, of the characters that Google allows (those of base32hex). */
function eventIdOf(uid: string): string {
  return createHash("sha256").update(uid).digest("hex");
}

function contentOf(entry: CalendarEntry): object {
  const timeOf = (instant: EpochMs) => ({
    dateTime: new Date(instant).toISOString(),
    timeZone: entry.timezone,
  });
  return {
    summary: entry.title,
    description: entry.description,
    location: entry.location ?? "",
    start: timeOf(entry.startsAt),
    end: timeOf(entry.endsAt),
    status: entry.isTentative ? "tentative" : "confirmed",
    source: { title: "MatePeak", url: entry.page },
  };
}

/** The same request makes one room, however often it is sent. */
function roomFor(id: string): object {
  return {
    conferenceData: { createRequest: { requestId: id, conferenceSolutionKey: { type: "hangoutsMeet" } } },
  };
}

function isBeingMade({ hangoutLink, conferenceData }: WrittenEvent): boolean {
  return hangoutLink === undefined && conferenceData?.createRequest?.status?.statusCode === "pending";
}

function instantOf(time: z.infer<typeof eventTime> | undefined): EpochMs | null {
  const ms = Date.parse(time?.dateTime ?? "");
  return Number.isNaN(ms) ? null : epochMs(ms);
}
