/** How a series is paid for, and until when. */
import { type EpochMs, HOUR_MS } from "#scheduling/units.ts";

/** With a payment per session: how long before its start each is asked for. */
const sessionPaymentHours = { reminder: 72 } as const;

/**
 * The ways to pay for sessions with money. One by one only if each is booked by its payment, and each of the later ones can still
 * be asked for.
 * @param starts ascending
 */
export function seriesPaymentsFor({
  isPaid,
  isInstant,
  starts,
  now,
}: {
  isPaid: boolean;
  /** Whether a paid session needs no approval. */
  isInstant: boolean;
  starts: readonly EpochMs[];
  now: EpochMs;
}): ("at_once" | "per_session")[] {
  if (!isPaid || starts.length === 0) return [];
  const [, ...later] = starts;
  const hasTime = later.every((start) => start >= now + sessionPaymentHours.reminder * HOUR_MS);
  return isInstant && hasTime ? ["at_once", "per_session"] : ["at_once"];
}

/**
 * Whether the payment of a held session will only be asked for: its time is held for longer than any payment takes.
 * @param now epoch ms
 */
export function isPaymentDueLater(startsAt: EpochMs, heldUntil: string | null, now: number): boolean {
  const isLongHold = Date.parse(heldUntil ?? "") - now > HOUR_MS;
  return isLongHold && startsAt - now > sessionPaymentHours.reminder * HOUR_MS;
}
