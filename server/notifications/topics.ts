import type { NotificationKind } from "#contract/notifications.ts";
import type { Topic } from "#rules/topics.ts";

/** Under which topic people switch a kind of message on and off. */
export const topicOf: Readonly<Record<NotificationKind, Topic>> = {
  booking_requested: "bookings",
  booking_booked: "bookings",
  booking_confirmed: "bookings",
  booking_declined: "bookings",
  booking_cancelled: "bookings",
  booking_rescheduled: "bookings",
  booking_expired: "bookings",
  group_cancelled: "bookings",
  group_confirmed: "bookings",
  group_message: "bookings",
  meeting_fell_back: "bookings",
  meeting_restored: "bookings",
  entry_moved: "bookings",
  entry_deleted: "bookings",
  no_show_claimed: "bookings",
  no_show_agreed: "bookings",
  no_show_disputed: "bookings",
  no_show_withdrawn: "bookings",
  no_show_unanswered: "bookings",
  booking_reminder: "reminders",
  time_request_opened: "time_requests",
  time_request_proposed: "time_requests",
  time_request_declined: "time_requests",
  time_request_withdrawn: "time_requests",
  time_request_expired: "time_requests",
  alert_fired: "alerts",
  booking_completed: "reviews",
  review_written: "reviews",
  review_answered: "reviews",
  payment_received: "payments",
  payment_failed: "payments",
  payment_authorized: "payments",
  payment_released: "payments",
  payment_late: "payments",
  payment_twice: "payments",
  refund_requested: "payments",
  refund_done: "payments",
  refund_failed: "payments",
  dispute_opened: "payments",
  dispute_won: "payments",
  dispute_lost: "payments",
  package_sold: "payments",
  package_expiring: "payments",
  earned: "payments",
  fee_returned: "payments",
  payout_sent: "payments",
  payout_failed: "payments",
  calendar_broken: "calendars",
  calendar_stale: "calendars",
  calendar_login_ends: "calendars",
  calendar_missing: "calendars",
};

/**
 * What people hear about although they have muted its topic: money that is not where it should be. Receipts and credit notes
 * need no such rule: the documents themselves are always in the app.
 */
export const alwaysTold: ReadonlySet<NotificationKind> = new Set([
  "payment_failed",
  "payment_late",
  "refund_failed",
  "payout_failed",
  "dispute_opened",
]);
