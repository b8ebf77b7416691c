import type { Booking } from "#contract/bookings.ts";
import {
  type ClaimRefusal,
  decideAnswer,
  decideClaim,
  decideWithdrawal,
  type NoShowAnswer,
  type NoShowClaim,
  type SettleRefusal,
} from "#rules/noShow.ts";
import type { UserTx } from "../../platform/database/database.ts";
import { Refusal } from "../../platform/errors.ts";
import type { Dependencies } from "../../platform/http/route.ts";
import { type Party, roleIn } from "../party.ts";
import { findBooking } from "../queries.ts";

const claimSentences: Readonly<Record<Exclude<ClaimRefusal, "claimed">, string>> = {
  wrong_status: "This session was not agreed, so nobody can have missed it.",
  not_over: "Please wait until the session is over.",
  too_late: "This could be said for three days after the end.",
  taken_back: "You have taken your word back, and it is said once only.",
};

const settleSentences: Readonly<Record<SettleRefusal, string>> = {
  no_claim: "Nobody has said that somebody did not come.",
  not_yours_to_take: "This is for the other one to say.",
  settled: "This is settled.",
  too_late: "The time for an answer is over.",
};

/**
 * One side says that the other did not come.
 * @throws Refusal `booking_not_found` (also for a stranger), `no_show_not_allowed`, `no_show_exists`
 */
export async function claimNoShow(
  { database, now }: Dependencies,
  caller: Party,
  id: string,
  reason: string | undefined,
): Promise<Booking> {
  return database.asUser(caller.id, async (tx) => {
    const booking = await requireBooking(tx, id);
    const facts = { status: booking.status, ends_at: Date.parse(booking.ends_at), claim: claimIn(booking) };
    const decision = decideClaim(roleIn(booking, caller), facts, now());
    if (!decision.ok) {
      if (decision.why === "claimed") throw new Refusal("no_show_exists");
      const code = decision.why === "taken_back" ? "no_show_exists" : "no_show_not_allowed";
      throw new Refusal(code, { detail: claimSentences[decision.why] });
    }
    // Its trigger waits for the mentor's row and judges once more.
    await tx.client.query("insert into no_show_claims (booking_id, reason) values ($1, $2)", [
      id,
      reason || null,
    ]);
    return requireBooking(tx, id);
  });
}

/**
 * The other side agrees or disputes.
 * @throws Refusal `booking_not_found` (also for a stranger), `forbidden` for the claimer, `no_show_closed`
 */
export async function answerNoShow(
  dependencies: Dependencies,
  caller: Party,
  id: string,
  answer: NoShowAnswer,
  reason: string | undefined,
): Promise<Booking> {
  return settle(dependencies, caller, id, decideAnswer, answer === "agree" ? "agreed" : "disputed", reason);
}

/**
 * The claimer takes it back.
 * @throws Refusal `booking_not_found` (also for a stranger), `forbidden` for the other side, `no_show_closed`
 */
export async function withdrawNoShow(
  dependencies: Dependencies,
  caller: Party,
  id: string,
): Promise<Booking> {
  return settle(dependencies, caller, id, decideWithdrawal, "withdrawn", undefined);
}

async function settle(
  { database, now }: Dependencies,
  caller: Party,
  id: string,
  decide: typeof decideAnswer,
  state: "agreed" | "disputed" | "withdrawn",
  words: string | undefined,
): Promise<Booking> {
  return database.asUser(caller.id, async (tx) => {
    const booking = await requireBooking(tx, id);
    const decision = decide(roleIn(booking, caller), claimIn(booking), now());
    if (!decision.ok) {
      const code = decision.why === "not_yours_to_take" ? "forbidden" : "no_show_closed";
      throw new Refusal(code, { detail: settleSentences[decision.why] });
    }
    const { rowCount } = await tx.client.query(
      "update no_show_claims set state = $2, answer = $3 where booking_id = $1 and state = 'open'",
      [id, state, words || null],
    );
    // Another step came in between.
    if (rowCount === 0) throw new Refusal("no_show_closed", { detail: settleSentences.settled });
    return requireBooking(tx, id);
  });
}

function claimIn({ no_show: claim }: Booking): NoShowClaim | null {
  return claim && { ...claim, answer_until: Date.parse(claim.answer_until) };
}

async function requireBooking(tx: UserTx, id: string): Promise<Booking> {
  const found = await findBooking(tx, id);
  if (!found) throw new Refusal("booking_not_found");
  const { entry: _, ...booking } = found;
  return booking;
}
