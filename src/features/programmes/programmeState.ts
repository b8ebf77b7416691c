import type { Programme } from "#contract/programmes.ts";
import { programmePage } from "#words/programmes.ts";
import type { GroupLook } from "@/features/groupSessions/groupState.ts";

/** The sessions that take place, or have. */
export function sessionsOf({ sessions }: Programme): Programme["sessions"] {
  return sessions.filter(({ state }) => state !== "cancelled");
}

/** What a programme is to its readers. */
export function programmeLook(programme: Programme, now: Date): GroupLook {
  const at = now.getTime();
  const sessions = sessionsOf(programme);
  if (programme.state === "cancelled" || sessions.length === 0) return "cancelled";
  if (sessions.every(({ ends_at }) => Date.parse(ends_at) <= at)) return "over";
  if (sessions.some(({ starts_at }) => Date.parse(starts_at) <= at)) return "running";
  if (programme.seats_left === 0) return "full";
  const { state, min_attendees, attendees } = programme;
  if (state === "open" && min_attendees > attendees && min_attendees > 1) return "waiting";
  return state === "on" && min_attendees > 1 ? "on" : "open";
}

/** Why it cannot be booked; null if it can. */
export function whyClosed(programme: Programme, now: Date): string | null {
  const look = programmeLook(programme, now);
  if (look === "cancelled") {
    return programme.cancelled_because === "minimum"
      ? programmePage.cancelledByMinimum
      : programmePage.cancelledByMentor;
  }
  if (look === "over") return programmePage.over;
  if (look === "running") return programmePage.closed;
  if (look === "full") return programmePage.full;
  return programme.book_until === null ? programmePage.noLonger : null;
}
