import type { MeetingPlace } from "#contract/meetings.ts";
import { cleanLine, cleanText } from "#contract/text.ts";
import { countLimits } from "#rules/limits.ts";
import { type EpochMs, fromDate, minutesBetween } from "#scheduling/units.ts";
import { entryLines, groupEntryLines, groupEntryTitle } from "#words/calendarEntry.ts";
import { type EntryEvent, sessionUid } from "../calendarEntries/sessionEntry.ts";
import type { Queryable } from "../platform/database/database.ts";
import { placeOf, presentPlace } from "./presentPlace.ts";

/** A group session in its mentor's calendar: one entry for all seats. */
export interface GroupEntry {
  id: string;
  startsAt: EpochMs;
  endsAt: EpochMs;
  serviceTitle: string;
  mentorName: string;
  mentorTimezone: string;
  takesPlace: boolean;
  /** It was scheduled, or is more than requests. */
  isAgreed: boolean;
  revision: number;
  changedAt: EpochMs;
  capacity: number;
  attendees: number;
  requests: number;
  /** Of the first attendees. */
  names: string[];
  meetingUrl: string | null;
  meetingNote: string | null;
  place: MeetingPlace | null;
  /** The mentor's own form of the link, if it differs. */
  hostUrl: string | null;
}

/** Of private.group_entries(). */
interface GroupEntryRow {
  group_session_id: string;
  service_title: string;
  mentor_name: string;
  mentor_timezone: string;
  starts_at: Date;
  ends_at: Date;
  takes_place: boolean;
  is_agreed: boolean;
  revision: number;
  changed_at: Date;
  capacity: number;
  attendees: number;
  requests: number;
  names: string[];
  meeting_url: string | null;
  meeting_note: string | null;
  meeting_place: unknown;
  host_url: string | null;
}

/** For the app itself. Those that do not exist are left out. */
export function readGroupEntries(
  database: Queryable,
  groups: readonly { id: string; mentorId: string }[],
): Promise<Map<string, GroupEntry>> {
  return read(
    database,
    `select distinct on (e.group_session_id) e.* from unnest($1::uuid[], $2::uuid[]) k (mentor, id)
       cross join lateral private.group_entries(k.mentor, array[k.id], $3) e`,
    [groups.map(({ mentorId }) => mentorId), groups.map(({ id }) => id)],
  );
}

/** For their mentor, who is the caller; other people get none. */
export function readOwnGroupEntries(
  caller: Queryable,
  mentorId: string,
  ids: readonly string[],
): Promise<Map<string, GroupEntry>> {
  return read(caller, "select * from own_group_entries($1, $2, $3)", [mentorId, ids]);
}

async function read(database: Queryable, text: string, values: [unknown, readonly string[]]) {
  const [, ids] = values;
  if (ids.length === 0) return new Map<string, GroupEntry>();
  const { rows } = await database.query<GroupEntryRow>(text, [...values, countLimits.namesInEntry]);
  return new Map(rows.map((row) => [row.group_session_id, entryOf(row)]));
}

function entryOf(row: GroupEntryRow): GroupEntry {
  const place = placeOf(row.meeting_place);
  return {
    id: row.group_session_id,
    startsAt: fromDate(row.starts_at),
    endsAt: fromDate(row.ends_at),
    serviceTitle: row.service_title,
    mentorName: row.mentor_name,
    mentorTimezone: row.mentor_timezone,
    takesPlace: row.takes_place,
    isAgreed: row.is_agreed,
    revision: row.revision,
    changedAt: fromDate(row.changed_at),
    capacity: row.capacity,
    attendees: row.attendees,
    requests: row.requests,
    names: row.names,
    meetingUrl: row.meeting_url,
    meetingNote: row.meeting_note,
    place: place && presentPlace(place),
    hostUrl: row.host_url,
  };
}

export function groupEvent(group: GroupEntry, publicUrl: string): EntryEvent {
  const { id, attendees, requests, capacity, startsAt, endsAt } = group;
  const page = `${publicUrl}/mentor/groups/${id}`;
  const names = group.names.map((name) => cleanLine(name) || groupEntryLines.nameless);
  return {
    uid: sessionUid(id),
    sequence: group.revision,
    changedAt: group.changedAt,
    startsAt,
    endsAt,
    timezone: group.mentorTimezone,
    title: cleanLine(groupEntryTitle(group.serviceTitle, attendees, capacity)),
    description: cleanText(
      [
        groupEntryLines.seats(attendees, capacity),
        ...(names.length > 0 ? [groupEntryLines.attendees(names, attendees - names.length)] : []),
        ...(requests > 0 ? [groupEntryLines.requests(requests)] : []),
        entryLines.length(minutesBetween(startsAt, endsAt)),
        ...meetingLines(group),
        entryLines.details(page),
      ].join("\n"),
    ),
    location:
      group.meetingUrl ??
      (group.place?.address && cleanLine(group.place.address.replaceAll(/\s*\n\s*/g, ", "))) ??
      null,
    page,
    status: !group.takesPlace ? "CANCELLED" : group.isAgreed ? "CONFIRMED" : "TENTATIVE",
  };
}

function meetingLines({ meetingUrl, meetingNote, place }: GroupEntry): string[] {
  const note = meetingNote ? [entryLines.note(meetingNote)] : [];
  if (meetingUrl) return [entryLines.join(meetingUrl), ...note];
  if (!place?.address) return note;
  return [
    entryLines.place(place.address),
    ...(place.map_url ? [entryLines.map(place.map_url)] : []),
    ...note,
  ];
}
