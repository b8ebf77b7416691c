import { z } from "zod";
import { bookingRoles } from "#rules/bookingState.ts";
import { countLimits } from "#rules/limits.ts";
import { refundReasons } from "#rules/refundPolicy.ts";
import { connectionKinds, connectionProblemCodes } from "./calendarConnections.ts";
import { cursorQuery, responseDate, responseMinutes, uuid } from "./primitives.ts";
import { waitlistEndings } from "./waitlist.ts";

const bookingRole = z.enum(bookingRoles);

/** The facts of every notification, as they were when it happened. */
const aboutService = z.object({
  role: bookingRole.describe("The recipient's role."),
  counterpart: z.string().describe("The other person's name."),
  service_title: z.string(),
  mentor_username: z.string(),
});
const reason = { reason: z.string().optional() };
const aboutSession = aboutService.extend({ starts_at: z.string(), ...reason });
const amount = {
  amount: z.number().describe("In major units of the currency."),
  currency: z.string(),
};
/** What a message about a session says about its payment; left out if nothing was to be paid. */
const sessionMoney = z.object({
  ...amount,
  state: z
    .enum(["paid", "reserved", "charging", "refunding", "kept", "released"])
    .describe("refunding: the amount is on its way back; kept: the policy refunds nothing."),
  policy: z
    .object({ full_cutoff: responseMinutes, partial_cutoff: responseMinutes, partial_percent: z.int() })
    .optional()
    .describe("What students get back when they cancel, as stored with the booking."),
});
const money = { money: sessionMoney.optional() };
const aboutPayment = aboutService.extend({
  starts_at: z.string().optional().describe("Of the session; left out: it is for a package."),
  sessions: z.int().optional().describe("Of the package; left out: it is for a session."),
  purchase_id: uuid.optional(),
  together: z.int().optional().describe("It is for so many sessions; starts_at is that of the first one."),
  series_id: uuid.optional().describe("Of these sessions, if they are a series or a programme."),
  ...amount,
});
const document = {
  document_id: uuid.optional().describe("The receipt, or the credit note, if one was issued."),
};
/** What can happen to several sessions at once that were booked together. */
export const seriesChanges = ["confirmed", "declined", "cancelled", "rescheduled", "expired"] as const;
export type SeriesChange = (typeof seriesChanges)[number];
const aboutSeries = aboutSession.extend({
  series_id: uuid.optional().describe("Left out: they were booked together and are no series."),
  sessions: z.int().describe("How many sessions it is about; starts_at is that of the first one."),
  last_starts_at: z.string(),
});
const ofMentor = z.object({ role: bookingRole, mentor_username: z.string(), ...amount });
const toAccount = ofMentor.extend({
  account: z.string().optional().describe("The last four characters of the account."),
});

const aboutConnection = z.object({
  role: bookingRole.describe("mentor for everyone who is one."),
  connection_id: uuid,
  connection: z.string().describe("What its owner calls it."),
});
const offering = {
  offering: z
    .enum(["continues", "pauses"])
    .optional()
    .describe(
      "What the owner chose for old busy times; left out: none of its calendars decides what is offered.",
    ),
};

const aboutEntry = aboutSession.extend({
  calendar: z.string().describe("The name of the mentor's calendar."),
});
const why = { why: z.enum(refundReasons) };
const aboutReport = aboutSession.extend({
  claimed_by: bookingRole.describe("Who reported the other as a no-show."),
});

function of<const Kind extends string, Facts extends z.ZodType>(kind: Kind, facts: Facts) {
  return z.object({ kind: z.literal(kind), facts });
}

/**
 * A kind of notification and its facts. To add a kind, add a line here: the compiler then requires its sentence
 * (`words/en/notifications.ts`), and `server/notifications/` sends it. Instants are UTC, dates are the recipient's.
 */
