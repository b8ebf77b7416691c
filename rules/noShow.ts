/**
 * When one party of a session may report the other's no-show, and how the other may reply. The database enforces the
 * same rules (`private.prepare_no_show_claim`, `private.check_no_show_transition`).
 */
import type { EpochMs } from "#scheduling/units.ts";
import type { BookingRole, BookingStatus } from "./bookingState.ts";
import { windowMs } from "./windows.ts";

export const noShowStates = ["open", "agreed", "disputed", "withdrawn", "unanswered"] as const;
export type NoShowState = (typeof noShowStates)[number];
/** States that block completion and reviews: the report is open or effective. */
export const holdingStates = ["open", "agreed", "unanswered"] as const satisfies NoShowState[];
/** The other party's reply. */
export const noShowAnswers = ["agree", "dispute"] as const;
export type NoShowAnswer = (typeof noShowAnswers)[number];

export interface NoShowClaim {
  /** The party that reports; the other did not attend. */
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

/** May `role` report at `now` that the other party did not attend? */
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

export type NoShowStatus =
  /** As without a report. */
  | "none"
  /** The other party may still reply. */
  | "open"
  /** Confirmed, or not answered in time. */
  | "effective";

/** The effect of a report at `now`, also before a job has closed an expired one. */
export function noShowStatusAt(claim: NoShowClaim | null, now: EpochMs): NoShowStatus {
  if (!claim) return "none";
  switch (claim.state) {
    case "open":
      return now < claim.answerUntil ? "open" : "effective";
    case "agreed":
    case "unanswered":
      return "effective";
    case "disputed":
    case "withdrawn":
      return "none";
    default:
      return claim.state satisfies never;
  }
}

/** Whether a report blocks completion and reviews: it is open or effective. */
export function holdsUp(claim: Pick<NoShowClaim, "state"> | null): boolean {
  return claim !== null && holdingStates.some((state) => state === claim.state);
}
