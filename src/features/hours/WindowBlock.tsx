import { Moon } from "lucide-react";
import type { KeyboardEvent } from "react";
import { cn } from "@/lib/classNames.ts";
import { formatClock } from "@/lib/sessionTime.ts";
import { type HoursWindow, weekdays } from "./weekForm.ts";
import { DAY_MINUTES, type Segment, type WindowAddress } from "./weekGrid.ts";

type WindowBlockProps = {
  id: string;
  segment: Segment;
  column: number;
  window: HoursWindow | undefined;
  isDragged: boolean;
  onKey: (event: KeyboardEvent, address: WindowAddress) => void;
};

/** One window on the grid. The part after midnight is its continuation: seen and dragged, but no second button. */
export function WindowBlock({ id, segment, column, window, isDragged, onKey }: WindowBlockProps) {
  const { day, index, from, to, isTail, goesOn } = segment;
  if (!window) return null;
  const style = {
    left: `calc(${(column / 7) * 100}% + 3px)`,
    width: `calc(${100 / 7}% - 6px)`,
    top: `${(from / DAY_MINUTES) * 100}%`,
    height: `${((to - from) / DAY_MINUTES) * 100}%`,
  };
  const look = cn(
    "absolute flex cursor-grab touch-none flex-col items-center rounded-lg border border-primary bg-primary-soft px-0.5 text-xs leading-tight font-semibold text-primary-text tabular-nums active:cursor-grabbing",
    isTail && "rounded-t-none border-t-0 border-dashed",
    goesOn && "rounded-b-none border-b-0",
    isDragged && "cursor-grabbing",
  );
  // Over the border too: it is there that one takes hold of an edge.
  const edges = (
    <>
      {!isTail && <span data-edge="start" className="absolute inset-x-0 -top-px h-2 cursor-ns-resize" />}
      {!goesOn && <span data-edge="end" className="absolute inset-x-0 -bottom-px h-2 cursor-ns-resize" />}
    </>
  );
  if (isTail) {
    return (
      <div aria-hidden data-window={`${day}-${index}`} className={look} style={style}>
        {to - from >= 60 && (
          <span className="flex max-h-full max-w-full items-center gap-0.5 overflow-hidden pt-1">
            <Moon className="size-3" />
            {formatClock(window.end)}
          </span>
        )}
        {edges}
      </div>
    );
  }
  const ends = goesOn ? `${formatClock(window.end)} on ${weekdays[(day + 1) % 7]}` : formatClock(window.end);
  return (
    <button
      id={id}
      type="button"
      data-window={`${day}-${index}`}
      aria-label={`${weekdays[day]}, ${formatClock(window.start)} to ${ends}`}
      onKeyDown={(event) => onKey(event, { day, index })}
      className={look}
      style={style}
    >
      {to - from >= 45 && (
        <span aria-hidden className="max-h-full max-w-full overflow-hidden pt-1">
          {formatClock(window.start)}
          {to - from >= 90 && (
            <>
              <br />
              {goesOn ? "→" : formatClock(window.end)}
            </>
          )}
        </span>
      )}
      {edges}
    </button>
  );
}
