/** How a series is paid for, and until when. */
import { type EpochMs, HOUR_MS } from "#scheduling/units.ts";

/** With a payment per session: how long before its start each is asked for. */
const sessionPaymentHours = { reminder: 72 } as const;

/**
 * The ways to pay for sessions with money. One by one only if each of the later ones can still be asked for.
 * @param starts ascending
 */
export function seriesPaymentsFor({
  isPaid,
  starts,
  now,
}: {
  isPaid: boolean;
  starts: readonly EpochMs[];
  now: EpochMs;
}): ("at_once" | "per_session")[] {
  if (!isPaid || starts.length === 0) return [];
  const [, ...later] = starts;
  const hasTime = later.every((start) => start >= now + sessionPaymentHours.reminder * HOUR_MS);
  return hasTime ? ["at_once", "per_session"] : ["at_once"];
}
