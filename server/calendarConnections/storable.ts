import { createHash } from "node:crypto";
import { cleanLine, isStorable } from "#contract/text.ts";
import { textLimits } from "#rules/limits.ts";
import type { BusyChanges, Granted, RemoteCalendar, SyncState } from "./provider.ts";

/** As the columns allow (db/schema/calendarConnections/tables.sql). */
const longest = { ref: 2000, uid: 1000, etag: 500, scopes: 2000 } as const;

/** What a provider sends, made fit for the database: what is too long or no text there costs a name or a title, never the read. */
export function storableChanges({ isFull, objects, removed, state }: BusyChanges) {
  return {
    isFull,
    // Of an object that occurs twice, the later one.
    objects: [
      ...new Map(
        objects.map((object) => {
          const ref = nameWithin(object.ref, longest.ref);
          return [ref, { ...object, ref, etag: storableEtag(object.etag), uid: uidOf(object.uid) }];
        }),
      ).values(),
    ],
    removed: removed.map((ref) => nameWithin(ref, longest.ref)),
    state: storableState(state),
  };
}

/** Null: it has none. */
export function storableTitle(title: string | null): string | null {
  return lineWithin(title ?? "", textLimits.eventTitle) || null;
}

/** As a provider lists them; those whose names at the provider cannot be kept are left out. */
export function storableCalendars(calendars: readonly RemoteCalendar[]): RemoteCalendar[] {
  const byRemoteId = new Map(calendars.map((calendar) => [calendar.remoteId, calendar]));
  return [...byRemoteId.values()]
    .filter(({ remoteId }) => isStorable(remoteId) && remoteId !== "" && remoteId.length <= longest.ref)
    .map(({ name, timezone, ...rest }) => ({
      ...rest,
      name: lineWithin(name, textLimits.calendarName) || "-",
      timezone: timezone !== null && timezone.length <= textLimits.timeZone ? textOf(timezone) || null : null,
    }));
}

/** Another name for one that is too long, the same each time, as what is known is compared with what is listed. */
function nameWithin(name: string, most: number): string {
  const text = textOf(name);
  return text !== "" && text.length <= most
    ? text
    : `sha256:${createHash("sha256").update(text).digest("base64url")}`;
}

function uidOf(uid: string | null): string | null {
  return uid === null ? null : nameWithin(uid, longest.uid);
}

/** Without its etag, an object is read each time. */
export function storableEtag(etag: string | null): string | null {
  return etag !== null && etag.length <= longest.etag && isStorable(etag) ? etag : null;
}

/** Without a state that can be kept, all is read the next time. */
function storableState(state: SyncState | null): SyncState | null {
  return state && Object.values(state).every(isStorable) ? state : null;
}

/** Separated by spaces, as vendors send them (RFC 6749, 3.3). */
export function storableScopes({ scopes }: Granted): string {
  return scopes
    .filter((each) => /^[\x21-\x7e]+$/.test(each))
    .join(" ")
    .slice(0, longest.scopes);
}

function textOf(value: string): string {
  return value.toWellFormed().replaceAll("\0", "");
}

function lineWithin(value: string, most: number): string {
  return cleanLine(textOf(value)).slice(0, most).toWellFormed().trim();
}
