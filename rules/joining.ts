import { MINUTE_MS } from "#scheduling/units.ts";
import type { BookingStatus } from "./bookingState.ts";

/** How long before the start the way in opens: early enough to try the microphone, too late to disturb the one before. */
const JOIN_EARLY_MS = 15 * MINUTE_MS;

/** Instants are epoch ms. */
export interface JoinFacts {
  status: BookingStatus;
  starts_at: number;
  ends_at: number;
  hasLink: boolean;
}

export type Joining =
  /** Not agreed, or over: there is nothing to join. */
  | { name: "never" }
  /** There will be, but nobody has said where. */
  | { name: "no_link" }
  | { name: "early"; opens_at: number }
  | { name: "open" };

/** Whether one can walk in at `now`: from a quarter of an hour before the start until the end. */
export function decideJoining({ status, starts_at, ends_at, hasLink }: JoinFacts, now: number): Joining {
  // Its mentor may close a session that is still under way.
  const isAgreed = status === "confirmed" || status === "completed";
  if (!isAgreed || now >= ends_at) return { name: "never" };
  if (!hasLink) return { name: "no_link" };
  const opens_at = starts_at - JOIN_EARLY_MS;
  return now < opens_at ? { name: "early", opens_at } : { name: "open" };
}

export type JoinMoment = "opens" | "starts";

/** The last of the two moments worth a word that lie after `before` and not after `now`; null when none does. */
export function momentBetween(starts_at: number, before: number, now: number): JoinMoment | null {
  const passed = (at: number) => before < at && at <= now;
  if (passed(starts_at)) return "starts";
  return passed(starts_at - JOIN_EARLY_MS) ? "opens" : null;
}
