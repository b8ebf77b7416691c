import type { BookingAction, StepRefusal } from "../../../scheduling/bookingState.ts";

/** Why a button cannot be pressed, in the mentor's words. */
export function stepRefusalWords(action: BookingAction, why: StepRefusal): string {
  switch (why) {
    case "not_started":
      return "You can mark it as completed once the session has begun.";
    case "already_started":
      return action === "confirm"
        ? "The session's start has passed, so it can no longer be confirmed."
        : "The session has begun, so it can no longer be cancelled.";
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