export const notificationContent = z.discriminatedUnion("kind", [
  of("booking_requested", aboutSession.extend(money)),
  of("booking_booked", aboutSession.extend(money)),
  of("booking_confirmed", aboutSession.extend(money)),
  of("booking_declined", aboutSession.extend(money)),
  of("booking_cancelled", aboutSession.extend(money)),
  of("booking_rescheduled", aboutSession.extend({ from_starts_at: z.string() })),
  of("series_requested", aboutSeries.extend(money)),
  of("series_booked", aboutSeries.extend(money)),
  of("series_changed", aboutSeries.extend({ change: z.enum(seriesChanges), ...money })),
  of("series_lapsed", aboutSession),
  of("group_cancelled", aboutSession.extend(money)),
  of("group_confirmed", aboutSession),
  of("group_message", aboutSession),
  of("meeting_fell_back", aboutSession.extend({ has_link: z.boolean() })),
  of("meeting_restored", aboutSession),
  of("meeting_changed", aboutSession),
  of("entry_moved", aboutEntry.extend({ moved_to: z.string() })),
  of("entry_deleted", aboutEntry),
  of("group_entry_moved", aboutEntry.extend({ group_session_id: uuid, moved_to: z.string() })),
  of("group_entry_deleted", aboutEntry.extend({ group_session_id: uuid })),
  of("booking_reminder", aboutSession),
  of("booking_completed", aboutSession),
  of("booking_expired", aboutSession.extend(money)),
  of("time_request_opened", aboutService.extend(reason)),
  of("time_request_proposed", aboutService.extend(reason)),
  of("time_request_declined", aboutService.extend(reason)),
  of("time_request_withdrawn", aboutService.extend(reason)),
  of("time_request_expired", aboutService.extend(reason)),
  of(
    "alert_fired",
    aboutService.extend({
      starts_at: z.string(),
      service_id: uuid,
      duration: responseMinutes,
      from_date: responseDate,
      to_date: responseDate,
    }),
  ),
  of(
    "waitlist_offer",
    aboutService.extend({
      starts_at: z.string(),
      expires_at: z.string().describe("Until when the time is kept."),
      is_final: z.boolean().describe("It can't be cancelled any more once it is booked."),
      service_id: uuid,
      offer_id: uuid,
      entry_id: uuid,
    }),
  ),
  of(
    "waitlist_lapsed",
    aboutService.extend({
      starts_at: z.string(),
      service_id: uuid,
      ended_because: z.enum(waitlistEndings).describe("lapsed: nothing was answered in time."),
    }),
  ),
  of("review_written", aboutSession),
  of("review_answered", aboutSession),
  of("no_show_claimed", aboutReport.extend({ answer_until: z.string() })),
  of("no_show_agreed", aboutReport),
  of("no_show_disputed", aboutReport),
  of("no_show_withdrawn", aboutReport),
  of("no_show_unanswered", aboutReport),
  of("payment_received", aboutPayment.extend(document)),
  of(
    "payment_failed",
    aboutPayment.extend({
      held_until: z
        .string()
        .optional()
        .describe("Until when it can be paid; left out: the time is not held."),
    }),
  ),
  of("payment_due", aboutPayment.extend({ held_until: z.string() })),
  of("payment_authorized", aboutPayment),
  of("payment_released", aboutPayment),
  of("payment_late", aboutPayment.extend(why)),
  of("payment_twice", aboutPayment),
  of("refund_requested", aboutPayment.extend(why)),
  of("refund_done", aboutPayment.extend(document)),
  of("refund_failed", aboutPayment),
  of("dispute_opened", aboutPayment),
  of("dispute_won", aboutPayment),
  of("dispute_lost", aboutPayment),
  of("package_sold", aboutPayment),
  of(
    "package_expiring",
    aboutPayment.extend({ expires_at: z.string().describe("Until when its sessions can be booked.") }),
  ),
  of(
    "earned",
    ofMentor.extend({
      count: z.int().describe("Sessions that it is for; 0: what was left of an expired package."),
    }),
  ),
  of("fee_returned", aboutPayment.extend(document)),
  of("payout_sent", toAccount),
  of("payout_failed", toAccount),
  of(
    "calendar_broken",
    aboutConnection.extend({
      connection_kind: z.enum(connectionKinds),
      problem: z.enum(connectionProblemCodes),
      ...offering,
    }),
  ),
  of(
    "calendar_stale",
    aboutConnection.extend({
      synced_at: z.string().optional().describe("When it was last read; left out: never."),
      ...offering,
    }),
  ),
  of("calendar_login_ends", aboutConnection.extend({ ends_at: z.string() })),
  of("calendar_missing", aboutConnection.extend({ calendar: z.string().describe("Its name.") })),
]);
export type NotificationContent = z.infer<typeof notificationContent>;
export type NotificationKind = NotificationContent["kind"];
/** A kind of notification about an amount of money. */
export type MoneyKind = Extract<NotificationContent, { facts: { amount: number } }>["kind"];
/** A kind of notification about a calendar connection. */
export type ConnectionKind = Extract<NotificationContent, { facts: { connection_id: string } }>["kind"];
/** What a message about a session says about its payment. */
export type SessionMoney = z.infer<typeof sessionMoney>;
export type NotificationFacts<Kind extends NotificationKind> = Extract<
  NotificationContent,
  { kind: Kind }
>["facts"];

export const notification = z
  .object({
    id: uuid,
    booking_id: uuid.nullable(),
    request_id: uuid.nullable(),
    created_at: z.string(),
    read_at: z.string().nullable(),
  })
  .and(notificationContent)
  .meta({ id: "Notification" });
export type Notification = z.infer<typeof notification>;

export const unreadCount = z.object({ unread_count: z.int() });
export type UnreadCount = z.infer<typeof unreadCount>;

export const notificationQuery = z.object(cursorQuery);
export const notificationPage = unreadCount.extend({
  data: z.array(notification),
  next_cursor: z.string().nullable(),
});
export type NotificationPage = z.infer<typeof notificationPage>;

/** Which notifications were read; all if left out. */
export const markRead = z
  .strictObject({ ids: z.array(uuid).min(1).max(countLimits.notificationsAtOnce).optional() })
  .nullish();
export type MarkRead = z.input<typeof markRead>;
