import { z } from "zod";
import { SECOND_MS } from "#scheduling/units.ts";
import { abortableSleep } from "../../platform/abortableSleep.ts";
import { CalendarProblem, type RoomEntry, type RoomMaker } from "../provider.ts";
import type { GoogleApi } from "./googleApi.ts";
import {
  eventIdOf,
  isGone,
  pathOfEvents,
  readEvent,
  type Target,
  timeOf,
  type WrittenEvent,
  writtenEvent,
} from "./googleEvent.ts";

/** Google makes a room at once, or a moment later. */
const looksForRoom = 5;
/** Without it, Google ignores what is said of rooms. */
const withRooms = { conferenceDataVersion: 1 } as const;

/** Google Meet: the conference of an event. */
export function googleRooms(api: GoogleApi): RoomMaker {
  return {
    make: async (login, calendar, entry, signal) => {
      const target = { login, calendar, signal };
      const event = await againIfChanged(() => addOrCreate(target, entry));
      return linkOf(await madeRoom(target, event));
    },

    read: async (login, calendar, uid, signal) => {
      const event = await readEvent(api, { login, calendar, signal }, eventIdOf(uid));
      return (event?.status !== "cancelled" && event?.hangoutLink) || null;
    },

    remove: async (login, calendar, { uid, withEntry }, signal) => {
      const path = pathOfEvents(calendar, eventIdOf(uid));
      const request = withEntry
        ? ({ method: "DELETE" } as const)
        : ({ method: "PATCH", query: withRooms, body: { conferenceData: null } } as const);
      await api.ask(login, path, z.unknown(), { ...request, accept: isGone, signal });
    },
  };

  async function addOrCreate(target: Target, entry: RoomEntry) {
    const id = eventIdOf(entry.uid);
    const there = await readEvent(api, target, id);
    return there ? add(target, there, entry) : create(target, id, entry);
  }

  async function create({ login, calendar, signal }: Target, id: string, entry: RoomEntry) {
    const { body } = await api.ask(login, pathOfEvents(calendar), writtenEvent, {
      method: "POST",
      query: withRooms,
      body: { id, ...contentOf(entry), ...roomFor(id) },
      signal,
    });
    return body;
  }

  /** Nothing but the room: what the entry says is written by others. One that was removed is brought back. */
  async function add({ login, calendar, signal }: Target, event: WrittenEvent, entry: RoomEntry) {
    const wasRemoved = event.status === "cancelled";
    if (event.hangoutLink !== undefined && !wasRemoved) return event;
    const { body } = await api.ask(login, pathOfEvents(calendar, event.id), writtenEvent, {
      method: "PATCH",
      query: withRooms,
      body: { ...(wasRemoved && { ...contentOf(entry), status: "confirmed" }), ...roomFor(event.id) },
      ifMatch: event.etag,
      signal,
    });
    return body;
  }

  async function madeRoom(target: Target, event: WrittenEvent | null): Promise<WrittenEvent | null> {
    let latest = event;
    for (let looks = 0; latest && isBeingMade(latest) && looks < looksForRoom; looks += 1) {
      await abortableSleep(SECOND_MS, target.signal);
      latest = await readEvent(api, target, latest.id);
    }
    return latest;
  }
}

/** The same event may be written as a calendar entry after it was read here. */
async function againIfChanged<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (problem) {
    if (problem instanceof CalendarProblem && problem.code === "changed_elsewhere") return work();
    throw problem;
  }
}

function linkOf(event: WrittenEvent | null): string {
  // Google does not make rooms in every account: the operator of its domain may not allow it.
  if (event?.hangoutLink === undefined)
    throw new CalendarProblem("forbidden", { detail: "no room was made" });
  return event.hangoutLink;
}

function contentOf({ title, startsAt, endsAt, timezone }: RoomEntry): object {
  return {
    summary: title,
    start: timeOf(startsAt, timezone),
    end: timeOf(endsAt, timezone),
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
