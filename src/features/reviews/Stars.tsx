import { Star } from "lucide-react";
import { cn } from "@/lib/classNames.ts";

/** What a number of stars means, in words. */
export const starWords = ["", "poor", "could be better", "good", "very good", "excellent"] as const;

type StarsProps = {
  /** 1 to 5; of an average also parts of a star. */
  rating: number;
  /** Where the number stands in words beside the stars. */
  isSpokenBeside?: boolean;
  className?: string;
};

/** Stars filled as far as the rating goes: 4.5 are four and a half. Never rounded up. */
export function Stars({ rating, isSpokenBeside = false, className }: StarsProps) {
  return (
    <span className={cn("inline-flex", className)}>
      {!isSpokenBeside && <span className="sr-only">{ratingWords(rating)} out of 5 stars</span>}
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
function ratingWords(rating: number): string {
  return Number.isInteger(rating) ? String(rating) : rating.toFixed(1);
}

/** How much of a star is filled, 0 to 1: as much as the number that is written beside it says. */
function starPart(rating: number, star: number): number {
  const shown = Math.round(rating * 10) / 10;
  return Math.round(Math.min(1, Math.max(0, shown - (star - 1))) * 10) / 10;
}
