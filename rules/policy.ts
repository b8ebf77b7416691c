/** A service's promise about changes of plan, in words: the same before booking, afterwards and in a refusal. */
import type { ChangePolicy } from "./bookingState.ts";

const HOUR = 60;
const DAY = 24 * HOUR;

/** Minutes in the largest unit that says them exactly; a day is "24 hours", as people say it of a deadline. */
export function spellMinutes(minutes: number): string {
  if (minutes > DAY && minutes % DAY === 0) return `${minutes / DAY} days`;
  if (minutes > 0 && minutes % HOUR === 0) return minutes === HOUR ? "1 hour" : `${minutes / HOUR} hours`;
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

/** Until when a student may cancel or move a session. */
export function spellPolicy({ cancel_cutoff, reschedule_cutoff }: ChangePolicy): string {
  if (cancel_cutoff === reschedule_cutoff)
    return `You can cancel or move this until ${deadline(cancel_cutoff)}.`;
  return `You can cancel this until ${deadline(cancel_cutoff)}, and move it until ${deadline(reschedule_cutoff)}.`;
}

function deadline(minutes: number): string {
  return minutes === 0 ? "it starts" : `${spellMinutes(minutes)} before`;
}
