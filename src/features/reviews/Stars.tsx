import { Star } from "lucide-react";
import { stars } from "#words/reviews.ts";
import { cn } from "@/lib/classNames.ts";

type StarsProps = {
  /** 1 to 5, with a fraction for an average. */
  rating: number;
  /** The rating is also in the text beside the stars. */
  isDecorative?: boolean;
  className?: string;
};

/** Stars filled in proportion to the rating: 4.5 fills four and a half. */
export function Stars({ rating, isDecorative = false, className }: StarsProps) {
  return (
    <span className={cn("inline-flex", className)}>
      {!isDecorative && <span className="sr-only">{stars.outOfFive(formatRating(rating))}</span>}
      {[1, 2, 3, 4, 5].map((star) => (
        <span key={star} aria-hidden className="relative size-4">
          <Star className="size-4 text-line-strong" />
          <span
            data-star={starPart(rating, star)}
            className="absolute inset-y-0 left-0 overflow-hidden"
            style={{ width: `${starPart(rating, star) * 100}%` }}
          >
            <Star className="size-4 max-w-none fill-accent text-accent" />
          </span>
        </span>
      ))}
    </span>
  );
}

/** 4 -> '4', 4.53 -> '4.5'. */
function formatRating(rating: number): string {
  return Number.isInteger(rating) ? String(rating) : rating.toFixed(1);
}

/** How much of a star is filled, 0 to 1, by the rating as it is shown: rounded to a tenth. */
function starPart(rating: number, star: number): number {
  const shown = Math.round(rating * 10) / 10;
  return Math.round(Math.min(1, Math.max(0, shown - (star - 1))) * 10) / 10;
}
