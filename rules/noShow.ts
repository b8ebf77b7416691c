/**
 * When one side of a session may report the other's no-show, and how the other may answer. The database holds
 * the same rules (`private.prepare_no_show_claim`, `private.check_no_show_transition`) as the last word.
 */
import type { EpochMs } from "#scheduling/units.ts";
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
  /** The side that reports; the other did not come. */
  claimedBy: BookingRole;
  state: NoShowState;
  answerUntil: EpochMs;
}

export interface AfterSessionFacts {
  status: BookingStatus;
  endsAt: EpochMs;
  /** The latest claim; null when there never was one. */
  claim: NoShowClaim | null;
}

export type ClaimRefusal = "wrong_status" | "not_over" | "too_late" | "claimed" | "taken_back";
export type SettleRefusal = "no_claim" | "not_yours_to_take" | "settled" | "too_late";
export type NoShowDecision<Refusal> = { ok: true } | { ok: false; why: Refusal };

/** May `role` report at `now` that the other side did not come? */
export function decideClaim(
  role: BookingRole,
  { status, endsAt, claim }: AfterSessionFacts,
  now: EpochMs,
): NoShowDecision<ClaimRefusal> {
  // A session that the mentor has completed can still be reported by the student.
  if (status !== "confirmed" && status !== "completed") return { ok: false, why: "wrong_status" };
  if (now < endsAt) return { ok: false, why: "not_over" };
  if (claim && claim.state !== "withdrawn") return { ok: false, why: "claimed" };
  if (now >= endsAt + windowMs("noShowReport")) return { ok: false, why: "too_late" };
  if (claim?.claimedBy === role) return { ok: false, why: "taken_back" };
  return { ok: true };
}

/** May `role` agree to the report or dispute it at `now`? */
export function decideAnswer(
  role: BookingRole,
  claim: NoShowClaim | null,
  now: EpochMs,
): NoShowDecision<SettleRefusal> {
  return decideSettling(claim, claim?.claimedBy !== role, now);
}

/** May `role` withdraw the report at `now`? */
export function decideWithdrawal(
  role: BookingRole,
  claim: NoShowClaim | null,
  now: EpochMs,
): NoShowDecision<SettleRefusal> {
  return decideSettling(claim, claim?.claimedBy === role, now);
}

function decideSettling(
  claim: NoShowClaim | null,
  isTheirs: boolean,
  now: EpochMs,
): NoShowDecision<SettleRefusal> {
  if (!claim) return { ok: false, why: "no_claim" };
  if (!isTheirs) return { ok: false, why: "not_yours_to_take" };
  if (claim.state !== "open") return { ok: false, why: "settled" };
  if (now >= claim.answerUntil) return { ok: false, why: "too_late" };
  return { ok: true };
}

export type NoShowStanding =
  /** As without a report. */
  | "none"
  /** The other side may still answer. */
  | "open"
  /** Agreed, or not answered in time. */
  | "stands";

/** What a report means at `now`, also before a job has closed an expired one. */
export function standingOf(claim: NoShowClaim | null, now: EpochMs): NoShowStanding {
  if (!claim) return "none";
  switch (claim.state) {
    case "open":
      return now < claim.answerUntil ? "open" : "stands";
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

/** Whether a report holds up completion and reviews: it is open, or it counts. */
export function holdsUp(claim: Pick<NoShowClaim, "state"> | null): boolean {
  return claim !== null && holdingStates.some((state) => state === claim.state);
}
