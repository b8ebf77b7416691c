import type { z } from "zod";
import type { Booking } from "#contract/bookings.ts";
import type {
  MentorRoom,
  OwnMeetingPlaces,
  setBookingMeeting,
  setMeetingPlace,
  setMentorRoom,
} from "#contract/meetings.ts";
import type { MeetingKind } from "#rules/meetingPlaces.ts";
import { meetingRefusal, placeRefusals } from "#words/refusals.ts";
import { findBooking } from "../bookings/queries.ts";
import { type Database, sqlState } from "../platform/database/database.ts";
import { findBookingKey } from "../platform/database/directory.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import { readOwnPlaces, readOwnRoom } from "./queries.ts";

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

/** Idempotent. @throws Refusal `not_a_mentor`, `room_needed` */
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

interface Choice {
  /** Null: the default. */
  serviceId: string | null;
  /** Null: as the default says, or by the room. */
  place: z.output<typeof setMeetingPlace> | null;
  offered: MeetingKind[];
}

/**
 * Chooses how the caller's sessions take place, by default or for one service. Sessions that are agreed stay as they are.
 * @throws Refusal `not_a_mentor`, `service_not_found`, `room_needed`, `validation_failed` for what is not offered
 */
export async function choosePlace(
  database: Database,
  caller: Identity,
  { serviceId, place, offered }: Choice,
): Promise<OwnMeetingPlaces> {
  if (place && !offered.includes(place.kind)) throw refuseField("kind", placeRefusals.notOffered);
  return database.asUser(caller.id, async (tx) => {
    await readOwnRoom(tx, caller.id);
    // Hold no old number or address of another kind.
    if (place === null) {
      await tx.db
        .deleteFrom("meeting_places")
        .where("expert_id", "=", caller.id)
        .where("service_id", serviceId === null ? "is" : "=", serviceId)
        .execute();
      return readOwnPlaces(tx, caller.id, offered);
    }
    const columns = {
      caller: null,
      phone: null,
      address: null,
      map_url: null,
      shows_details: false,
      ...place,
    };
    await tx.db
      .insertInto("meeting_places")
      .values({ expert_id: caller.id, service_id: serviceId, ...columns })
      .onConflict((conflict) => conflict.columns(["expert_id", "service_id"]).doUpdateSet(columns))
      .execute();
    return readOwnPlaces(tx, caller.id, offered);
  });
}

/**
 * Records that the caller joins a session.
 * @throws Refusal `booking_not_found` (also for a stranger), `invalid_transition` when it cannot be joined
 */
export async function recordJoin(database: Database, callerId: string, id: string): Promise<void> {
  await database.asUser(callerId, async (tx) => {
    const key = await findBookingKey(tx, id);
    if (!key || !(await findBooking(tx, key))) throw new Refusal("booking_not_found");
    const { rows } = await tx.last.client.query<{ is: boolean }>("select record_join($1, $2) as is", [
      key.expert_id,
      id,
    ]);
    if (!rows[0]?.is) throw new Refusal("invalid_transition", { detail: placeRefusals.notJoinable });
  });
}
