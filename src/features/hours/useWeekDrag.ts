import { type PointerEvent, useEffect, useRef, useState } from "react";
import type { WeekForm } from "./weekForm.ts";
import {
  DAY_MINUTES,
  dragTo,
  type Grip,
  type Placed,
  placeOf,
  SNAP,
  type Spot,
  type WindowAddress,
} from "./weekGrid.ts";

type Drag = { grip: Grip; address: WindowAddress | null; placed: Placed; pointerId: number };

/**
 * Dragging on the grid: an empty place creates a window, a window moves, an edge resizes. Escape cancels. All of it can be
 * typed below the grid or done with the arrow keys.
 * @param order the weekdays of the columns
 */
export function useWeekDrag(
  order: readonly number[],
  week: WeekForm,
  onDrop: (address: WindowAddress | null, placed: Placed) => void,
) {
  const grid = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const isDragging = drag !== null;

  useEffect(() => {
    if (!isDragging) return;
    const cancel = (event: KeyboardEvent) => event.key === "Escape" && setDrag(null);
    window.addEventListener("keydown", cancel);
    return () => window.removeEventListener("keydown", cancel);
  }, [isDragging]);

  const spotOf = (event: PointerEvent): Spot | null => {
    const box = grid.current?.getBoundingClientRect();
    if (!box) return null;
    const column = Math.floor(((event.clientX - box.left) / box.width) * order.length);
    const minute = Math.round((((event.clientY - box.top) / box.height) * DAY_MINUTES) / SNAP) * SNAP;
    const day = order[Math.min(Math.max(column, 0), order.length - 1)];
    return day === undefined ? null : { day, minute: Math.min(Math.max(minute, 0), DAY_MINUTES) };
  };

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const spot = spotOf(event);
    if (event.button !== 0 || !spot || !(event.target instanceof Element)) return;
    const held = heldBy(event.target, spot, week);
    // A finger on an empty place scrolls the page.
    if (!held || (held.grip.kind === "create" && event.pointerType === "touch")) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ ...held, placed: dragTo(held.grip, spot), pointerId: event.pointerId });
  };
  const onPointerMove = (event: PointerEvent) => {
    const spot = spotOf(event);
    if (drag?.pointerId !== event.pointerId || !spot) return;
    setDrag({ ...drag, placed: dragTo(drag.grip, spot) });
  };
  const onPointerUp = (event: PointerEvent) => {
    if (drag?.pointerId !== event.pointerId) return;
    setDrag(null);
    onDrop(drag.address, drag.placed);
  };
  const onPointerCancel = () => setDrag(null);
  return { grid, drag, handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel } };
}

/** What a drag from here takes hold of; null for a window with an incomplete time. */
function heldBy(target: Element, spot: Spot, week: WeekForm): Pick<Drag, "grip" | "address"> | null {
  const block = target.closest<HTMLElement>("[data-window]");
  if (!block) return { grip: { kind: "create", anchor: spot }, address: null };
  const [day = 0, index = 0] = (block.dataset.window ?? "").split("-").map(Number);
  const window = week.days[day]?.windows[index];
  const placed = window && placeOf(day, window);
  if (!placed) return null;
  const edge = target.closest<HTMLElement>("[data-edge]")?.dataset.edge;
  if (edge === "start" || edge === "end") return { grip: { kind: edge, placed }, address: { day, index } };
  return { grip: { kind: "move", placed, grabbed: spot }, address: { day, index } };
}
