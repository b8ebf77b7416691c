import { notificationContent } from "#contract/notifications.ts";
import { bookingRoles } from "#rules/bookingState.ts";
import { epochMs, fromDate, MINUTE_MS, type Minutes } from "#scheduling/units.ts";
import { occasionOf } from "../mail/occasion.ts";
import type { SystemTx } from "../platform/database/database.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { sliceSizes } from "../platform/queue/slices.ts";
import { writeMessages } from "./channels.ts";
import { type Involved, type Message, readParties } from "./message.ts";

/** Of private.claim_due_reminders(). */
interface DueReminder extends Involved {
  booking_id: string;
  user_id: string;
  /** Minutes before the start. */
  lead: Minutes;
  starts_at: Date;
  group_session_id: string | null;
}

const most = sliceSizes.changed;
/** A reminder this close to the start is worth a disturbance, minutes. */
const urgentLead = 120;

/** Writes the messages of all reminders that are due, each in the transaction that ends its reminder. */
export async function sendReminders({ database, now }: Dependencies): Promise<void> {
  let due: number;
  do {
    due = await database.asSystem("reminders are about both parties", null, async (tx) => {
      const { rows } = await tx.client.query<DueReminder>(
        "select * from private.claim_due_reminders($1, $2)",
        [new Date(now()), most],
      );
      const messages = await Promise.all(rows.map((reminder) => messageOf(tx, reminder)));
      await writeMessages(tx, messages.flat(), now());
      return rows.length;
    });
  } while (due === most);
}

async function messageOf(tx: SystemTx, reminder: DueReminder): Promise<Message[]> {
  const parties = await readParties(tx, reminder);
  const role = bookingRoles.find((each) => parties?.recipients[each].id === reminder.user_id);
  if (!parties || !role) return [];
  const { booking_id, mentor_id, lead, starts_at, group_session_id } = reminder;
  // The seats of a group are one session for its mentor.
  const session = (role === "mentor" && group_session_id) || booking_id;
  const facts = { ...parties.factsFor(role), starts_at: starts_at.toISOString() };
  return [
    {
      ...notificationContent.parse({ kind: "booking_reminder", facts }),
      recipient: parties.recipients[role],
      dedupeKey: occasionOf(fromDate(starts_at), "reminder", session, starts_at.toISOString(), lead),
      bookingId: booking_id,
      mentorId: mentor_id,
      by: "system",
      leadMinutes: lead,
      isUrgent: lead <= urgentLead,
      expiresAt: epochMs(starts_at.getTime() - (lead * MINUTE_MS) / 2),
    },
  ];
}
