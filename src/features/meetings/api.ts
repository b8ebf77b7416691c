/** Where sessions take place, as a thin client of the API. Everything here throws ApiProblem when it is refused. */
import type { Booking } from "#contract/bookings.ts";
import type { MentorRoom, SetBookingMeeting, SetMentorRoom } from "#contract/meetings.ts";
import { api } from "@/lib/api.ts";

export function saveRoom(room: SetMentorRoom): Promise<MentorRoom> {
  return api.put("/api/v1/mentors/me/room", room);
}

export function deleteRoom(): Promise<null> {
  return api.delete("/api/v1/mentors/me/room");
}

/** For one session; null for the mentor's room again. */
export function changeMeeting(bookingId: string, meeting: SetBookingMeeting): Promise<Booking> {
  return api.put(`/api/v1/bookings/${encodeURIComponent(bookingId)}/meeting`, meeting);
}
