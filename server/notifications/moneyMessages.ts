import { z } from "zod";
import { type NotificationKind, notificationContent } from "#contract/notifications.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { decimalOfMinor } from "#rules/money.ts";
import { type RefundReason, refundReasons } from "#rules/refundPolicy.ts";
import { type EpochMs, fromDate } from "#scheduling/units.ts";
import { occasionOf } from "../mail/occasion.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { type Involved, type Message, type Parties, readParties, withTitles } from "./message.ts";

const eventPayload = z.object({ event_id: z.int(), mentor_id: z.uuid() });

/** Of private.money_event_facts(). */
interface MoneyFacts extends Involved {
  kind: string;
  amount_minor: number;
  currency: string;
  /** Why a refund was requested, or why a payment was not accepted. */
  why: string | null;
  happened_at: Date;
  /** Of an attempt that failed: when the first one of its payment did. */
  first_failed_at: Date | null;
  payment_id: string;
  /** null, and `starts_at` too: it is about a package. */
  booking_id: string | null;
  starts_at: Date | null;
  purchase_id: string | null;
  /** Of the package; of one that expires soon, those that are left. */
  package_sessions: number | null;
  expires_at: Date | null;
  document_id: string | null;
  /** Of a payment that can still be made. */
  held_until: Date | null;
  /** Of earnings, or of what one payment is for. */
  session_count: number | null;
  /** Of the sessions that one payment is for. */
  series_id: string | null;
  /** What their services are called. */
  titles: string[] | null;
}

type Recipe = readonly [NotificationKind, BookingRole];

/** By the kind of event: which message, and to whom. */
const kinds: Readonly<Record<string, Recipe>> = {
  paid: ["payment_received", "student"],
  failed: ["payment_failed", "student"],
  authorized: ["payment_authorized", "student"],
  due: ["payment_due", "student"],
  released: ["payment_released", "student"],
  late: ["payment_late", "student"],
  surplus: ["payment_twice", "student"],
  refund_requested: ["refund_requested", "student"],
  refund_done: ["refund_done", "student"],
  refund_failed: ["refund_failed", "student"],
  dispute_opened: ["dispute_opened", "mentor"],
  dispute_won: ["dispute_won", "mentor"],
  dispute_lost: ["dispute_lost", "mentor"],
  earned: ["earned", "mentor"],
  fee_returned: ["fee_returned", "mentor"],
  expiring: ["package_expiring", "student"],
};
/** A mentor learns of the payment of a booking from the booking. */
const packageSold: Recipe = ["package_sold", "mentor"];

/** The messages about a money event; none if another one says it. */
export async function messagesOfMoney(tx: SystemTx, payload: unknown, now: EpochMs): Promise<Message[]> {
  const { event_id, mentor_id } = eventPayload.parse(payload);
  const { rows } = await tx.client.query<MoneyFacts>({
    name: "money_event_facts",
    text: `select f.*, private.series_paid_by(f.mentor_id, f.payment_id) as series_id,
             private.titles_of(f.mentor_id, private.bookings_paid_by(f.mentor_id, f.payment_id)) as titles
           from private.money_event_facts($1, $2) f`,
    values: [mentor_id, event_id],
  });
  const [event] = rows;
  const known = event && kinds[event.kind];
  const parties = known && (await readParties(tx, event));
  if (!parties) return [];
  const recipes = event.kind === "paid" && event.purchase_id !== null ? [known, packageSold] : [known];
  return recipes.map((recipe) => messageOf(event, recipe, parties, { event_id, mentor_id, now }));
}

function messageOf(
  event: MoneyFacts,
  [kind, role]: Recipe,
  parties: Parties,
  { event_id, mentor_id, now }: { event_id: number; mentor_id: string; now: EpochMs },
): Message {
  const heldUntil = event.held_until && event.held_until.getTime() > now ? event.held_until : undefined;
  const isSummary = kind === "earned";
  return {
    ...notificationContent.parse({
      kind,
      facts: {
        ...withTitles(parties.factsFor(role), event.titles),
        starts_at: event.starts_at?.toISOString(),
        sessions: event.package_sessions ?? undefined,
        purchase_id: event.purchase_id ?? undefined,
        expires_at: event.expires_at?.toISOString(),
        amount: decimalOfMinor(event.amount_minor, event.currency),
        currency: event.currency,
        document_id: event.document_id ?? undefined,
        held_until: heldUntil?.toISOString(),
        why: reasonOf(event.why),
        count: event.session_count ?? undefined,
        ...(!isSummary &&
          (event.session_count ?? 1) > 1 && {
            together: event.session_count,
            series_id: event.series_id ?? undefined,
          }),
      },
    }),
    recipient: parties.recipients[role],
    // However often an attempt fails, its payment has one message about it.
    dedupeKey: event.first_failed_at
      ? occasionOf(fromDate(event.first_failed_at), kind, event.payment_id)
      : occasionOf(fromDate(event.happened_at), "money_event", event_id),
    // A summary is about no one session, and names no student.
    ...(!isSummary && event.booking_id !== null && { bookingId: event.booking_id, mentorId: mentor_id }),
    by: "system",
    happenedAt: isSummary ? now : fromDate(event.happened_at),
    isUrgent: heldUntil !== undefined,
  };
}

const reasons: Readonly<Record<string, RefundReason>> = {
  student_cancelled: "cancelled",
  mentor_cancelled: "cancelled",
  declined: "cancelled",
  expired: "cancelled",
};

function reasonOf(why: string | null): RefundReason {
  return refundReasons.find((each) => each === why) ?? reasons[why ?? ""] ?? "other";
}
