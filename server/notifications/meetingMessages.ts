import { z } from "zod";
import { notificationContent } from "#contract/notifications.ts";
import { bookingRoles } from "#rules/bookingState.ts";
import { DAY_MS, type EpochMs, epochMs, parseInstant } from "#scheduling/units.ts";
import { occasionOf } from "../mail/occasion.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { type Involved, type Message, readParties } from "./message.ts";

/** `at`: when the session began to use the mentor's room, or another link. */
const meetingPayload = z.object({
  mentor_id: z.uuid(),
  booking_id: z.uuid(),
  kind: z.enum(["meeting_fell_back", "meeting_restored", "meeting_changed"]),
  at: z.string(),
});

interface MeetingFacts extends Involved {
  occupancy_id: string;
  status: string;
  starts_at: Date;
  ends_at: Date;
  meeting_url: string | null;
  has_fallen_back: boolean;
}

/** The mentor who has chosen another calendar changes the links of all sessions at once, and knows. */
const rolesOf = (kind: string) => (kind === "meeting_changed" ? (["student"] as const) : bookingRoles);

/** Messages to both people about another way to meet; none if it is the other way round by now, or the session is over. */
export async function messagesOfMeeting(tx: SystemTx, payload: unknown, now: EpochMs): Promise<Message[]> {
  const { mentor_id, booking_id, kind, at } = meetingPayload.parse(payload);
  const { rows } = await tx.client.query<MeetingFacts>("select * from private.meeting_facts($1, $2)", [
    mentor_id,
    booking_id,
  ]);
  const [facts] = rows;
  if (facts?.status !== "confirmed" || facts.ends_at.getTime() <= now) return [];
  if (facts.has_fallen_back !== (kind === "meeting_fell_back")) return [];
  const parties = await readParties(tx, facts);
  if (!parties) return [];
  return rolesOf(kind).map((role) => ({
    ...notificationContent.parse({
      kind,
      facts: {
        ...parties.factsFor(role),
        starts_at: facts.starts_at.toISOString(),
        has_link: facts.meeting_url !== null,
      },
    }),
    recipient: parties.recipients[role],
    // The mentor of a group is told once.
    dedupeKey: occasionOf(parseInstant(at), kind, role === "mentor" ? facts.occupancy_id : booking_id, at),
    bookingId: booking_id,
    mentorId: mentor_id,
    by: "system",
    isUrgent: facts.starts_at.getTime() < now + DAY_MS,
    expiresAt: epochMs(facts.ends_at.getTime()),
  }));
}
