import type { GroupSession } from "#contract/groupSessions.ts";
import type { groupStates } from "#words/groupSessions.ts";

export type GroupLook = keyof typeof groupStates;

/** What a session is to its readers. */
export function lookOf(session: GroupSession, now: Date): GroupLook {
  const at = now.getTime();
  if (session.state === "cancelled") return "cancelled";
  if (Date.parse(session.ends_at) <= at) return "over";
  if (Date.parse(session.starts_at) <= at) return "running";
  // Its seats come with the programme, and so does whether it takes place.
  if (session.programme) return "programme";
  if (session.seats_left === 0) return "full";
  if (missingIn(session) > 0) return "waiting";
  return session.state === "on" && session.min_attendees > 1 ? "on" : "open";
}

/** How many people still have to join; 0 once it is decided, and without a minimum. */
export function missingIn({
  state,
  min_attendees,
  seats_taken,
}: Pick<GroupSession, "state" | "min_attendees" | "seats_taken">): number {
  return state === "open" && min_attendees > 1 ? Math.max(0, min_attendees - seats_taken) : 0;
}

/** Whether a seat in it alone can be booked, as far as the session itself decides. */
export function isJoinable(session: GroupSession, now: Date): boolean {
  const { state, seats_left, join_until, price, programme } = session;
  const isOffered = state !== "cancelled" && price !== null && programme === null;
  return isOffered && seats_left > 0 && Date.parse(join_until) > now.getTime();
}

/** Coming and running sessions, soonest first; then the others, newest first. */
export function splitGroups<Session extends GroupSession>(
  sessions: readonly Session[],
  now: Date,
): { upcoming: Session[]; past: Session[] } {
  const isPast = (session: Session) => ["cancelled", "over"].includes(lookOf(session, now));
  return {
    upcoming: sessions.filter((session) => !isPast(session)),
    past: sessions.filter(isPast).reverse(),
  };
}
