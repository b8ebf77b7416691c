import { z } from "zod";
import {
  type NotificationKind,
  notificationContent,
  type SessionMoney,
  seriesChanges,
} from "#contract/notifications.ts";
import { type BookingActor, type BookingRole, bookingRoles } from "#rules/bookingState.ts";
import { decimalOfMinor } from "#rules/money.ts";
import { DAY_MS, type EpochMs, fromDate, type Minutes } from "#scheduling/units.ts";
import { everyone } from "#words/notifications.ts";
import { occasionOf } from "../mail/occasion.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { type Involved, type Message, readParties, withTitles } from "./message.ts";

const eventPayload = z.object({ event_id: z.int(), mentor_id: z.uuid() });

interface EventFacts extends Involved {
  kind: string;
  to_status: string;
  actor: BookingActor;
  reason: string | null;
  happened_at: Date;
  from_starts_at: Date | null;
  booking_id: string;
  starts_at: Date;
  /** It happened to every seat of a group session at once. */
  is_for_all: boolean;
  series_id: string | null;
  /** How many sessions that were booked together it happened to at once. */
  sessions: number | null;
  last_starts_at: Date | null;
  /** Those bookings, earliest first; null: it was booked alone. */
  together: string[] | null;
  /** What the services of those are called. */
  titles: string[] | null;
  /** Of a series whose sessions are paid one by one: an earlier one is. */
  is_promised: boolean | null;
  claimed_by: BookingRole | null;
  answer_until: Date | null;
  /** null: the message says nothing about money. */
  money_state: SessionMoney["state"] | null;
  money_minor: number | null;
  currency: string | null;
  refund_full_cutoff: Minutes;
  refund_partial_cutoff: Minutes;
  refund_partial_percent: number;
}

/** Older events are not sent, for example after a long outage of the worker. */
const maxAgeMs = 14 * DAY_MS;

/** What is confirmed by mail to the person who did it: it belongs into a calendar, or takes something out of it. */
const confirmedToActor: ReadonlySet<NotificationKind> = new Set([
  "booking_requested",
  "booking_booked",
  "booking_confirmed",
  "booking_cancelled",
  "booking_rescheduled",
  "series_requested",
  "series_booked",
  "series_changed",
]);

/**
 * Messages for one booking event: to the other party, or to both when the system acted, and a confirmation to the person
 * who acted.
 */
export async function messagesOfEvent(tx: SystemTx, payload: unknown, now: EpochMs): Promise<Message[]> {
  const { event_id, mentor_id } = eventPayload.parse(payload);
  const { rows } = await tx.client.query<EventFacts>(
    `select f.*, private.titles_of(f.mentor_id, f.together) as titles
     from private.booking_event_facts($1, $2) f`,
    [mentor_id, event_id],
  );
  const [event] = rows;
  if (!event || event.happened_at.getTime() < now - maxAgeMs) return [];
  const kind = kindOf(event);
  const parties = kind && (await readParties(tx, event));
  if (!parties) return [];
  const happenedAt = fromDate(event.happened_at);
  return bookingRoles
    .filter((role) => role !== event.actor || confirmedToActor.has(kind))
    .map((role) => ({
      ...notificationContent.parse({
        kind,
        facts: {
          ...withTitles(parties.factsFor(role), isOfSeveral(event) ? event.titles : null),
          ...(isForAll(event, role) && { counterpart: everyone }),
          ...factsOf(event),
          money: moneyOf(event, role),
        },
      }),
      recipient: parties.recipients[role],
      // The seats of a session change together.
      dedupeKey: isForAll(event, role)
        ? occasionOf(
            happenedAt,
            "group_session",
            event.kind,
            event.starts_at.toISOString(),
            event.happened_at.toISOString(),
          )
        : occasionOf(happenedAt, "booking_event", event_id),
      bookingId: event.booking_id,
      ...(isOfSeveral(event) && event.together && { together: event.together }),
      mentorId: mentor_id,
      by: event.actor,
      happenedAt,
      isUrgent: isUrgent(event, now),
    }));
}

/** What concerns a whole session is told to its mentor once. */
function isForAll({ is_for_all }: EventFacts, role: BookingRole): boolean {
  return is_for_all && role === "mentor";
}

/** Whether the session, or its old time, is so close that the message cannot wait for the morning. */
function isUrgent({ starts_at, from_starts_at }: EventFacts, now: EpochMs): boolean {
  return [starts_at, from_starts_at].some((at) => at && at.getTime() > now && at.getTime() < now + DAY_MS);
}

function factsOf(event: EventFacts) {
  const { starts_at, from_starts_at, reason, claimed_by, answer_until } = event;
  return {
    ...(isOfSeveral(event) && {
      series_id: event.series_id ?? undefined,
      sessions: event.sessions,
      last_starts_at: event.last_starts_at?.toISOString(),
      change: event.kind,
    }),
    starts_at: starts_at.toISOString(),
    from_starts_at: from_starts_at?.toISOString(),
    reason: reason ?? undefined,
    claimed_by: claimed_by ?? undefined,
    answer_until: answer_until?.toISOString(),
  };
}

/** What a student's mail says about the payment: what was paid and the policy, or what goes back; a mentor's, that it is paid. */
function moneyOf(event: EventFacts, role: BookingRole): SessionMoney | undefined {
  const { money_state: state, money_minor, currency } = event;
  if (state === null || money_minor === null || currency === null) return undefined;
  const isPaid = state === "paid" || state === "charging";
  if (role === "mentor" && !isPaid) return undefined;
  return {
    state,
    amount: decimalOfMinor(money_minor, currency),
    currency,
    ...(role === "student" &&
      isPaid && {
        policy: {
          full_cutoff: event.refund_full_cutoff,
          partial_cutoff: event.refund_partial_cutoff,
          partial_percent: event.refund_partial_percent,
        },
      }),
  };
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
  minimum_missed: "group_cancelled",
  minimum_reached: "group_confirmed",
  messaged: "group_message",
};

function isOfSeveral({ sessions }: EventFacts): boolean {
  return (sessions ?? 1) > 1;
}

function kindOf(event: EventFacts): NotificationKind | undefined {
  const { kind, to_status, is_promised } = event;
  if (kind === "lapsed") return is_promised ? "series_lapsed" : undefined;
  if (isOfSeveral(event)) {
    if (kind === "created") return to_status === "pending" ? "series_requested" : "series_booked";
    if (seriesChanges.some((change) => change === kind)) return "series_changed";
  }
  if (kind === "created") return to_status === "pending" ? "booking_requested" : "booking_booked";
  return kinds[kind];
}
