import { addMs, type EpochMs, MINUTE_MS } from "#scheduling/units.ts";
import type { BookingStatus } from "./bookingState.ts";

/** How long before the start a session can be joined: early enough to test the microphone, too late to disturb the session before. */
const JOIN_EARLY_MS = 15 * MINUTE_MS;

export interface JoinFacts {
  status: BookingStatus;
  startsAt: EpochMs;
  endsAt: EpochMs;
  hasLink: boolean;
  /** By phone or in person. */
  isElsewhere?: boolean;
}

export type Joining =
  /** Not confirmed, or over. */
  | { name: "never" }
  /** Confirmed, but there is no meeting link. */
  | { name: "no_link" }
  /** By phone or in person: nothing to click. */
  | { name: "elsewhere" }
  | { name: "early"; opensAt: EpochMs }
  | { name: "open" };

/** Whether a session can be joined at `now`: from a quarter of an hour before the start until the end. */
export function decideJoining(
  { status, startsAt, endsAt, hasLink, isElsewhere }: JoinFacts,
  now: EpochMs,
): Joining {
  // The mentor may complete a session before its end.
  const isAgreed = status === "confirmed" || status === "completed";
  if (!isAgreed || now >= endsAt) return { name: "never" };
  if (!hasLink) return { name: isElsewhere ? "elsewhere" : "no_link" };
  const opensAt = addMs(startsAt, -JOIN_EARLY_MS);
  return now < opensAt ? { name: "early", opensAt } : { name: "open" };
}

export type JoinMoment = "opens" | "starts";

/** The last of the two moments to announce that lie after `before` and not after `now`; null if there is none. */
export function momentBetween(startsAt: EpochMs, before: EpochMs, now: EpochMs): JoinMoment | null {
  const passed = (at: EpochMs) => before < at && at <= now;
  if (passed(startsAt)) return "starts";
  return passed(addMs(startsAt, -JOIN_EARLY_MS)) ? "opens" : null;
}
