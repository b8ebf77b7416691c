import type { Booking } from "../../contract/bookings.ts";
import {
  type BookingAction,
  type BookingFacts,
  decideStep,
  type StepRefusal,
} from "../../scheduling/bookingState.ts";
import type { Identity } from "../auth/identity.ts";
import type { UserTx } from "../database.ts";
import { Refusal } from "../errors.ts";
import type { Services } from "../route.ts";
import { findBooking } from "./queries.ts";

interface LockedBooking {
  expert_id: string;
  status: BookingFacts["status"];
  starts_at: Date;
  expires_at: Date | null;
}

const sentences: Readonly<Record<StepRefusal, string>> = {
  not_yours_to_take: "Only the mentor can do this.",
  wrong_status: "This booking has moved on in the meantime.",
  already_started: "The session has already started.",
  not_started: "The session has not started yet.",
  expired: "This request has expired.",
};

/**
 * Takes a booking one step on, as its student or its mentor.
 * @throws Refusal `booking_not_found` (also for a stranger), `forbidden`, `invalid_transition`
 */
export async function takeStep(
  { database, now }: Services,
  caller: Identity,
  id: string,
  action: BookingAction,
  reason?: string,
): Promise<Booking> {
  return database.asUser(caller.id, async (tx) => {
    const locked = await lockBooking(tx, id);
    if (!locked) throw new Refusal("booking_not_found");
    const role = locked.expert_id === caller.id ? "mentor" : "student";
    const decision = decideStep(
      action,
      role,
      {
        status: locked.status,
        starts_at: locked.starts_at.getTime(),
        expires_at: locked.expires_at?.getTime() ?? null,
      },
      now(),
    );
    if (!decision.ok) {
      const code = decision.why === "not_yours_to_take" ? "forbidden" : "invalid_transition";
      throw new Refusal(code, { detail: sentences[decision.why] });
    }
    await tx.client.query("select id from change_booking_status($1, $2, $3)", [
      id,
      decision.to,
      reason || null,
    ]);
    const changed = await findBooking(tx, id);
    if (!changed) throw new Error("A changed booking was not found again.");
    return changed;
  });
}

async function lockBooking(tx: UserTx, id: string): Promise<LockedBooking | undefined> {
  const { rows } = await tx.client.query<LockedBooking>(
    "select expert_id, status, starts_at, expires_at from lock_booking($1)",
    [id],
  );
  return rows[0];
}
