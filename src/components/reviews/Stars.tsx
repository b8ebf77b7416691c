import { Star } from "lucide-react";
import { cn } from "@/lib/classNames";

/** What a number of stars means, in words. */
export const starWords = ["", "poor", "could be better", "good", "very good", "excellent"] as const;

export function Stars({ rating, className }: { rating: number; className?: string }) {
  return (
    <span className={cn("inline-flex", className)}>
      <span className="sr-only">{rating} out of 5 stars</span>
      {[1, 2, 3, 4, 5].map((star) => (
        <Star
          key={star}
          aria-hidden
          className={cn("size-4", star <= rating ? "fill-accent text-accent" : "text-line-strong")}
        />
      ))}
    </span>
  );
}
