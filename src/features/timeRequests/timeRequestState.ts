import type { TimeRequest } from "#contract/timeRequests.ts";

export function isOpen({ status, expires_at }: TimeRequest, now: Date): boolean {
  return status === "open" && Date.parse(expires_at) > now.getTime();
}

/** The proposals of the last round, which can be accepted. */
export function currentProposals({ proposals, round }: TimeRequest): TimeRequest["proposals"] {
  return proposals.filter((proposal) => proposal.round === round);
}
