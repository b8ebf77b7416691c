import { instant } from "#contract/primitives.ts";
import type { BookingReview, Review, ReviewPage } from "#contract/reviews.ts";
import { windowMs } from "#rules/windows.ts";
import type { Queryable, UserTx } from "../platform/database/database.ts";
import type { BookingKey } from "../platform/database/directory.ts";
import { decodeCursor, encodeCursor, exactInstant } from "../platform/http/cursor.ts";

interface ReviewRow {
  id: string;
  author: string;
  service_title: string;
  session_month: string;
  rating: number;
  comment: string | null;
  created_at: Date;
  reply: string | null;
  replied_at: Date | null;
}

const reviewColumns = `r.id, r.author, s.title as service_title, to_char(r.session_month, 'YYYY-MM') as session_month,
  r.rating, r.comment, r.created_at, a.body as reply, a.created_at as replied_at`;
const reviewTables = `reviews r
  join services s on s.id = r.service_id and s.expert_id = r.expert_id
  left join review_replies a on a.review_id = r.id and a.expert_id = r.expert_id`;

/** Returns a page of a mentor's reviews, newest first, with a summary of all of them. */
export async function listReviews(
  executor: Queryable,
  mentorId: string,
  search: { cursor?: string | undefined; limit: number },
): Promise<ReviewPage> {
  const after = decodeCursor(search.cursor, instant);
  const [page, stars] = await Promise.all([
    executor.query<ReviewRow & { moment: string }>({
      name: "list_reviews",
      text: `select ${reviewColumns}, ${exactInstant("r.created_at")} as moment from ${reviewTables}
       where r.expert_id = $1 and ($2::timestamptz is null or (r.created_at, r.id) < ($2, $3::uuid))
       order by r.created_at desc, r.id desc limit $4`,
      values: [mentorId, after?.key ?? null, after?.id ?? null, search.limit + 1],
    }),
    executor.query<{ rating: number; count: number }>({
      name: "count_stars",
      text: "select rating, count(*)::int as count from reviews where expert_id = $1 group by rating",
      values: [mentorId],
    }),
  ]);
  const rows = page.rows.slice(0, search.limit);
  const last = page.rows.length > search.limit ? rows.at(-1) : undefined;
  return {
    data: rows.map(presentReview),
    next_cursor: last ? encodeCursor(last.moment, last.id) : null,
    summary: summarise(stars.rows),
  };
}

function summarise(stars: readonly { rating: number; count: number }[]): ReviewPage["summary"] {
  const distribution = { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 };
  for (const { rating, count } of stars) distribution[rating as keyof typeof distribution] = count;
  const count = stars.reduce((sum, each) => sum + each.count, 0);
  const total = stars.reduce((sum, each) => sum + each.rating * each.count, 0);
  return { rating: count === 0 ? null : Math.round((total / count) * 100) / 100, count, distribution };
}

/**
 * Returns the review of one of the caller's bookings; null if there is none. Only the parties of a booking learn which review
 * belongs to it.
 */
export async function readReviewOf(tx: UserTx, booking: BookingKey): Promise<BookingReview | null> {
  const { rows } = await tx.client.query<ReviewRow & { revision: number }>(
    `select ${reviewColumns}, r.revision from ${reviewTables}
     where r.expert_id = $1 and r.id = (select (private.review_of_booking($1, $2) ->> 'id')::uuid)`,
    [booking.expert_id, booking.id],
  );
  const [row] = rows;
  if (!row) return null;
  const editableUntil = new Date(row.created_at.getTime() + windowMs("reviewChange"));
  return {
    ...presentReview(row),
    booking_id: booking.id,
    revision: row.revision,
    editable_until: editableUntil.toISOString(),
  };
}

/** Returns the API's fields and no other columns. */
function presentReview({ reply, replied_at, created_at, ...row }: ReviewRow): Review {
  return {
    id: row.id,
    author: row.author,
    service_title: row.service_title,
    session_month: row.session_month,
    rating: row.rating,
    comment: row.comment,
    created_at: created_at.toISOString(),
    reply: reply !== null && replied_at ? { body: reply, created_at: replied_at.toISOString() } : null,
  };
}
