import type { attendanceStates } from "#contract/groupSessions.ts";
import type { Database } from "../platform/database/database.ts";
import { findBookingKey } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";

const reason = "rosters are written by functions only, which check the caller";

/** Marks who came, or takes the mark away. @throws Refusal `booking_not_found`, `invalid_transition` */
export async function markSeat(
  database: Database,
  caller: Identity,
  bookingId: string,
  attendance: (typeof attendanceStates)[number] | null,
): Promise<void> {
  await database.asSystem(reason, caller.id, async (tx) => {
    const key = await findBookingKey(tx, bookingId);
    if (key?.expert_id !== caller.id) throw new Refusal("booking_not_found");
    await tx.last.client.query("select private.mark_attendance($1, $2, $3)", [caller.id, key.id, attendance]);
  });
}

/** Whether the other attendees see the caller's name. @throws Refusal `booking_not_found` */
export async function setShownName(
  database: Database,
  caller: Identity,
  bookingId: string,
  isShown: boolean,
): Promise<void> {
  await database.asSystem(reason, caller.id, async (tx) => {
    const key = await findBookingKey(tx, bookingId);
    if (!key) throw new Refusal("booking_not_found");
    const { rows } = await tx.last.client.query<{ found: boolean }>(
      "select private.show_name($1, $2, $3) as found",
      [key.expert_id, key.id, isShown],
    );
    if (!rows[0]?.found) throw new Refusal("booking_not_found");
  });
}
