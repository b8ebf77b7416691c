import type { Booking, BookingEvent } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { historyLines } from "#words/bookingHistory.ts";
import { firstName } from "@/lib/names.ts";

type Names = Pick<Booking, "user_name" | "mentor">;

/** One line of a session's history, for its reader: "You rescheduled the session", "Asha approved the request". */
export function historyLine(event: BookingEvent, reader: BookingRole, { user_name, mentor }: Names): string {
  const actor = event.actor === "system" ? "system" : event.actor === reader ? "reader" : "other";
  return historyLines[lineOf(event)][actor](firstName(reader === "mentor" ? user_name : mentor.full_name));
}

/** Separate lines for events that requests and confirmed sessions have in common. */
function lineOf({ kind, from_status, to_status }: BookingEvent): keyof typeof historyLines {
  if (kind === "created") return to_status === "pending" ? "requested" : "booked";
  if (kind === "cancelled" && from_status === "pending") return "withdrawn";
  return kind;
}
