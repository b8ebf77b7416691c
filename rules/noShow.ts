/**
 * When one side of a session may say that the other did not come, and what the other may answer. The database holds
 * the same rules (`private.prepare_no_show_claim`, `private.keep_no_show_claim_honest`) as the last word.
 */
import type { BookingRole, BookingStatus } from "./bookingState.ts";
import { windowMs } from "./windows.ts";

export const noShowStates = ["open", "agreed", "disputed", "withdrawn", "unanswered"] as const;
export type NoShowState = (typeof noShowStates)[number];
/** States that hold up completion and reviews: the report is open, or it counts. */
export const holdingStates = ["open", "agreed", "unanswered"] as const satisfies NoShowState[];
/** The other side's answer. */
export const noShowAnswers = ["agree", "dispute"] as const;
export type NoShowAnswer = (typeof noShowAnswers)[number];

export interface NoShowClaim {
  /** It is the other one who did not come. */
  claimed_by: BookingRole;
  state: NoShowState;
  /** Epoch ms. */
  answer_until: number;
}

export interface AfterSessionFacts {
  status: BookingStatus;
  /** Epoch ms. */
  ends_at: number;
  /** The latest claim; null when there never was one. */
  claim: NoShowClaim | null;
}

export type ClaimRefusal = "wrong_status" | "not_over" | "too_late" | "claimed" | "taken_back";
export type SettleRefusal = "no_claim" | "not_yours_to_take" | "settled" | "too_late";
export type NoShowDecision<Refusal> = { ok: true } | { ok: false; why: Refusal };

/** May `role` say at `now` (epoch ms) that the other side did not come? */
export function decideClaim(
  role: BookingRole,
  { status, ends_at, claim }: AfterSessionFacts,
  now: number,
): NoShowDecision<ClaimRefusal> {
  // The mentor's word that it was held does not make the other side's claim impossible.
  if (status !== "confirmed" && status !== "completed") return { ok: false, why: "wrong_status" };
  if (now < ends_at) return { ok: false, why: "not_over" };
  if (claim && claim.state !== "withdrawn") return { ok: false, why: "claimed" };
  if (now >= ends_at + windowMs("noShowReport")) return { ok: false, why: "too_late" };
  if (claim?.claimed_by === role) return { ok: false, why: "taken_back" };
  return { ok: true };
}

/** May `role` agree to the claim or dispute it at `now` (epoch ms)? */
export function decideAnswer(
  role: BookingRole,
  claim: NoShowClaim | null,
  now: number,
): NoShowDecision<SettleRefusal> {
  return decideSettling(claim, claim?.claimed_by !== role, now);
}

/** May `role` take the claim back at `now` (epoch ms)? */
export function decideWithdrawal(
  role: BookingRole,
  claim: NoShowClaim | null,
  now: number,
): NoShowDecision<SettleRefusal> {
  return decideSettling(claim, claim?.claimed_by === role, now);
}

function decideSettling(
  claim: NoShowClaim | null,
  isTheirs: boolean,
  now: number,
): NoShowDecision<SettleRefusal> {
  if (!claim) return { ok: false, why: "no_claim" };
  if (!isTheirs) return { ok: false, why: "not_yours_to_take" };
  if (claim.state !== "open") return { ok: false, why: "settled" };
  if (now >= claim.answer_until) return { ok: false, why: "too_late" };
  return { ok: true };
}

export type NoShowStanding =
  /** As if nobody had said anything. */
  | "none"
  /** The other side may still answer. */
  | "open"
  /** Agreed, or nobody answered in time. */
  | "stands";

/** What a claim means at `now` (epoch ms), even before a job has tidied up what ran out. */
export function standingOf(claim: NoShowClaim | null, now: number): NoShowStanding {
  if (!claim) return "none";
  switch (claim.state) {
    case "open":
      return now < claim.answer_until ? "open" : "stands";
    case "agreed":
    case "unanswered":
      return "stands";
    case "disputed":
    case "withdrawn":
      return "none";
    default:
      return claim.state satisfies never;
  }
}

/** Whether it holds up completion and reviews: it is open, or it stands. */
export function holdsUp(claim: Pick<NoShowClaim, "state"> | null): boolean {
  return claim !== null && holdingStates.some((state) => state === claim.state);
}
