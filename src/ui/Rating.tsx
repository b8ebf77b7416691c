import { Star } from "lucide-react";
import type { MentorSummary } from "#contract/mentors.ts";
import { countWords } from "@/lib/words.ts";

export function Rating({ rating, review_count: count }: Pick<MentorSummary, "rating" | "review_count">) {
  if (rating === null || count === 0) return null;
  return (
    <p className="flex items-center gap-1 text-sm font-semibold">
      <Star aria-hidden className="size-4 fill-accent text-accent" />
      <span>
        <span className="sr-only">Rated </span>
        {rating.toFixed(1)}
        <span className="sr-only"> out of 5</span>
        <span className="font-normal text-ink-soft"> ({countWords(count, "review")})</span>
      </span>
    </p>
  );
}
