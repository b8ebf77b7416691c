import { type KeyboardEvent, useId } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { weekGrid } from "#words/hours.ts";
import { formatClock } from "@/lib/sessionTime.ts";
import { formatWeekday } from "@/lib/time.ts";
import { announce } from "@/ui/Announcer.tsx";
import { useWeekDrag } from "./useWeekDrag.ts";
import { WindowBlock } from "./WindowBlock.tsx";
import type { WeekForm } from "./weekForm.ts";
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

/** The week from midnight to midnight. Phones show only the typed list below. */
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
    announce(placed ? placedMessage(placed) : weekGrid.removed);
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
        {weekGrid.help}
      </p>
      <div className="grid grid-cols-[3.25rem_1fr] grid-rows-[auto_1fr]">
        <div className="col-start-2 grid grid-cols-7 pb-1.5 text-center text-sm font-bold" aria-hidden>
          {order.map((day) => (
            <span key={day}>{formatWeekday(day, "short")}</span>
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
          aria-label={weekGrid.label}
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

function placedMessage(placed: Placed): string {
  const { start, end } = windowOf(placed);
  return weekGrid.placed(formatWeekday(placed.day, "long"), formatClock(start), formatClock(end));
}

/** The index of a placed window among the windows of its day. */
function indexOf(placed: Placed, week: WeekForm): number {
  const { start, end } = windowOf(placed);
  const windows = week.days[placed.day]?.windows ?? [];
  return windows.findIndex((window) => window.start === start && window.end === end);
}

/** Waits for the next render: on another day the block is another element. */
function focusLater(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
}
