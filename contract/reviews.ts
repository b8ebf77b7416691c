import { z } from "zod";
import { numberLimits, textLimits } from "#rules/limits.ts";
import { windowDays } from "#rules/windows.ts";
import { fieldErrors } from "#words/fields.ts";
import { cursorQuery, requiredText, text, uuid } from "./primitives.ts";

const { stars } = numberLimits;
const changeDays = windowDays("reviewChange");

export const rating = z
  .int(fieldErrors.stars)
  .min(stars.min, fieldErrors.stars)
  .max(stars.max, fieldErrors.stars);

/** The mentor's public reply. */
export const reviewReply = z.object({ body: z.string(), created_at: z.string() });

/** A public review: of the student only the first name and an initial. */
export const review = z
  .object({
    id: uuid,
    author: z.string().describe("First name and initial."),
    service_title: z.string(),
    session_month: z.string().describe("YYYY-MM on the mentor's clock."),
    rating: z.int(),
    comment: z.string().nullable(),
    created_at: z.string(),
    reply: reviewReply.nullable(),
  })
  .meta({ id: "Review" });
export type Review = z.infer<typeof review>;

/** The review of one booking, for its student and its mentor. */
export const bookingReview = review
  .extend({
    booking_id: uuid,
    revision: z.int().describe("Counts the changes; as If-Match of a change it says which one was seen."),
    editable_until: z
      .string()
      .describe(`Until when its student may change it: ${changeDays} days after it was first written.`),
  })
  .meta({ id: "BookingReview" });
export type BookingReview = z.infer<typeof bookingReview>;

/** May be null: there is none yet. */
export const bookingReviewAnswer = z.object({
  review: bookingReview.nullable(),
  may_review: z.boolean().describe("Whether the caller may write one now."),
  opens_at: z
    .string()
    .nullable()
    .describe(
      "From when on its student may write one: from the end of a session that took place, or a day later while the " +
        `student's e-mail address is not confirmed. null for other people, if it did not take place, and when its ${changeDays} days are over.`,
    ),
});
export type BookingReviewAnswer = z.infer<typeof bookingReviewAnswer>;

/** How many reviews have one, two … five stars. */
const distribution = z.object({ 1: z.int(), 2: z.int(), 3: z.int(), 4: z.int(), 5: z.int() });

export const reviewPage = z.object({
  data: z.array(review),
  next_cursor: z.string().nullable(),
  summary: z.object({ rating: z.number().nullable(), count: z.int(), distribution }),
});
export type ReviewPage = z.infer<typeof reviewPage>;

export const reviewQuery = z.object(cursorQuery);
export const reviewParams = z.object({ review_id: uuid });

/** Nothing but blanks is no comment. */
const comment = text(textLimits.reviewComment).transform((words) => words || null);

export const writeReview = z.strictObject({ rating, comment: comment.nullish() });
export type WriteReview = z.input<typeof writeReview>;

export const changeReview = writeReview.partial();
export type ChangeReview = z.input<typeof changeReview>;

export const writeReply = z.strictObject({ reply: requiredText(textLimits.reviewReply) });
export type WriteReply = z.input<typeof writeReply>;
