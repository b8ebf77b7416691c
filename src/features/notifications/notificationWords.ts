import type { Notification, NotificationFacts, NotificationKind } from "#contract/notifications.ts";
import { paths } from "@/lib/paths.ts";
import { formatShortDay, formatTime } from "@/lib/time.ts";

/** What one is told, in a sentence. Times are on the reader's clock: say whose beside the list. */
export function sentenceOf({ kind, facts }: Pick<Notification, "kind" | "facts">, timeZone: string): string {
  const at = (instant: string | undefined) =>
    instant ? `${formatShortDay(instant, timeZone)}, ${formatTime(instant, timeZone)}` : "another time";
  const who = facts.counterpart || (facts.role === "student" ? "Your mentor" : "A student");
  const what = `“${facts.service_title}”`;
  const asStudent = facts.role === "student";
  const sentences: Readonly<Record<NotificationKind, string>> = {
    booking_requested: `${who} asks for ${what} on ${at(facts.starts_at)}.`,
    booking_booked: asStudent
      ? `${who} has agreed: ${what} on ${at(facts.starts_at)} is booked.`
      : `${who} has booked ${what} on ${at(facts.starts_at)}.`,
    booking_confirmed: `${who} has confirmed ${what} on ${at(facts.starts_at)}.`,
    booking_declined: `${who} cannot take ${what} on ${at(facts.starts_at)}.`,
    booking_cancelled: `${who} has cancelled ${what} on ${at(facts.starts_at)}.`,
    booking_rescheduled: `${who} has moved ${what} from ${at(facts.from_starts_at)} to ${at(facts.starts_at)}.`,
    booking_completed: `${what} with ${who} on ${at(facts.starts_at)} is marked as completed.`,
    booking_expired: asStudent
      ? `${who} has not answered in time: your request for ${what} on ${at(facts.starts_at)} has expired.`
      : `The request of ${who} for ${what} on ${at(facts.starts_at)} has expired.`,
    time_request_opened: `${who} asks for another time for ${what}.`,
    time_request_proposed: `${who} proposes other times for ${what}.`,
    time_request_declined: `${who} has no time for ${what} as you asked.`,
    time_request_withdrawn: `${who} no longer asks for another time for ${what}.`,
    time_request_expired: asStudent
      ? `Your request for another time for ${what} with ${who} has expired.`
      : `The request of ${who} for another time for ${what} has expired.`,
    review_written: `${who} has reviewed ${what} on ${at(facts.starts_at)}.`,
    review_answered: `${who} has answered your review of ${what}.`,
    no_show_claimed: `${who} says that you did not come to ${what} on ${at(facts.starts_at)}. Please answer by ${at(facts.answer_until)}.`,
    no_show_agreed: `${who} agrees not to have come to ${what} on ${at(facts.starts_at)}.`,
    no_show_disputed: `${who} disputes what you said about ${what} on ${at(facts.starts_at)}: it counts as held.`,
    no_show_withdrawn: `${who} no longer says that you did not come to ${what} on ${at(facts.starts_at)}.`,
    no_show_unanswered:
      facts.claimed_by === facts.role
        ? `${who} has not answered in time: it stands that you met nobody for ${what} on ${at(facts.starts_at)}.`
        : `You have not answered ${who} in time: it stands that you did not come to ${what} on ${at(facts.starts_at)}.`,
    alert_fired: `${who} has a free time for ${what}: ${at(facts.starts_at)}.`,
  };
  return sentences[kind];
}

/** The page on which one can do something about it. */
export function addressOf({ kind, booking_id, facts }: Notification): string {
  if (booking_id) return paths.session(booking_id);
  if (kind === "alert_fired" && facts.mentor_username) return bookAddress(facts.mentor_username, facts);
  return facts.role === "mentor" ? paths.mentorWorkspace("requests") : paths.sessions();
}

function bookAddress(username: string, { service_id, duration }: NotificationFacts): string {
  return service_id && duration
    ? paths.bookTime(username, { serviceId: service_id, minutes: duration })
    : paths.mentor(username);
}
