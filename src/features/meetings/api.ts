/** Calls of the API about meeting rooms and links. Each throws ApiProblem when it is refused. */
import type { Booking } from "#contract/bookings.ts";
import type { MentorRoom, SetBookingMeeting, SetMentorRoom } from "#contract/meetings.ts";
import { api } from "@/lib/api.ts";

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
