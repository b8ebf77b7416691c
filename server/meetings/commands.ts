import type { z } from "zod";
import type { Booking } from "#contract/bookings.ts";
import type { MentorRoom, setBookingMeeting, setMentorRoom } from "#contract/meetings.ts";
import { meetingRefusal } from "#words/refusals.ts";
import { findBooking } from "../bookings/queries.ts";
import { type Database, sqlState } from "../platform/database/database.ts";
import { findBookingKey } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import { readOwnRoom } from "./queries.ts";

const insufficientPrivilege = "42501";

/** Sets or changes the caller's room. @throws Refusal `not_a_mentor` */
export async function saveRoom(
  database: Database,
  caller: Identity,
  room: z.output<typeof setMentorRoom>,
): Promise<MentorRoom> {
  return database.asUser(caller.id, async (tx) => {
    await tx.db
      .insertInto("mentor_rooms")
      .values({ expert_id: caller.id, ...room })
      .onConflict((conflict) => conflict.column("expert_id").doUpdateSet(room))
      .execute();
    return readOwnRoom(tx, caller.id);
  });
}

/** Idempotent. @throws Refusal `not_a_mentor` */
export async function deleteRoom(database: Database, caller: Identity): Promise<void> {
  await database.asUser(caller.id, async (tx) => {
    await readOwnRoom(tx, caller.id);
    await tx.db.deleteFrom("mentor_rooms").where("expert_id", "=", caller.id).execute();
  });
}

/**
 * Sets the meeting link of one session; null means the mentor's room.
 * @throws Refusal `booking_not_found` (also for a stranger), `forbidden` for its student, `invalid_transition` before it is
 * confirmed and once it is over
 */
export async function changeBookingMeeting(
  database: Database,
  caller: Identity,
  id: string,
  { meeting_url, meeting_note }: z.output<typeof setBookingMeeting>,
): Promise<Booking> {
  return database.asUser(caller.id, async (tx) => {
    const note = meeting_url === null ? null : meeting_note;
    const key = await findBookingKey(tx, id);
    if (!key) throw new Refusal("booking_not_found");
    // Sent together: if the first is rejected, the read fails too.
    const [, changed] = await Promise.all([
      tx.client.query("select from set_booking_meeting($1, $2, $3, $4)", [
        key.expert_id,
        id,
        meeting_url,
        note,
      ]),
      findBooking(tx.last, key),
    ]).catch((error: unknown) => {
      if (sqlState(error) !== insufficientPrivilege) throw error;
      throw new Refusal("forbidden", { detail: meetingRefusal });
    });
    if (!changed) throw new Refusal("booking_not_found");
    return changed;
  });
}
