import type { Booking } from "#contract/bookings.ts";
import type { ErrorCode } from "#contract/errors.ts";
import {
  type BookingAction,
  type BookingFacts,
  type ChangePolicy,
  decideStep,
  type StatusAction,
  type StepRefusal,
} from "#rules/bookingState.ts";
import { stepRefusals } from "#words/bookings.ts";
import type { UserTx } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { holdsUpSql } from "./noShow/queries.ts";
import { type Party, roleIn } from "./party.ts";
import { findBooking } from "./queries.ts";

/** What the state machine needs of a booking, from a row or from an answer. */
interface BookingState extends ChangePolicy {
  expert_id: string;
  status: BookingFacts["status"];
  starts_at: Date | string;
  ends_at: Date | string;
  expires_at: Date | string | null;
  has_no_show: boolean;
}

const refusalCodes: Partial<Record<StepRefusal, ErrorCode>> = {
  cutoff_passed: "cutoff_passed",
  not_yours_to_take: "forbidden",
};

/**
 * Takes a booking one step on, as its student or its mentor.
 * @throws Refusal `booking_not_found` (also for a stranger), `forbidden`, `invalid_transition`, `cutoff_passed`
 */
export async function transitionBooking(
  { database, now }: Dependencies,
  caller: Party,
  id: string,
  action: StatusAction,
  reason?: string,
): Promise<Booking> {
  return database.asUser(caller.id, async (tx) => {
    const locked = await lockBooking(tx, id);
    if (!locked) throw new Refusal("booking_not_found");
    const to = requireStep(action, caller, locked, now());
    await tx.client.query("select id from change_booking_status($1, $2, $3)", [id, to, reason || null]);
    const changed = await findBooking(tx, id);
    if (!changed) throw new Error("A changed booking was not found again.");
    return changed;
  });
}

/**
 * Whether `caller` may take the step now, and where it leads.
 * @throws Refusal `forbidden`, `cutoff_passed`, `invalid_transition`
 */
export function requireStep(
  action: BookingAction,
  caller: Party,
  booking: BookingState,
  now: number,
): BookingFacts["status"] {
  const decision = decideStep(action, roleIn(booking, caller), factsOf(booking), now);
  if (decision.ok) return decision.to;
  throw new Refusal(refusalCodes[decision.why] ?? "invalid_transition", {
    detail: stepRefusals[decision.why](action, booking),
  });
}

function factsOf({ starts_at, ends_at, expires_at, ...rest }: BookingState): BookingFacts {
  return {
    ...rest,
    starts_at: new Date(starts_at).getTime(),
    ends_at: new Date(ends_at).getTime(),
    expires_at: expires_at === null ? null : new Date(expires_at).getTime(),
  };
}

async function lockBooking(tx: UserTx, id: string): Promise<BookingState | undefined> {
  const { rows } = await tx.client.query<BookingState>(
    `select expert_id, status, starts_at, ends_at, expires_at, cancel_cutoff, reschedule_cutoff,
       ${holdsUpSql("b.id")} as has_no_show
     from lock_booking($1) b`,
    [id],
  );
  return rows[0];
}
