import { Heart } from "lucide-react";
import type { MentorSummary } from "#contract/mentors.ts";
import { favouriteButton } from "#words/favourites.ts";
import { cn } from "@/lib/classNames.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { useFavourite } from "./useFavourite.ts";

type FavouriteButtonProps = {
  mentor: Pick<MentorSummary, "id" | "full_name">;
  /** Shows a label beside the heart. */
  withLabel?: boolean;
  className?: string;
};

/** Toggles a favourite. Renders nothing for the mentor themselves. */
export function FavouriteButton({ mentor, withLabel = false, className }: FavouriteButtonProps) {
  const { isFavourite, isOneself, toggle } = useFavourite(mentor);
  if (isOneself) return null;
  return (
    <button
      type="button"
      aria-pressed={isFavourite}
      aria-label={favouriteButton.of(mentor.full_name)}
      onClick={toggle}
      className={cn(
        buttonVariants(withLabel ? { variant: "secondary" } : { variant: "ghost", size: "icon" }),
        className,
      )}
    >
      <Heart
        aria-hidden
        className={cn("size-5 transition-colors", isFavourite ? "fill-bad text-bad" : "text-ink-soft")}
      />
      {withLabel && <span aria-hidden>{favouriteButton.label}</span>}
    </button>
  );
}
