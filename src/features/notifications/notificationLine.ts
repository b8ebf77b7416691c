import type { Notification } from "#contract/notifications.ts";
import { notificationText } from "#contract/notificationText.ts";
import { moneyOf } from "#rules/money.ts";
import { notificationSentences } from "#words/notifications.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { formatAmount } from "@/lib/money.ts";
import { paths } from "@/lib/paths.ts";
import { seriesPath } from "@/lib/seriesPath.ts";
import { formatShortDay, formatTime } from "@/lib/time.ts";
import { waitlistPaths } from "@/lib/waitlistPaths.ts";

/** Returns the notification's sentence, with times in `timeZone`: the list names the zone. */
export function sentenceOf(notification: Notification, timeZone: string): string {
  return notificationText(notificationSentences, notification, {
    instant: (instant) => `${formatShortDay(instant, timeZone)}, ${formatTime(instant, timeZone)}`,
    amount: (amount, currency) => formatAmount(moneyOf(amount, currency)),
  });
}

/** Returns what the other person wrote, if anything. */
export function quoteOf({ facts }: Notification): string | undefined {
  return "reason" in facts ? facts.reason : undefined;
}

/** About money that is no one session's. */
const earnings: ReadonlySet<string> = new Set(["earned", "payout_sent", "payout_failed"]);
/** About a package that can still be bought. */
const unpaid: ReadonlySet<string> = new Set(["payment_failed"]);

/** Returns the page on which the reader can act on it. */
export function addressOf(notification: Notification): string {
  const { facts, booking_id } = notification;
  // Any session of those that are paid together leads to their payment.
  if (booking_id && "held_until" in facts && facts.held_until !== undefined) return paths.pay(booking_id);
  if ("last_starts_at" in facts || ("together" in facts && facts.together !== undefined)) {
    if (facts.series_id !== undefined) return seriesPath(facts.series_id);
    // Of a basket: the list has all of its sessions.
    if (facts.role === "student") return paths.sessions();
    return paths.mentorWorkspace(notification.kind === "series_requested" ? "requests" : "sessions");
  }
  if (booking_id) return paths.session(booking_id);
  if (notification.kind === "alert_fired") {
    const { mentor_username, service_id, duration } = notification.facts;
    return paths.bookTime(mentor_username, { serviceId: service_id, minutes: duration });
  }
  if ("group_session_id" in notification.facts) return groupPaths.roster(notification.facts.group_session_id);
  if ("offer_id" in notification.facts) return waitlistPaths.waiting(notification.facts.offer_id);
  if ("connection_id" in notification.facts) return paths.account("calendars");
  if (earnings.has(notification.kind)) return paths.earnings();
  if ("purchase_id" in notification.facts && notification.facts.purchase_id !== undefined) {
    const { role, purchase_id } = notification.facts;
    if (role === "mentor") return paths.earnings();
    return unpaid.has(notification.kind) ? paths.pay(purchase_id, "packages") : paths.payments();
  }
  return notification.facts.role === "mentor" ? paths.mentorWorkspace("requests") : paths.sessions();
}
