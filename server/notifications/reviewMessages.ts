import { z } from "zod";
import type { SystemTx } from "../platform/database/database.ts";
import type { Message } from "./message.ts";

export const reviewStep = z.object({ review_id: z.uuid() });

interface ReviewFacts {
  booking_id: string;
  student_id: string;
  mentor_id: string;
  author: string;
  mentor_name: string;
  mentor_username: string;
  service_title: string;
  starts_at: Date;
  has_reply: boolean;
}

/** The mentor hears of a review, the student of an answer; nobody of one that was taken back meanwhile. */
export async function messagesOfReview(
  tx: SystemTx,
  reviewId: string,
  about: "review" | "reply",
): Promise<Message[]> {
  const { rows } = await tx.client.query<ReviewFacts>("select * from private.review_facts($1)", [reviewId]);
  const [review] = rows;
  if (!review || (about === "reply" && !review.has_reply)) return [];
  const toMentor = about === "review";
  return [
    {
      recipientId: toMentor ? review.mentor_id : review.student_id,
      kind: toMentor ? "review_written" : "review_answered",
      dedupeKey: `review:${reviewId}:${about}`,
      bookingId: review.booking_id,
      facts: {
        role: toMentor ? "mentor" : "student",
        counterpart: toMentor ? review.author : review.mentor_name,
        service_title: review.service_title,
        mentor_username: review.mentor_username,
        starts_at: review.starts_at.toISOString(),
      },
    },
  ];
}
