import type { NotificationKind } from "#contract/notifications.ts";
import { type BookingActor, type BookingRole, bookingRoles } from "#rules/bookingState.ts";
import { DAY_MS, type EpochMs } from "#scheduling/units.ts";
import type { SystemTx } from "../platform/database/database.ts";
import type { Message } from "./message.ts";

interface EventFacts {
  kind: string;
  to_status: string;
  actor: BookingActor;
  reason: string | null;
  happened_at: Date;
  from_starts_at: Date | null;
  booking_id: string;
  student_id: string;
  mentor_id: string;
  student_name: string;
  mentor_name: string;
  mentor_username: string;
  service_title: string;
  starts_at: Date;
  claimed_by: BookingRole | null;
  answer_until: Date | null;
}

/** News that is older than this is none. */
const staleAfter = 14 * DAY_MS;

/**
 * What one step of a booking's life is to whom: the other party is told, and both of what nobody did.
 * @param now epoch ms
 */
export async function messagesOfEvent(tx: SystemTx, eventId: number, now: EpochMs): Promise<Message[]> {
  const { rows } = await tx.client.query<EventFacts>("select * from private.booking_event_facts($1)", [
    eventId,
  ]);
  const [event] = rows;
  if (!event || event.happened_at.getTime() < now - staleAfter) return [];
  const kind = kindOf(event);
  if (!kind) return [];
  return bookingRoles
    .filter((role) => role !== event.actor)
    .map((role) => ({
      recipientId: role === "student" ? event.student_id : event.mentor_id,
      kind,
      dedupeKey: `booking_event:${eventId}`,
      bookingId: event.booking_id,
      facts: {
        role,
        counterpart: role === "student" ? event.mentor_name : event.student_name,
        service_title: event.service_title,
        mentor_username: event.mentor_username,
        starts_at: event.starts_at.toISOString(),
        ...(event.from_starts_at ? { from_starts_at: event.from_starts_at.toISOString() } : {}),
        ...(event.reason ? { reason: event.reason } : {}),
        ...(event.claimed_by ? { claimed_by: event.claimed_by } : {}),
        ...(event.answer_until ? { answer_until: event.answer_until.toISOString() } : {}),
      },
    }));
}

const kinds: Readonly<Record<string, NotificationKind>> = {
  confirmed: "booking_confirmed",
  declined: "booking_declined",
  cancelled: "booking_cancelled",
  rescheduled: "booking_rescheduled",
  completed: "booking_completed",
  expired: "booking_expired",
  no_show_claimed: "no_show_claimed",
  no_show_agreed: "no_show_agreed",
  no_show_disputed: "no_show_disputed",
  no_show_withdrawn: "no_show_withdrawn",
  no_show_unanswered: "no_show_unanswered",
};

function kindOf({ kind, to_status }: EventFacts): NotificationKind | undefined {
  if (kind === "created") return to_status === "pending" ? "booking_requested" : "booking_booked";
  return kinds[kind];
}
