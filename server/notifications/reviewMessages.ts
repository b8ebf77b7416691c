import { z } from "zod";
import { notificationContent } from "#contract/notifications.ts";
import { fromDate } from "#scheduling/units.ts";
import { occasionOf } from "../mail/occasion.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { type Involved, type Message, readParties } from "./message.ts";

const reviewPayload = z.object({ review_id: z.uuid(), mentor_id: z.uuid() });

interface ReviewFacts extends Involved {
  booking_id: string;
  starts_at: Date;
  written_at: Date;
  replied_at: Date | null;
}

/** The message to the mentor about a review; none if it was deleted meanwhile. */
export function messagesOfReview(tx: SystemTx, payload: unknown): Promise<Message[]> {
  return messagesAbout(tx, payload, "review");
}

/** The message to the student about the mentor's reply; none if it was deleted meanwhile. */
export function messagesOfReply(tx: SystemTx, payload: unknown): Promise<Message[]> {
  return messagesAbout(tx, payload, "reply");
}

async function messagesAbout(tx: SystemTx, payload: unknown, about: "review" | "reply"): Promise<Message[]> {
  const { review_id, mentor_id } = reviewPayload.parse(payload);
  const { rows } = await tx.client.query<ReviewFacts>("select * from private.review_facts($1, $2)", [
    mentor_id,
    review_id,
  ]);
  const [review] = rows;
  const writtenAt = about === "review" ? review?.written_at : review?.replied_at;
  if (!review || !writtenAt) return [];
  const parties = await readParties(tx, review);
  if (!parties) return [];
  const role = about === "review" ? "mentor" : "student";
  const facts = { ...parties.factsFor(role), starts_at: review.starts_at.toISOString() };
  return [
    {
      ...notificationContent.parse({
        kind: about === "review" ? "review_written" : "review_answered",
        facts,
      }),
      recipient: parties.recipients[role],
      dedupeKey: occasionOf(fromDate(writtenAt), "review", review_id, about),
      bookingId: review.booking_id,
      mentorId: review.mentor_id,
    },
  ];
}
