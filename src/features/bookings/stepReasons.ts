import type { BookingAction, ChangePolicy, StepRefusal } from "#rules/bookingState.ts";
import { spellMinutes } from "#rules/policy.ts";

/** Why a button cannot be pressed, to the person who would press it. */
export function stepRefusalWords(action: BookingAction, why: StepRefusal, policy: ChangePolicy): string {
  switch (why) {
    case "not_over":
      return "You can mark it as completed once the session is over.";
    case "no_show":
      return "It cannot be completed while one of you is said not to have come.";
    case "already_started":
      return startedWords(action);
    case "cutoff_passed":
      return action === "reschedule"
        ? `It could be moved until ${spellMinutes(policy.reschedule_cutoff)} before the start.`
        : `It could be cancelled until ${spellMinutes(policy.cancel_cutoff)} before the start.`;
    case "expired":
      return "This request has expired. Its time is free again.";
    case "wrong_status":
      return "The session has moved on.";
    case "not_yours_to_take":
      return "Only the other person can do this.";
    default:
      return why satisfies never;
  }
}

function startedWords(action: BookingAction): string {
  if (action === "confirm") return "The session's start has passed, so it can no longer be confirmed.";
  return action === "reschedule"
    ? "The session has begun, so it can no longer be moved."
    : "The session has begun, so it can no longer be cancelled.";
}
