import type { z } from "zod";
import type { BookingReview, BookingReviewAnswer, changeReview, writeReview } from "#contract/reviews.ts";
import { reviewOpens } from "#words/refusals.ts";
import { type FoundBooking, findBookingById } from "../bookings/queries.ts";
import type { Database, UserTx } from "../platform/database/database.ts";
import type { BookingKey } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import { isSeen, tagsOf } from "../platform/http/etag.ts";
import type { Identity } from "../platform/http/identity.ts";
import { readReviewOf } from "./queries.ts";

export interface ReviewEdit {
  caller: Identity;
  /** The revision that was seen, in quotes. */
  seen: string | undefined;
}

/**
 * Returns a booking's review to its student or its mentor, and whether the caller may write one.
 * @throws Refusal `booking_not_found`, also for other people
 */
export async function readBookingReview(
  database: Database,
  caller: Pick<Identity, "id">,
  bookingId: string,
): Promise<BookingReviewAnswer> {
  return database.asUser(caller.id, async (tx) => {
    const booking = await findBookingById(tx, bookingId);
    if (!booking) throw new Refusal("booking_not_found");
    const review = booking.review && (await readReviewOf(tx, booking));
    const turn = await reviewTurn(tx, booking);
    return {
      review,
      may_review: turn.may && turn.is_open && review === null,
      opens_at: turn.is_open ? (turn.opens_at?.toISOString() ?? null) : null,
    };
  });
}

/**
 * Creates the caller's one review of a session that took place.
 * @throws Refusal `booking_not_found`, `forbidden` for its mentor, `review_not_allowed`, `review_exists`, `review_closed`
 * for a review that was deleted and is written again more than 14 days after the first one
 */
export async function createReview(
  database: Database,
  caller: Identity,
  bookingId: string,
  { rating, comment = null }: z.output<typeof writeReview>,
): Promise<BookingReview> {
  return database.asUser(caller.id, async (tx) => {
    const booking = await findBookingById(tx, bookingId);
    if (!booking) throw new Refusal("booking_not_found");
    if (booking.user_id !== caller.id) throw new Refusal("forbidden");
    const turn = await reviewTurn(tx, booking);
    if (!turn.may) {
      const detail = turn.opens_at && reviewOpens(turn.opens_at.toISOString());
      throw new Refusal("review_not_allowed", detail ? { detail } : {});
    }
    // Sent together, because the first locks the mentor: if it is rejected, the read fails too.
    const [, review] = await Promise.all([
      tx.client.query(
        "insert into reviews (booking_id, expert_id, rating, comment) values ($1, $2, $3, $4)",
        [booking.id, booking.expert_id, rating, comment],
      ),
      readReviewOf(tx.last, booking),
    ]);
    if (!review) throw new Refusal("review_not_found");
    return review;
  });
}

/**
 * Changes the given fields. `seen` is the If-Match header: of two tabs that saw the same review, the second is rejected.
 * Without it, the current revision is changed.
 * @throws Refusal `booking_not_found`, `forbidden` for its mentor, `review_not_found`, `review_changed`,
 * `review_closed` after 14 days
 */
export async function updateReview(
  database: Database,
  { caller, seen }: ReviewEdit,
  bookingId: string,
  change: z.output<typeof changeReview>,
): Promise<BookingReview> {
  return database.asUser(caller.id, async (tx) => {
    const booking = await requireReviewed(tx, caller, bookingId);
    const { rating = null, comment = null } = change;
    const [{ rowCount }, current] = await Promise.all([
      tx.client.query(
        `update reviews set rating = coalesce($3, rating), comment = case when $4 then $5 else comment end
       where id = $1 and expert_id = $2 and ($6::text[] is null or '"' || revision || '"' = any ($6))`,
        [booking.review.id, booking.expert_id, rating, change.comment !== undefined, comment, tagsOf(seen)],
      ),
      readReviewOf(tx.last, booking),
    ]);
    if (!current) throw new Refusal("review_not_found");
    if (rowCount === 1) return current;
    // The policy no longer allows changes.
    if (isSeen(seen, current.revision)) throw new Refusal("review_closed");
    // The same content is already stored: a retry whose first response was lost.
    if (rating !== current.rating || comment !== current.comment) throw new Refusal("review_changed");
    return current;
  });
}

/** @throws Refusal `booking_not_found`, `forbidden` for its mentor, `review_not_found` */
export async function deleteReview(database: Database, caller: Identity, bookingId: string): Promise<void> {
  await database.asUser(caller.id, async (tx) => {
    const { review, expert_id } = await requireReviewed(tx, caller, bookingId);
    await tx.last.client.query("delete from reviews where id = $1 and expert_id = $2", [
      review.id,
      expert_id,
    ]);
  });
}

/** Saves the mentor's reply to a review, replacing an earlier one. @throws Refusal `review_not_found` */
export async function saveReply(
  database: Database,
  caller: Identity,
  reviewId: string,
  reply: string,
): Promise<void> {
  await database.asUser(caller.id, async (tx) => {
    await requireSubject(tx, caller, reviewId);
    await tx.client.query(
      `insert into review_replies (review_id, expert_id, body) values ($1, $2, $3)
       on conflict (review_id, expert_id) do update set body = excluded.body`,
      [reviewId, caller.id, reply],
    );
  });
}

/** @throws Refusal `review_not_found` */
export async function deleteReply(database: Database, caller: Identity, reviewId: string): Promise<void> {
  await database.asUser(caller.id, async (tx) => {
    await requireSubject(tx, caller, reviewId);
    await tx.client.query("delete from review_replies where review_id = $1 and expert_id = $2", [
      reviewId,
      caller.id,
    ]);
  });
}

interface ReviewTurn {
  /** From when the caller may review; null if never. */
  opens_at: Date | null;
  /** Whether that time has come, by the database's clock. */
  may: boolean;
  /** Whether the time for writing a deleted review again is not over. */
  is_open: boolean;
}

async function reviewTurn(tx: UserTx, booking: BookingKey): Promise<ReviewTurn> {
  const { rows } = await tx.client.query<ReviewTurn>(
    `select o.opens_at, coalesce(o.opens_at <= now(), false) as may, private.review_is_open($1, $2) as is_open
     from private.review_opens_at($1, $2) o(opens_at)`,
    [booking.expert_id, booking.id],
  );
  return rows[0] ?? { opens_at: null, may: false, is_open: false };
}

/** Returns a booking of the caller that they have reviewed. */
type ReviewedBooking = FoundBooking & { review: NonNullable<FoundBooking["review"]> };

async function requireReviewed(tx: UserTx, caller: Identity, bookingId: string): Promise<ReviewedBooking> {
  const booking = await findBookingById(tx, bookingId);
  if (!booking) throw new Refusal("booking_not_found");
  if (booking.user_id !== caller.id) throw new Refusal("forbidden");
  if (!booking.review) throw new Refusal("review_not_found");
  return { ...booking, review: booking.review };
}

/** Only the reviewed mentor finds the review here. */
async function requireSubject(tx: UserTx, caller: Identity, reviewId: string): Promise<void> {
  const { rowCount } = await tx.client.query("select from reviews where id = $1 and expert_id = $2", [
    reviewId,
    caller.id,
  ]);
  if (rowCount === 0) throw new Refusal("review_not_found");
}
