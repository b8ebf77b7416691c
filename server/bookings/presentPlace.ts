import { z } from "zod";
import { type MeetingPlace, meetingPlace } from "#contract/meetings.ts";

/** What `bookings.meeting_place` holds. */
const stored = meetingPlace
  .partial()
  .required({ kind: true })
  .extend({ url: z.string().optional(), note: z.string().optional() });
type StoredPlace = z.infer<typeof stored>;

/** @param column of `bookings.meeting_place` */
export function placeOf(column: unknown): StoredPlace | null {
  return column === null ? null : stored.parse(column);
}

/** Returns the API's fields; those that are left out are null. */
export function presentPlace({ kind, caller, phone, address, map_url }: StoredPlace): MeetingPlace {
  return {
    kind,
    caller: caller ?? null,
    phone: phone ?? null,
    address: address ?? null,
    map_url: map_url ?? null,
  };
}
