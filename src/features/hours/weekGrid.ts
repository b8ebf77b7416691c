/** The week grid's geometry: pointer positions to windows, and windows to rectangles. */

import { formatTime, parseEndTime, parseTime } from "#scheduling/dates.ts";
import { asMinutes } from "#scheduling/units.ts";
import type { HoursWindow, WeekForm } from "./weekForm.ts";

export const DAY_MINUTES = 1440;
/** Minutes to which a pointer snaps. Typed times may be any. */
export const SNAP = 15;
/** Minutes of the window that a click on an empty place creates. */
const CLICK_LENGTH = 60;

/** A place on the grid: `day_of_week` and minutes after midnight. */
export type Spot = { day: number; minute: number };
/** A window with a place: `to` above 1440 lies on the next day. */
export type Placed = { day: number; from: number; to: number };
export type WindowAddress = { day: number; index: number };

/** What is being dragged. */
export type Grip =
  | { kind: "create"; anchor: Spot }
  | { kind: "move"; placed: Placed; grabbed: Spot }
  | { kind: "start"; placed: Placed }
  | { kind: "end"; placed: Placed };

/** A piece of a window within one day's column. */
export type Segment = WindowAddress & {
  /** The day in whose column it lies. */
  column: number;
  from: number;
  to: number;
  /** It started on the day before. */
  isTail: boolean;
  /** It continues on the next day. */
  goesOn: boolean;
};

/** Null while a time is incomplete. */
export function placeOf(day: number, { start, end }: HoursWindow): Placed | null {
  const from = parseTime(start);
  const to = parseEndTime(end);
  if (from === null || to === null) return null;
  return { day, from, to: to > from ? to : to + DAY_MINUTES };
}

export function windowOf({ from, to }: Placed): HoursWindow {
  return { start: formatTime(asMinutes(from)), end: formatTime(asMinutes(to % DAY_MINUTES)) };
}

export function segmentsOf({ days }: WeekForm): Segment[] {
  return days.flatMap(({ windows }, day) =>
    windows.flatMap((window, index) => {
      const placed = placeOf(day, window);
      if (!placed) return [];
      const { from, to } = placed;
      const goesOn = to > DAY_MINUTES;
      const head = { day, index, column: day, from, to: Math.min(to, DAY_MINUTES), isTail: false, goesOn };
      const tail = {
        day,
        index,
        column: (day + 1) % 7,
        from: 0,
        to: to - DAY_MINUTES,
        isTail: true,
        goesOn: false,
      };
      return goesOn ? [head, tail] : [head];
    }),
  );
}

/** Where a dragged window is when the pointer is here. */
export function dragTo(grip: Grip, pointer: Spot): Placed {
  switch (grip.kind) {
    case "create": {
      const { day, minute } = grip.anchor;
      const [from, to] = [minute, minutesFrom(day, pointer)].sort((one, other) => one - other) as [
        number,
        number,
      ];
      if (from === to) return clip({ day, from, to: from + CLICK_LENGTH });
      return clip({ day, from, to });
    }
    case "move": {
      const { placed, grabbed } = grip;
      const length = placed.to - placed.from;
      const held = minutesFrom(placed.day, grabbed) - placed.from;
      const from = clamp(pointer.minute - held, 0, DAY_MINUTES - SNAP);
      return { day: pointer.day, from, to: from + length };
    }
    case "start": {
      const { day, from, to } = grip.placed;
      const wanted = pointer.day === day ? pointer.minute : from;
      return {
        day,
        from: clamp(wanted, Math.max(0, to - DAY_MINUTES), Math.min(to, DAY_MINUTES) - SNAP),
        to,
      };
    }
    case "end": {
      const { day, from } = grip.placed;
      return clip({ day, from, to: Math.max(minutesFrom(day, pointer), from + SNAP) });
    }
    default:
      return grip satisfies never;
  }
}

/** The week with a window put somewhere, in place of the one at `address`; days are sorted by start. */
export function putWindow(week: WeekForm, address: WindowAddress | null, placed: Placed | null): WeekForm {
  const days = week.days.map(({ windows }, day) => ({
    windows: windows.filter((_, index) => day !== address?.day || index !== address.index),
  }));
  if (placed) days[placed.day]?.windows.push(windowOf(placed));
  for (const day of new Set([address?.day, placed?.day])) {
    if (day !== undefined) days[day]?.windows.sort((one, other) => one.start.localeCompare(other.start));
  }
  return { days };
}

/** The window after an arrow key; null for other keys. Shift moves only the end. */
export function keyTo(placed: Placed, key: string, withShift: boolean): Placed | null {
  const { day, from, to } = placed;
  const step = key === "ArrowUp" ? -SNAP : key === "ArrowDown" ? SNAP : 0;
  if (step !== 0 && withShift) return clip({ day, from, to: Math.max(to + step, from + SNAP) });
  if (step !== 0) {
    const moved = clamp(from + step, 0, DAY_MINUTES - SNAP);
    return { day, from: moved, to: to + moved - from };
  }
  if (key === "ArrowLeft") return { ...placed, day: (day + 6) % 7 };
  if (key === "ArrowRight") return { ...placed, day: (day + 1) % 7 };
  return null;
}

/** Minutes after the midnight that begins `day`; the column to the right is the next day. */
function minutesFrom(day: number, { day: at, minute }: Spot): number {
  if (at === (day + 1) % 7) return minute + DAY_MINUTES;
  // A window cannot end further away: stay within the day.
  return at === day ? minute : DAY_MINUTES;
}

/** Limits the length to a day at most and `SNAP` at least. */
function clip({ day, from, to }: Placed): Placed {
  const start = Math.min(from, DAY_MINUTES - SNAP);
  return { day, from: start, to: clamp(to, start + SNAP, start + DAY_MINUTES) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
