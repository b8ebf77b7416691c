import { ChevronDown, ChevronUp } from "lucide-react";
import { hiddenSessions } from "#words/calendar.ts";
import { cn } from "@/lib/classNames.ts";
import type { Hidden } from "./useHiddenSessions.ts";

type MoreSessionsProps = {
  hidden: Hidden;
  reveal: (side: keyof Hidden) => void;
  /** Whether there are dates above the hours. */
  isBelowHead: boolean;
};

const sides = [
  { side: "above", Icon: ChevronUp, place: "top-2" },
  { side: "below", Icon: ChevronDown, place: "bottom-2" },
] as const;

/** Buttons with the number of sessions out of sight, which scroll to them. */
export function MoreSessions({ hidden, reveal, isBelowHead }: MoreSessionsProps) {
  return sides.map(
    ({ side, Icon, place }) =>
      hidden[side] > 0 && (
        <button
          key={side}
          type="button"
          onClick={() => reveal(side)}
          className={cn(
            "absolute left-1/2 z-30 flex min-h-11 -translate-x-1/2 items-center gap-1.5 rounded-full bg-primary px-4 text-sm font-semibold text-on-primary shadow-lift hover:bg-primary-hover",
            side === "above" && isBelowHead ? "top-20" : place,
          )}
        >
          <Icon aria-hidden className="size-4" />
          <span>{hiddenSessions[side](hidden[side])}</span>
        </button>
      ),
  );
}
