import { type RefObject, useEffect, useRef, useState } from "react";

/** How much of a session must be in the frame: its first line, px. */
const FIRST_LINE_PX = 22;
/** Kept free above a session that is scrolled to, px. */
export const PEEK_PX = 24;

/** How many sessions are scrolled out of the frame. */
export type Hidden = { above: number; below: number };

/**
 * Tracks which sessions of a scrolled grid are out of sight, and scrolls to the nearest of them. Sessions are the list
 * items in the grid, measured as the browser has drawn them.
 */
export function useHiddenSessions(): {
  scroller: RefObject<HTMLElement | null>;
  hidden: Hidden;
  reveal: (side: keyof Hidden) => void;
} {
  const scroller = useRef<HTMLElement>(null);
  const [hidden, setHidden] = useState<Hidden>({ above: 0, below: 0 });

  // After every render, as sessions come and go. Equal counts render nothing.
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const count = () => {
      const { above, below } = sidesOf(box);
      setHidden((before) =>
        before.above === above.length && before.below === below.length
          ? before
          : { above: above.length, below: below.length },
      );
    };
    count();
    const sizes = new ResizeObserver(count);
    sizes.observe(box);
    box.addEventListener("scroll", count, { passive: true });
    return () => {
      sizes.disconnect();
      box.removeEventListener("scroll", count);
    };
  });

  const reveal = (side: keyof Hidden) => {
    const box = scroller.current;
    if (!box) return;
    const found = sidesOf(box)[side];
    const nearest = side === "above" ? found.at(-1) : found[0];
    if (nearest === undefined) return;
    // The button disappears with the last hidden session, so the grid takes the focus.
    box.focus({ preventScroll: true });
    box.scrollTo({ top: box.scrollTop + nearest - PEEK_PX });
  };
  return { scroller, hidden, reveal };
}

/** Distances of the sessions out of sight from the top of the frame, px, in the order of time. */
function sidesOf(box: HTMLElement): { above: number[]; below: number[] } {
  const sides: { above: number[]; below: number[] } = { above: [], below: [] };
  // A box that shows all its content does not scroll, such as a week as a list on a phone.
  if (box.scrollHeight <= box.clientHeight + 1) return sides;
  const frame = box.getBoundingClientRect();
  const head = box.querySelector<HTMLElement>("[data-head]")?.offsetHeight ?? 0;
  const top = frame.top + head;
  for (const item of box.querySelectorAll("li")) {
    const session = item.getBoundingClientRect();
    if (session.top < top - 2) sides.above.push(session.top - top);
    else if (session.top + FIRST_LINE_PX > frame.bottom) sides.below.push(session.top - top);
  }
  sides.above.sort((one, other) => one - other);
  sides.below.sort((one, other) => one - other);
  return sides;
}
