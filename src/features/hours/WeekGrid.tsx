import { type KeyboardEvent, useId } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { formatClock } from "@/lib/sessionTime.ts";
import { announce } from "@/ui/Announcer.tsx";
import { useWeekDrag } from "./useWeekDrag.ts";
import { WindowBlock } from "./WindowBlock.tsx";
import { type WeekForm, weekdays } from "./weekForm.ts";
import {
  keyTo,
  type Placed,
  placeOf,
  putWindow,
  segmentsOf,
  type WindowAddress,
  windowOf,
} from "./weekGrid.ts";

const HOURS = [0, 3, 6, 9, 12, 15, 18, 21, 24];

/** The week at a glance, from midnight to midnight. On a phone the typed list below is all there is. */
export function WeekGrid({ order }: { order: readonly number[] }) {
  const { control, setValue, getValues } = useFormContext<WeekForm>();
  const days = useWatch({ control, name: "days" });
  const id = useId();

  const put = (address: WindowAddress | null, placed: Placed | null) => {
    const before = getValues();
    const after = putWindow(before, address, placed);
    for (const day of new Set([address?.day, placed?.day])) {
      if (day !== undefined) {
        setValue(`days.${day}.windows`, after.days[day]?.windows ?? [], { shouldDirty: true });
      }
    }
    announce(placed ? `${wordsOf(placed)}. Not saved yet.` : "Removed. Not saved yet.");
  };
  const { grid, drag, handlers } = useWeekDrag(order, { days }, put);

  const onKey = (event: KeyboardEvent, address: WindowAddress) => {
    const window = days[address.day]?.windows[address.index];
    const placed = window && placeOf(address.day, window);
    if (!placed || event.altKey || event.ctrlKey || event.metaKey) return;
    const isRemoval = event.key === "Delete" || event.key === "Backspace";
    const next = keyTo(placed, event.key, event.shiftKey);
    if (!next && !isRemoval) return;
    event.preventDefault();
    put(address, next);
    if (next) focusLater(`${id}-${next.day}-${indexOf(next, getValues())}`);
    else grid.current?.focus();
  };

  const shown = drag ? putWindow({ days }, drag.address, drag.placed) : { days };
  const segments = segmentsOf(shown);
  return (
    <div className="hidden border-b border-line px-4 pt-4 pb-5 select-none md:block">
      <p id={`${id}-help`} className="mb-3 text-sm text-ink-soft">
        Drag on an empty place to add hours, drag hours to move them or their edges to change them. With the
        keyboard: arrow keys move, with Shift they change the end, Delete removes. Or type the times below.
      </p>
      <div className="grid grid-cols-[3.25rem_1fr] grid-rows-[auto_1fr]">
        <div className="col-start-2 grid grid-cols-7 pb-1.5 text-center text-sm font-bold" aria-hidden>
          {order.map((day) => (
            <span key={day}>{weekdays[day]?.slice(0, 3)}</span>
          ))}
        </div>
        <div aria-hidden className="relative col-start-1 row-start-2 text-xs text-ink-soft tabular-nums">
          {HOURS.map((hour) => (
            <span
              key={hour}
              className="absolute right-2 -translate-y-1/2 whitespace-nowrap"
              style={{ top: `${(hour / 24) * 100}%` }}
            >
              {formatClock(`${String(hour).padStart(2, "0")}:00`).replace(/:00/, "")}
            </span>
          ))}
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would put its frame between grid and columns. */}
        <div
          ref={grid}
          role="group"
          aria-label="Week grid"
          aria-describedby={`${id}-help`}
          tabIndex={-1}
          {...handlers}
          className="relative col-start-2 row-start-2 h-132 rounded-lg border border-line bg-[linear-gradient(to_bottom,var(--line)_1px,transparent_1px)] bg-size-[100%_12.5%]"
        >
          {order.map((day, column) => (
            <div
              key={day}
              className="pointer-events-none absolute inset-y-0 border-l border-line first:border-l-0"
              style={{ left: `${(column / 7) * 100}%` }}
            />
          ))}
          {segments.map((segment) => (
            <WindowBlock
              key={`${segment.day}-${segment.index}-${segment.isTail}`}
              id={`${id}-${segment.day}-${segment.index}`}
              segment={segment}
              column={order.indexOf(segment.column)}
              window={shown.days[segment.day]?.windows[segment.index]}
              isDragged={drag !== null}
              onKey={onKey}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function wordsOf(placed: Placed): string {
  const { start, end } = windowOf(placed);
  return `${weekdays[placed.day]}, ${formatClock(start)} to ${formatClock(end)}`;
}

/** Where a window that was just put stands among its day's. */
function indexOf(placed: Placed, week: WeekForm): number {
  const { start, end } = windowOf(placed);
  const windows = week.days[placed.day]?.windows ?? [];
  return windows.findIndex((window) => window.start === start && window.end === end);
}

/** After the next drawing: the block of another day is another element. */
function focusLater(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
}
