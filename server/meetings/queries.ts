import type {
  JoinEvent,
  MentorRoom,
  OwnMeetingPlaces,
  OwnPlace,
  ShownMeetingPlaces,
} from "#contract/meetings.ts";
import { joinEvent, meetingPlace } from "#contract/meetings.ts";
import type { MeetingKind } from "#rules/meetingPlaces.ts";
import { presentPlace } from "../bookings/presentPlace.ts";
import type { Queryable, UserTx } from "../platform/database/database.ts";
import type { BookingKey } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";

/** The caller's own room. @throws Refusal `not_a_mentor` */
export async function readOwnRoom(tx: UserTx, userId: string): Promise<MentorRoom> {
  const row = await tx.db
    .selectFrom("expert_profiles as p")
    .leftJoin("mentor_rooms as r", "r.expert_id", "p.id")
    .select(["r.meeting_url", "r.meeting_note"])
    .where("p.id", "=", userId)
    .executeTakeFirst();
  if (!row) throw new Refusal("not_a_mentor");
  return row;
}

const byRoom: OwnPlace = { ...presentPlace({ kind: "link" }), shows_details: false };

/** How the caller's sessions take place. @throws Refusal `not_a_mentor` */
export async function readOwnPlaces(
  tx: UserTx,
  userId: string,
  offered: MeetingKind[],
): Promise<OwnMeetingPlaces> {
  await readOwnRoom(tx, userId);
  const rows = await tx.db
    .selectFrom("meeting_places")
    .selectAll()
    .where("expert_id", "=", userId)
    .orderBy("service_id")
    .execute();
  const places = rows.map((row) => ({
    service_id: row.service_id,
    place: { ...presentPlace(meetingPlace.parse(row)), shows_details: row.shows_details },
  }));
  return {
    default: places.find(({ service_id }) => service_id === null)?.place ?? byRoom,
    services: places.flatMap(({ service_id, place }) =>
      service_id === null ? [] : [{ ...place, service_id }],
    ),
    offered,
  };
}

/** How a mentor's sessions take place, as visitors see it. */
export async function readShownPlaces(visitors: Queryable, mentorId: string): Promise<ShownMeetingPlaces> {
  const { rows } = await visitors.query<{ service_id: string | null }>(
    "select * from shown_meeting_places($1)",
    [mentorId],
  );
  const places = rows.map((row) => ({
    service_id: row.service_id,
    place: presentPlace(meetingPlace.parse(row)),
  }));
  return {
    default: places.find(({ service_id }) => service_id === null)?.place ?? presentPlace({ kind: "link" }),
    services: places.flatMap(({ service_id, place }) =>
      service_id === null ? [] : [{ ...place, service_id }],
    ),
  };
}

/** Who joined a session and when, oldest first; none for people other than its parties. */
export async function listJoins(tx: UserTx, { id, expert_id }: BookingKey): Promise<JoinEvent[]> {
  const rows = await tx.db
    .selectFrom("join_events")
    .select(["party", "how", "name", "at"])
    .where("booking_id", "=", id)
    .where("expert_id", "=", expert_id)
    .orderBy("at")
    .orderBy("id")
    .execute();
  return rows.map((row) => joinEvent.parse({ ...row, at: row.at.toISOString() }));
}
