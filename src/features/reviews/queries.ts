import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { BookingReview, BookingReviewAnswer, ReviewPage, WriteReview } from "#contract/reviews.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";

export const reviewKeys = {
  all: ["reviews"],
  ofMentor: (mentorId: string) => ["reviews", mentorId],
} as const;

/** A mentor's reviews, the newest first. */
export const reviewsQuery = (mentorId: string) =>
  infiniteQueryOptions({
    queryKey: reviewKeys.ofMentor(mentorId),
    queryFn: ({ pageParam, signal }) =>
      api.get<ReviewPage>(`/api/v1/mentors/${encodeURIComponent(mentorId)}/reviews`, {
        query: { cursor: pageParam, limit: 6 },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** The review of one session, for its two people. Its key is below the session's, to be invalidated with it. */
export const sessionReviewQuery = (bookingId: string) =>
  queryOptions({
    queryKey: [...queryKeys.booking(bookingId), "review"],
    queryFn: ({ signal }) => api.get<BookingReviewAnswer>(pathOf(bookingId), { signal }),
  });

/** `seen` is the revision to change; null for a new review. @throws ApiProblem `review_changed` and others */
export function saveReview(
  bookingId: string,
  review: WriteReview,
  seen: number | null,
): Promise<BookingReview> {
  if (seen === null) return api.post(pathOf(bookingId), review);
  return api.patch(pathOf(bookingId), review, { headers: { "if-match": `"${seen}"` } });
}

export function deleteReview(bookingId: string): Promise<unknown> {
  return api.delete(pathOf(bookingId));
}

/** An empty reply deletes it. */
export function saveReply(reviewId: string, reply: string): Promise<unknown> {
  const path = `/api/v1/reviews/${encodeURIComponent(reviewId)}/reply`;
  return reply === "" ? api.delete(path) : api.put(path, { reply });
}

function pathOf(bookingId: string): string {
  return `/api/v1/bookings/${encodeURIComponent(bookingId)}/review`;
}
