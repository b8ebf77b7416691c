import { Heart } from "lucide-react";
import type { MentorSummary } from "#contract/mentors.ts";
import { cn } from "@/lib/classNames.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { useFavourite } from "./useFavourite.ts";

type FavouriteButtonProps = {
  mentor: Pick<MentorSummary, "id" | "full_name">;
  /** Beside the heart where there is room for words. */
  withWords?: boolean;
  className?: string;
};

/** A heart that is pressed or not; nothing on one's own page. */
export function FavouriteButton({ mentor, withWords = false, className }: FavouriteButtonProps) {
  const { isFavourite, isOneself, toggle } = useFavourite(mentor);
  if (isOneself) return null;
  return (
    <button
      type="button"
      aria-pressed={isFavourite}
      aria-label={`Favourite: ${mentor.full_name}`}
      onClick={toggle}
      className={cn(
        buttonVariants(withWords ? { variant: "secondary" } : { variant: "ghost", size: "icon" }),
        className,
      )}
    >
      <Heart
        aria-hidden
        className={cn("size-5 transition-colors", isFavourite ? "fill-bad text-bad" : "text-ink-soft")}
      />
      {withWords && <span aria-hidden>Favourite</span>}
    </button>
  );
}
