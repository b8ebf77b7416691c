import type { Booking, BookingEvent } from "../../../contract/bookings.ts";
import type { BookingRole } from "../../../scheduling/bookingState.ts";
import { firstName } from "../../lib/words.ts";

type Names = Pick<Booking, "user_name" | "mentor">;

/** One line of a session's history, to the person who reads it: 'You moved it', 'Asha confirmed it'. */
export function historyWords(event: BookingEvent, reader: BookingRole, names: Names): string {
  const who = actorWords(event, reader, names);
  switch (event.kind) {
    case "created":
      return event.to_status === "pending" ? `${who} asked for this session` : `${who} booked this session`;
    case "confirmed":
      return `${who} confirmed it`;
    case "declined":
      return `${who} declined the request`;
    case "cancelled":
      return event.from_status === "pending" ? `${who} withdrew the request` : `${who} cancelled the session`;
    case "completed":
      return `${who} marked it as completed`;
    case "expired":
      return "The request ran out without an answer";
    case "rescheduled":
      return `${who} moved it to another time`;
    default:
      return event.kind satisfies never;
  }
}

function actorWords({ actor }: BookingEvent, reader: BookingRole, { user_name, mentor }: Names): string {
  if (actor === reader) return "You";
  if (actor === "system") return "MatePeak";
  return firstName(actor === "mentor" ? mentor.full_name : user_name);
}
