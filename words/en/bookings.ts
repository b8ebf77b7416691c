/** Booked sessions: their status, their steps and why a step is refused. */

import type { BookingAction, ChangePolicy, StepRefusal } from "#rules/bookingState.ts";
import type { Minutes } from "#scheduling/units.ts";
import { duration } from "./durations.ts";
import { programmeRefusals } from "./refusals.ts";

/** A booking's status as its student reads it. */
export const bookingStatuses = {
  /** @param mentor first name */
  pending: (mentor: string) => `Awaiting ${mentor}’s reply`,
  confirmed: () => "Confirmed",
  completed: () => "Completed",
  cancelled: () => "Cancelled",
};

/** Until when a student may cancel or reschedule; a session of a programme is not rescheduled by its students. */
export function changePolicy({
  cancel_cutoff,
  reschedule_cutoff,
  programme_id = null,
}: ChangePolicy & { programme_id?: string | null }): string {
  if (programme_id !== null)
    return `You can cancel until ${beforeStart(cancel_cutoff)}. The mentor sets the dates of a programme. If this one moves, you can cancel it for a full refund.`;
  return cancel_cutoff === reschedule_cutoff
    ? `You can cancel or reschedule until ${beforeStart(cancel_cutoff)}.`
    : `You can cancel until ${beforeStart(cancel_cutoff)}, and reschedule until ${beforeStart(reschedule_cutoff)}.`;
}

export function beforeStart(minutes: Minutes): string {
  return minutes === 0 ? "it starts" : `${duration(minutes)} before`;
}

/** Why a step cannot be taken: next to a disabled button and in the API's refusal. */
export const stepRefusals = {
  not_over: () => "You can mark the session as completed once it’s over.",
  no_show: () => "There’s a no-show report for this session.",
  already_started: (action: BookingAction) => {
    if (action === "confirm") return "The start time has passed, so the request can no longer be approved.";
    return `The session has started, so it can no longer be ${action === "reschedule" ? "rescheduled" : "cancelled"}.`;
  },
  cutoff_passed: (action: BookingAction, policy: ChangePolicy) =>
    action === "reschedule"
      ? `Rescheduling closed ${duration(policy.reschedule_cutoff)} before the session.`
      : `Cancelling closed ${duration(policy.cancel_cutoff)} before the session.`,
  expired: () => "This request has expired, and its time is free again.",
  moves_for_all: () => programmeRefusals.moves,
  not_paid: () => "This session is booked once it is paid for.",
  wrong_status: () => "This session has changed in the meantime.",
  not_yours_to_take: () => "Only the other person can do this.",
} satisfies Record<StepRefusal, (action: BookingAction, policy: ChangePolicy) => string>;
