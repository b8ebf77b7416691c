import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Review } from "#contract/reviews.ts";
import { controls } from "#words/controls.ts";
import { reviewList } from "#words/reviews.ts";
import { firstName } from "@/lib/names.ts";
import { Button } from "@/ui/Button.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { reviewsQuery } from "./queries.ts";
import { RatingSummary } from "./RatingSummary.tsx";
import { ReviewItem } from "./ReviewItem.tsx";

type ReviewListProps = {
  mentorId: string;
  mentorName: string;
  /** Shown while there are none. */
  empty: ReactNode;
  /** Actions for one review. */
  actions?: (review: Review) => ReactNode;
};

/** A mentor's reviews, below a summary of the ratings. */
export function ReviewList({ mentorId, mentorName, empty, actions }: ReviewListProps) {
  const list = useInfiniteQuery(reviewsQuery(mentorId));
  const [first] = list.data?.pages ?? [];
  if (list.isPending) {
    return (
      <div role="status" className="space-y-4">
        <span className="sr-only">{reviewList.loading}</span>
        <Skeleton className="h-24 w-full max-w-md" />
        <Skeleton className="h-20 w-full" />
      </div>
    );
  }
  if (!first) {
    return (
      <p role="alert" className="flex flex-wrap items-center gap-3">
        {reviewList.failed}
        <Button variant="secondary" size="sm" onClick={() => list.refetch()}>
          {controls.tryAgain}
        </Button>
      </p>
    );
  }
  const reviews = (list.data?.pages ?? []).flatMap(({ data }) => data);
  if (reviews.length === 0) return empty;
  return (
    <>
      <RatingSummary summary={first.summary} />
      <ul className="space-y-6">
        {reviews.map((review) => (
          <li key={review.id} className="border-t border-line pt-5 first:border-t-0 first:pt-0">
            <ReviewItem review={review} mentorName={firstName(mentorName)}>
              {actions?.(review)}
            </ReviewItem>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button
          variant="secondary"
          className="mt-6"
          pending={list.isFetchingNextPage}
          onClick={() => list.fetchNextPage()}
        >
          {reviewList.more}
        </Button>
      )}
    </>
  );
}
