import type { TimeRequest } from "#contract/timeRequests.ts";
import type { BookingRole } from "#rules/bookingState.ts";

/** How a request stands, as one of its two sides reads it. @param other the other one's first name */
export function requestStatusWords(
  { status, awaiting }: Pick<TimeRequest, "status" | "awaiting">,
  side: BookingRole,
  other: string,
): string {
  switch (status) {
    case "open":
      return awaiting === side ? `${other} waits for your answer` : `Waiting for ${other} to answer`;
    case "accepted":
      return "Accepted and booked";
    case "declined":
      return side === "mentor" ? "You declined" : `${other} has no time then`;
    case "expired":
      return "Expired without an answer";
    case "withdrawn":
      return side === "student" ? "You took it back" : `${other} took it back`;
    default:
      return status satisfies never;
  }
}

export function isOpen({ status, expires_at }: TimeRequest, now: Date): boolean {
  return status === "open" && Date.parse(expires_at) > now.getTime();
}

/** The proposals that stand: those of the last round. */
export function standingProposals({ proposals, round }: TimeRequest): TimeRequest["proposals"] {
  return proposals.filter((proposal) => proposal.round === round);
}
