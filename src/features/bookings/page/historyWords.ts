import type { Booking, BookingEvent } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { firstName } from "@/lib/words.ts";

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
    case "no_show_claimed":
      return `${who} said that ${missingWords(event, reader, names)} did not come`;
    case "no_show_agreed":
      return `${who} agreed not to have come`;
    case "no_show_disputed":
      return `${who} disputed it, so it counts as held`;
    case "no_show_withdrawn":
      return `${who} took it back`;
    case "no_show_unanswered":
      return "It stands, as no answer came in time";
    default:
      return event.kind satisfies never;
  }
}

/** Of whom the actor says that he did not come. */
function missingWords({ actor }: BookingEvent, reader: BookingRole, { user_name, mentor }: Names): string {
  if (actor === "system") return "somebody";
  if (actor !== reader) return "you";
  return firstName(actor === "mentor" ? user_name : mentor.full_name);
}

function actorWords({ actor }: BookingEvent, reader: BookingRole, { user_name, mentor }: Names): string {
  if (actor === reader) return "You";
  if (actor === "system") return "MatePeak";
  return firstName(actor === "mentor" ? mentor.full_name : user_name);
}
