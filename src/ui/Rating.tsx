import { Star } from "lucide-react";
import type { MentorSummary } from "#contract/mentors.ts";
import { rating as words } from "#words/ratings.ts";

export function Rating({ rating, review_count: reviews }: Pick<MentorSummary, "rating" | "review_count">) {
  if (rating === null || reviews === 0) return null;
  const stars = rating.toFixed(1);
  return (
    <p className="flex items-center gap-1 text-sm font-semibold">
      <Star aria-hidden className="size-4 fill-accent text-accent" />
      <span className="sr-only">{words.label(stars, reviews)}</span>
      <span aria-hidden>
        {stars} <span className="font-normal text-ink-soft">{words.reviews(reviews)}</span>
      </span>
    </p>
  );
}
