import { Moon } from "lucide-react";
import type { KeyboardEvent } from "react";
import { weekGrid } from "#words/hours.ts";
import { cn } from "@/lib/classNames.ts";
import { formatClock } from "@/lib/sessionTime.ts";
import { formatWeekday } from "@/lib/time.ts";
import type { HoursWindow } from "./weekForm.ts";
import { DAY_MINUTES, type Segment, type WindowAddress } from "./weekGrid.ts";

type WindowBlockProps = {
  id: string;
  segment: Segment;
  column: number;
  window: HoursWindow | undefined;
  isDragged: boolean;
  onKey: (event: KeyboardEvent, address: WindowAddress) => void;
};

/** One window on the grid. Its part after midnight can be dragged, but is no second button. */
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
  // They cover the border as well, where people grab an edge.
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
  const [start, end] = [formatClock(window.start), formatClock(window.end)];
  const dayName = formatWeekday(day, "long");
  return (
    <button
      id={id}
      type="button"
      data-window={`${day}-${index}`}
      aria-label={
        goesOn
          ? weekGrid.blockPastMidnight(dayName, start, end, formatWeekday((day + 1) % 7, "long"))
          : weekGrid.block(dayName, start, end)
      }
      onKeyDown={(event) => onKey(event, { day, index })}
      className={look}
      style={style}
    >
      {to - from >= 45 && (
        <span aria-hidden className="max-h-full max-w-full overflow-hidden pt-1">
          {start}
          {to - from >= 90 && (
            <>
              <br />
              {goesOn ? "→" : end}
            </>
          )}
        </span>
      )}
      {edges}
    </button>
  );
}
