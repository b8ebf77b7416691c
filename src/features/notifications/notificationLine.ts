import type { Notification } from "#contract/notifications.ts";
import { notificationText } from "#contract/notificationText.ts";
import { notificationSentences } from "#words/notifications.ts";
import { paths } from "@/lib/paths.ts";
import { formatShortDay, formatTime } from "@/lib/time.ts";

/** Returns the notification's sentence, with times in `timeZone`: the list names the zone. */
export function sentenceOf(notification: Notification, timeZone: string): string {
  return notificationText(
    notificationSentences,
    notification,
    (instant) => `${formatShortDay(instant, timeZone)}, ${formatTime(instant, timeZone)}`,
  );
}

/** Returns what the other person wrote, if anything. */
export function quoteOf({ facts }: Notification): string | undefined {
  return "reason" in facts ? facts.reason : undefined;
}

/** Returns the page on which the reader can act on it. */
export function addressOf(notification: Notification): string {
  if (notification.booking_id) return paths.session(notification.booking_id);
  if (notification.kind === "alert_fired") {
    const { mentor_username, service_id, duration } = notification.facts;
    return paths.bookTime(mentor_username, { serviceId: service_id, minutes: duration });
  }
  return notification.facts.role === "mentor" ? paths.mentorWorkspace("requests") : paths.sessions();
}
