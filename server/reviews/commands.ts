import type { z } from "zod";
import type { BookingReview, BookingReviewAnswer, changeReview, writeReview } from "#contract/reviews.ts";
import { findBooking } from "../bookings/queries.ts";
import type { Database, UserTx } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import { isSeen, tagsOf } from "../platform/http/etag.ts";
import type { Identity } from "../platform/http/identity.ts";
import { findReviewOf } from "./queries.ts";

export interface ReviewEdit {
  caller: Identity;
  /** The revision that was seen, in quotes. */
  seen: string | undefined;
}

/** @throws Refusal `booking_not_found` for a stranger */
export async function readReview(
  database: Database,
  caller: Pick<Identity, "id">,
  bookingId: string,
): Promise<BookingReviewAnswer> {
  const { may, opens_at } = await database.asUser(caller.id, async (tx) => {
    if (!(await findBooking(tx, bookingId))) throw new Refusal("booking_not_found");
    const turn = await reviewTurn(tx, bookingId);
    const isWritable = await isOpen(tx, bookingId);
    return { may: turn.may && isWritable, opens_at: isWritable ? turn.opens_at : null };
  });
  const review = await database.asSystem("whose review it is, is hidden from people", caller.id, (tx) =>
    findReviewOf(tx, bookingId),
  );
  return { review, may_review: may && review === null, opens_at: opens_at?.toISOString() ?? null };
}

/**
 * The caller's one review of a session that took place.
 * @throws Refusal `booking_not_found`, `forbidden` for its mentor, `review_not_allowed`, `review_exists`, `review_closed` for
 * one that was taken back and is written again after the window for changes
 */
export async function createReview(
  database: Database,
  caller: Identity,
  bookingId: string,
  { rating, comment = null }: z.output<typeof writeReview>,
): Promise<BookingReview> {
  await database.asUser(caller.id, async (tx) => {
    const booking = await findBooking(tx, bookingId);
    if (!booking) throw new Refusal("booking_not_found");
    if (booking.user_id !== caller.id) throw new Refusal("forbidden");
    const turn = await reviewTurn(tx, bookingId);
    if (!turn.may) {
      const wait = turn.opens_at && `You can review this session from ${turn.opens_at.toISOString()} on.`;
      throw new Refusal("review_not_allowed", wait ? { detail: wait } : {});
    }
    await tx.client.query("insert into reviews (booking_id, rating, comment) values ($1, $2, $3)", [
      bookingId,
      rating,
      comment,
    ]);
  });
  return readOwn(database, caller, bookingId);
}

/**
 * Changes what is given and leaves the rest. `seen` is the If-Match header: of two tabs that saw the same review the
 * second is refused. Left out, whatever is there is changed.
 * @throws Refusal `booking_not_found`, `forbidden` for its mentor, `review_not_found`, `review_changed`,
 * `review_closed` after the window for changes
 */
export async function updateReview(
  database: Database,
  { caller, seen }: ReviewEdit,
  bookingId: string,
  change: z.output<typeof changeReview>,
): Promise<BookingReview> {
  const review = await readOwn(database, caller, bookingId);
  const { rating = null, comment = null } = change;
  const { rowCount } = await database.asUser(caller.id, (tx) =>
    tx.client.query(
      `update reviews set rating = coalesce($2, rating), comment = case when $3 then $4 else comment end
       where id = $1 and ($5::text[] is null or '"' || revision || '"' = any ($5))`,
      [review.id, rating, change.comment !== undefined, comment, tagsOf(seen)],
    ),
  );
  const now = await readOwn(database, caller, bookingId);
  if (rowCount === 1) return now;
  // The policy says until when.
  if (isSeen(seen, now.revision)) throw new Refusal("review_closed");
  // The very same that is there already: a retry whose first answer was lost.
  if (rating !== now.rating || comment !== now.comment) throw new Refusal("review_changed");
  return now;
}

/** @throws Refusal `booking_not_found`, `forbidden` for its mentor, `review_not_found` */
export async function deleteReview(database: Database, caller: Identity, bookingId: string): Promise<void> {
  const { id } = await readOwn(database, caller, bookingId);
  await database.asUser(caller.id, (tx) => tx.client.query("delete from reviews where id = $1", [id]));
}

/** The mentor's answer to a review; another one takes its place. @throws Refusal `review_not_found` */
export async function saveReply(
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
export async function deleteReply(database: Database, caller: Identity, reviewId: string): Promise<void> {
  await database.asUser(caller.id, async (tx) => {
    await requireReviewed(tx, caller, reviewId);
    await tx.client.query("delete from review_replies where review_id = $1", [reviewId]);
  });
}

/** From when on the caller may review, and whether that is now, on the database's clock. */
async function reviewTurn(tx: UserTx, bookingId: string): Promise<{ opens_at: Date | null; may: boolean }> {
  const { rows } = await tx.client.query<{ opens_at: Date | null; may: boolean }>(
    "select o.opens_at, coalesce(o.opens_at <= now(), false) as may from private.review_opens_at($1) o(opens_at)",
    [bookingId],
  );
  return rows[0] ?? { opens_at: null, may: false };
}

async function isOpen(tx: UserTx, bookingId: string): Promise<boolean> {
  const { rows } = await tx.client.query<{ open: boolean }>("select private.review_is_open($1) as open", [
    bookingId,
  ]);
  return rows[0]?.open ?? false;
}

async function readOwn(database: Database, caller: Identity, bookingId: string): Promise<BookingReview> {
  const booking = await database.asUser(caller.id, (tx) => findBooking(tx, bookingId));
  if (!booking) throw new Refusal("booking_not_found");
  if (booking.user_id !== caller.id) throw new Refusal("forbidden");
  const { review } = await readReview(database, caller, bookingId);
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
