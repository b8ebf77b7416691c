/** Calls of the API about meeting rooms and links. Each throws ApiProblem when it is refused. */
import type { Booking } from "#contract/bookings.ts";
import type {
  JoinEvent,
  MentorRoom,
  OwnMeetingPlaces,
  SetBookingMeeting,
  SetMeetingPlace,
  SetMentorRoom,
} from "#contract/meetings.ts";
import { api } from "@/lib/api.ts";
import { accessHeaders, type SessionAccess } from "@/lib/sessionAccess.ts";

export function saveRoom(room: SetMentorRoom): Promise<MentorRoom> {
  return api.put("/api/v1/mentors/me/room", room);
}

export function deleteRoom(): Promise<null> {
  return api.delete("/api/v1/mentors/me/room");
}

/** For one session; a null link restores the mentor's room. */
export function changeMeeting(bookingId: string, meeting: SetBookingMeeting): Promise<Booking> {
  return api.put(`/api/v1/bookings/${encodeURIComponent(bookingId)}/meeting`, meeting);
}

/** @param serviceId null: for all services. @param place null: as for all services */
export function savePlace(
  serviceId: string | null,
  place: SetMeetingPlace | null,
): Promise<OwnMeetingPlaces> {
  if (serviceId === null) return api.put("/api/v1/mentors/me/meeting-place", place);
  const path = `/api/v1/mentors/me/services/${encodeURIComponent(serviceId)}/meeting-place`;
  return place === null ? api.delete(path) : api.put(path, place);
}

const joinsOf = ({ bookingId }: SessionAccess) => `/api/v1/bookings/${encodeURIComponent(bookingId)}/joins`;

export function recordJoin(access: SessionAccess): Promise<null> {
  return api.post(joinsOf(access), undefined, { headers: accessHeaders(access) });
}

/** Oldest first. */
export async function readJoins(access: SessionAccess, signal: AbortSignal): Promise<JoinEvent[]> {
  const { data } = await api.get<{ data: JoinEvent[] }>(joinsOf(access), {
    headers: accessHeaders(access),
    signal,
  });
  return data;
}
