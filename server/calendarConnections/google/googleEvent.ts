/** Events of ours at Google. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { EpochMs } from "#scheduling/units.ts";
import type { Login, RemoteId } from "../provider.ts";
import type { GoogleApi } from "./googleApi.ts";

/** With which Google answers of what is not there; it keeps what was deleted for a while, as cancelled. */
export const isGone = [404, 410];

const eventTime = z.object({ dateTime: z.string().optional() });
export type EventTime = z.infer<typeof eventTime>;

export const writtenEvent = z.object({
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
export type WrittenEvent = z.infer<typeof writtenEvent>;

export interface Target {
  login: Login;
  calendar: RemoteId;
  signal: AbortSignal;
}

export function pathOfEvents({ remoteId }: RemoteId, id?: string): string {
  return `/calendars/${encodeURIComponent(remoteId)}/events${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;
}

/** Always the same for a session, of the characters that Google allows (those of base32hex). */
export function eventIdOf(uid: string): string {
  return createHash("sha256").update(uid).digest("hex");
}

export function timeOf(instant: EpochMs, timeZone: string): object {
  return { dateTime: new Date(instant).toISOString(), timeZone };
}

export async function readEvent(
  api: GoogleApi,
  { login, calendar, signal }: Target,
  id: string,
): Promise<WrittenEvent | null> {
  const request = { accept: isGone, signal };
  return (await api.ask(login, pathOfEvents(calendar, id), writtenEvent, request)).body;
}
