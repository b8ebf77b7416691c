import type { ReviewPage } from "#contract/reviews.ts";
import { reviewList, stars } from "#words/reviews.ts";
import { Stars } from "./Stars.tsx";

/** The average rating and its distribution. */
export function RatingSummary({ summary }: { summary: ReviewPage["summary"] }) {
  const { rating, count, distribution } = summary;
  if (rating === null) return null;
  return (
    <div className="mb-6 flex flex-wrap items-center gap-x-8 gap-y-4">
      <div>
        <p className="text-title leading-none">
          <span aria-hidden>{rating.toFixed(1)}</span>
          <span className="sr-only">{stars.outOfFive(rating.toFixed(1))}</span>
        </p>
        <Stars rating={rating} isDecorative className="mt-2" />
        <p className="text-sm text-ink-soft">{reviewList.count(count)}</p>
      </div>
      <ul className="min-w-56 flex-1 max-w-sm space-y-1 text-sm">
        {([5, 4, 3, 2, 1] as const).map((star) => (
          <li key={star} className="grid grid-cols-[3.5rem_1fr_2rem] items-center gap-2">
            <span>{stars.count(star)}</span>
            <span aria-hidden className="h-2 overflow-hidden rounded-full bg-sunken">
              <span
                className="block h-full rounded-full bg-accent"
                style={{ width: `${(distribution[star] / count) * 100}%` }}
              />
            </span>
            <span className="text-right tabular-nums">
              <span className="sr-only">: </span>
              {distribution[star]}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
