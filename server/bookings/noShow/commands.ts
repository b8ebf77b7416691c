import { afterSessionFactsOf, noShowClaimOf } from "#contract/bookingFacts.ts";
import type { Booking } from "#contract/bookings.ts";
import { decideAnswer, decideClaim, decideWithdrawal, type NoShowAnswer } from "#rules/noShow.ts";
import { replyRefusals, reportRefusals } from "#words/noShow.ts";
import type { UserTx } from "../../platform/database/database.ts";
import type { BookingKey } from "../../platform/database/directory.ts";
import { Refusal } from "../../platform/errors.ts";
import type { Dependencies } from "../../platform/http/route.ts";
import { type Party, roleIn } from "../party.ts";
import { type FoundBooking, findBooking, findBookingById, withoutExtras } from "../queries.ts";

/**
 * One side reports that the other did not attend.
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
    const decision = decideClaim(roleIn(booking, caller), afterSessionFactsOf(booking), now());
    if (!decision.ok) {
      if (decision.why === "claimed") throw new Refusal("no_show_exists");
      const code = decision.why === "taken_back" ? "no_show_exists" : "no_show_not_allowed";
      throw new Refusal(code, { detail: reportRefusals[decision.why] });
    }
    // The trigger locks the mentor's row and checks again. Sent together: if it rejects the report, the read fails too.
    const [, changed] = await Promise.all([
      tx.client.query("insert into no_show_claims (booking_id, expert_id, reason) values ($1, $2, $3)", [
        booking.id,
        booking.expert_id,
        reason || null,
      ]),
      readChanged(tx, booking),
    ]);
    return changed;
  });
}

/**
 * The other side confirms the report or disputes it.
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
 * The reporter withdraws the report.
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
    const decision = decide(roleIn(booking, caller), noShowClaimOf(booking), now());
    if (!decision.ok) {
      const code = decision.why === "not_yours_to_take" ? "forbidden" : "no_show_closed";
      throw new Refusal(code, { detail: replyRefusals[decision.why] });
    }
    const [{ rowCount }, changed] = await Promise.all([
      tx.client.query(
        "update no_show_claims set state = $3, answer = $4 where booking_id = $1 and expert_id = $2 and state = 'open'",
        [booking.id, booking.expert_id, state, words || null],
      ),
      readChanged(tx, booking),
    ]);
    // Another step was faster.
    if (rowCount === 0) throw new Refusal("no_show_closed", { detail: replyRefusals.settled });
    return changed;
  });
}

async function requireBooking(tx: UserTx, id: string): Promise<Booking> {
  return requireFound(await findBookingById(tx, id));
}

/** The last statement, because the mentor may be locked by now. */
async function readChanged(tx: UserTx, booking: BookingKey): Promise<Booking> {
  return requireFound(await findBooking(tx.last, booking));
}

function requireFound(found: FoundBooking | undefined): Booking {
  if (!found) throw new Refusal("booking_not_found");
  return withoutExtras(found);
}
