import type { z } from "zod";
import type { BookingReview, changeReview, writeReview } from "../../contract/reviews.ts";
import type { Identity } from "../auth/identity.ts";
import { findBooking } from "../bookings/queries.ts";
import type { Database, UserTx } from "../database.ts";
import { Refusal } from "../errors.ts";
import { findReviewOf } from "./queries.ts";

/** @throws Refusal `booking_not_found` for a stranger */
export async function readReviewOf(
  database: Database,
  caller: Pick<Identity, "id">,
  bookingId: string,
): Promise<{ review: BookingReview | null; may_review: boolean }> {
  const may = await database.asUser(caller.id, async (tx) => {
    if (!(await findBooking(tx, bookingId))) throw new Refusal("booking_not_found");
    return mayReview(tx, bookingId);
  });
  const review = await database.asSystem("whose review it is, is hidden from people", caller.id, (tx) =>
    findReviewOf(tx, bookingId),
  );
  return { review, may_review: may && review === null };
}

/**
 * The caller's one review of a session that took place.
 * @throws Refusal `booking_not_found`, `forbidden` for its mentor, `review_not_allowed`, `review_exists`
 */
export async function writeReviewOf(
  database: Database,
  caller: Identity,
  bookingId: string,
  { rating, comment = null }: z.output<typeof writeReview>,
): Promise<BookingReview> {
  await database.asUser(caller.id, async (tx) => {
    const booking = await findBooking(tx, bookingId);
    if (!booking) throw new Refusal("booking_not_found");
    if (booking.user_id !== caller.id) throw new Refusal("forbidden");
    if (!(await mayReview(tx, bookingId))) throw new Refusal("review_not_allowed");
    await tx.client.query("insert into reviews (booking_id, rating, comment) values ($1, $2, $3)", [
      bookingId,
      rating,
      comment,
    ]);
  });
  return readOwn(database, caller, bookingId);
}

/** @throws Refusal `booking_not_found`, `forbidden` for its mentor, `review_not_found`, `review_closed` after 14 days */
export async function changeReviewOf(
  database: Database,
  caller: Identity,
  bookingId: string,
  change: z.output<typeof changeReview>,
): Promise<BookingReview> {
  const review = await readOwn(database, caller, bookingId);
  const { rating = review.rating, comment = review.comment } = change;
  const { rowCount } = await database.asUser(caller.id, (tx) =>
    tx.client.query("update reviews set rating = $2, comment = $3 where id = $1", [
      review.id,
      rating,
      comment,
    ]),
  );
  // The policy says until when.
  if (rowCount === 0) throw new Refusal("review_closed");
  return readOwn(database, caller, bookingId);
}

/** @throws Refusal `booking_not_found`, `forbidden` for its mentor, `review_not_found` */
export async function dropReviewOf(database: Database, caller: Identity, bookingId: string): Promise<void> {
  const { id } = await readOwn(database, caller, bookingId);
  await database.asUser(caller.id, (tx) => tx.client.query("delete from reviews where id = $1", [id]));
}

/** The mentor's answer to a review; another one takes its place. @throws Refusal `review_not_found` */
export async function writeReplyTo(
  database: Database,
  caller: Identity,
  reviewId: string,
  reply: string,
): Promise<void> {
  await database.asUser(caller.id, async (tx) => {
    await requireReviewed(tx, caller, reviewId);
    await tx.client.query(
      `insert into review_replies (review_id, body) values ($1, $2)
       on conflict (review_id) do update set body = excluded.body`,
      [reviewId, reply],
    );
  });
}

/** @throws Refusal `review_not_found` */
export async function dropReplyTo(database: Database, caller: Identity, reviewId: string): Promise<void> {
  await database.asUser(caller.id, async (tx) => {
    await requireReviewed(tx, caller, reviewId);
    await tx.client.query("delete from review_replies where review_id = $1", [reviewId]);
  });
}

async function mayReview(tx: UserTx, bookingId: string): Promise<boolean> {
  const { rows } = await tx.client.query<{ may: boolean }>("select private.may_review($1) as may", [
    bookingId,
  ]);
  return rows[0]?.may ?? false;
}

async function readOwn(database: Database, caller: Identity, bookingId: string): Promise<BookingReview> {
  const booking = await database.asUser(caller.id, (tx) => findBooking(tx, bookingId));
  if (!booking) throw new Refusal("booking_not_found");
  if (booking.user_id !== caller.id) throw new Refusal("forbidden");
  const { review } = await readReviewOf(database, caller, bookingId);
  if (!review) throw new Refusal("review_not_found");
  return review;
}

/** To anybody but the mentor it is about, there is no such review to answer. */
async function requireReviewed(tx: UserTx, caller: Identity, reviewId: string): Promise<void> {
  const { rowCount } = await tx.client.query("select from reviews where id = $1 and expert_id = $2", [
    reviewId,
    caller.id,
  ]);
  if (rowCount === 0) throw new Refusal("review_not_found");
}
