import { z } from "zod";
import { notificationContent } from "#contract/notifications.ts";
import type { EntryQuestionKind } from "#rules/entryQuestion.ts";
import { DAY_MS, type EpochMs, epochMs, fromDate } from "#scheduling/units.ts";
import { occasionOf } from "../mail/occasion.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { type Involved, type Message, readParties } from "./message.ts";

const questionPayload = z.object({ mentor_id: z.uuid(), session_id: z.uuid(), question_id: z.uuid() });

interface QuestionFacts extends Involved {
  question: EntryQuestionKind;
  /** Null: the session is a group. */
  booking_id: string | null;
  moved_to: Date | null;
  calendar_name: string;
  starts_at: Date;
  ends_at: Date;
  noticed_at: Date;
}

/** Asks a mentor what they mean by what they did to a session in their calendar; nothing if that is no question any more. */
export async function messagesOfEntry(tx: SystemTx, payload: unknown, now: EpochMs): Promise<Message[]> {
  const { mentor_id, session_id, question_id } = questionPayload.parse(payload);
  const { rows } = await tx.client.query<QuestionFacts>(
    "select * from private.entry_question_facts($1, $2, $3)",
    [mentor_id, session_id, question_id],
  );
  const [facts] = rows;
  const parties = facts && (await readParties(tx, facts));
  if (!parties) return [];
  const { booking_id } = facts;
  const kind = booking_id === null ? `group_entry_${facts.question}` : `entry_${facts.question}`;
  return [
    {
      ...notificationContent.parse({
        kind,
        facts: {
          ...parties.factsFor("mentor"),
          starts_at: facts.starts_at.toISOString(),
          calendar: facts.calendar_name,
          ...(booking_id === null && { group_session_id: session_id }),
          ...(facts.moved_to && { moved_to: facts.moved_to.toISOString() }),
        },
      }),
      recipient: parties.recipients.mentor,
      dedupeKey: occasionOf(fromDate(facts.noticed_at), kind, question_id),
      ...(booking_id !== null && { bookingId: booking_id }),
      mentorId: mentor_id,
      by: "system",
      isUrgent: facts.starts_at.getTime() < now + DAY_MS,
      expiresAt: epochMs(facts.ends_at.getTime()),
    },
  ];
}
