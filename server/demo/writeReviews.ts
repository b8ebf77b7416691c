import type { Client } from "pg";
import { personOf } from "./people.ts";
import type { DemoReview } from "./reviews.ts";
import { type ServiceIds, serviceName } from "./writeMentors.ts";

/**
 * Writes reviews of the sessions that took place, a day after each, through the same triggers as all reviews, which fill
 * in the rest and compute the ratings. Sends no notifications.
 */
export async function writeReviews(
  owner: Client,
  reviews: readonly DemoReview[],
  services: ServiceIds,
): Promise<void> {
  await owner.query("alter table reviews disable trigger reviews_60_enqueue");
  await owner.query("alter table review_replies disable trigger review_replies_50_enqueue");
  const { rowCount } = await owner.query(
    `with said as (
       select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[]) said(service_id, user_id, rating, comment)
     )
     insert into reviews (booking_id, expert_id, rating, comment, created_at)
     select b.id, b.expert_id, said.rating, said.comment, b.ends_at + interval '21 hours'
     from said join bookings b using (service_id, user_id) where b.status = 'completed'`,
    [
      reviews.map((review) => services.get(serviceName(review.mentor, review.service))),
      reviews.map((review) => personOf(review.student).id),
      reviews.map((review) => review.rating),
      reviews.map((review) => review.comment ?? null),
    ],
  );
  if (rowCount !== reviews.length) throw new Error(`${reviews.length} reviews are of ${rowCount} sessions.`);
  const answered = reviews.filter(({ reply }) => reply !== undefined);
  await owner.query(
    `insert into review_replies (review_id, expert_id, body, created_at)
     select r.id, r.expert_id, said.body, r.created_at + interval '7 hours'
     from unnest($1::uuid[], $2::uuid[], $3::text[]) said(service_id, user_id, body)
       join reviews r using (service_id, user_id)`,
    [
      answered.map((review) => services.get(serviceName(review.mentor, review.service))),
      answered.map((review) => personOf(review.student).id),
      answered.map((review) => review.reply),
    ],
  );
  await owner.query("alter table reviews enable trigger reviews_60_enqueue");
  await owner.query("alter table review_replies enable trigger review_replies_50_enqueue");
}
