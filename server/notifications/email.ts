import type { NotificationKind } from "#contract/notifications.ts";
import { quietUntil } from "#rules/quietHours.ts";
import { windowMs } from "#rules/windows.ts";
import { type EpochMs, epochMs } from "#scheduling/units.ts";
import { writeDeliveries } from "../mail/deliveries.ts";
import type { MailContent } from "../mail/mailContent.ts";
import type { Channel, RecipientSettings } from "./channel.ts";
import type { Message } from "./message.ts";
import { topicOf } from "./topics.ts";

/** What the mail about the booking says already: that it was requested, declined, cancelled or has expired. */
const saidElsewhere: ReadonlySet<NotificationKind> = new Set(["payment_authorized", "payment_released"]);

/** Mails, which a worker sends (server/mail/). */
export const email: Channel = {
  name: "email",
  wants: ({ kind, facts, happenedAt }, { hasConfirmedAddress }, now) => {
    if ((happenedAt ?? now) + windowMs("delivery") <= now) return false;
    if (saidElsewhere.has(kind)) return false;
    // To the mentor it is no news, to the student an invitation to review the session.
    if (kind === "booking_completed") return facts.role === "student";
    // A stranger's address must not be mailed each time a mentor has time.
    return kind !== "alert_fired" || hasConfirmedAddress;
  },
  write: (tx, messages, settingsOf, now) =>
    writeDeliveries(
      tx,
      messages.map((message) => {
        const { recipient, kind, facts, dedupeKey, bookingId, together, mentorId, by, leadMinutes } = message;
        const { id, name, timezone, language } = recipient;
        const booking = bookingId && mentorId ? { id: bookingId, mentor_id: mentorId } : undefined;
        const content: MailContent = {
          recipient: { name, timezone, language },
          facts,
          topic: topicOf[kind],
          by,
          lead_minutes: leadMinutes,
          booking,
          together,
        };
        const dueAt = message.isUrgent ? undefined : endOfQuiet(message, settingsOf(id), now);
        return {
          userId: id,
          kind,
          occasion: dedupeKey,
          content,
          isUrgent: message.isUrgent ?? false,
          dueAt,
          expiresAt:
            message.expiresAt ?? epochMs((dueAt ?? message.happenedAt ?? now) + windowMs("delivery")),
        };
      }),
    ),
};

function endOfQuiet({ recipient }: Message, { quiet }: RecipientSettings, now: EpochMs): EpochMs | undefined {
  return quiet && quietUntil(now, { ...quiet, timezone: recipient.timezone });
}
