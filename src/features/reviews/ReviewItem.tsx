import { CornerDownRight } from "lucide-react";
import type { ReactNode } from "react";
import type { Review } from "#contract/reviews.ts";
import { localDate } from "#scheduling/dates.ts";
import { reviewList } from "#words/reviews.ts";
import { formatMonth } from "@/lib/time.ts";
import { withElements } from "@/ui/withElements.tsx";
import { Stars } from "./Stars.tsx";

type ReviewItemProps = {
  review: Review;
  mentorName: string;
  /** Actions of the author or the mentor. */
  children?: ReactNode;
};

export function ReviewItem({ review, mentorName, children }: ReviewItemProps) {
  return (
    <article className="space-y-2">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Stars rating={review.rating} />
        <strong className="font-semibold">
          <bdi>{review.author}</bdi>
        </strong>
        <span className="text-sm text-ink-soft">
          {review.service_title}, {formatMonth(localDate(`${review.session_month}-01`))}
        </span>
      </p>
      {review.comment && (
        <blockquote className="max-w-prose leading-relaxed whitespace-pre-line">{review.comment}</blockquote>
      )}
      {review.reply && (
        <div className="flex gap-2 rounded-control bg-sunken px-4 py-3">
          <CornerDownRight aria-hidden className="mt-1 size-4 shrink-0 text-ink-soft" />
          <div className="min-w-0">
            <p className="text-sm font-semibold text-ink-soft">
              {withElements(reviewList.repliedBy, { mentor: <bdi>{mentorName}</bdi> })}
            </p>
            <p className="max-w-prose whitespace-pre-line">{review.reply.body}</p>
          </div>
        </div>
      )}
      {children}
    </article>
  );
}
