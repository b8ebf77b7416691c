import { type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";

/** The element around everything that an open dialog makes inert: not the live region and the toasts. */
export const pageId = "page";

/** Open dialogs, the topmost last. */
const opened: HTMLElement[] = [];

/**
 * Makes an element the only one that keyboards, pointers and screen readers reach, besides toasts and the live region, and
 * gives it the focus. `<dialog>.showModal()` would make those two inert as well.
 * @param onEscape called for the topmost dialog only
 * @param onClosed moves the focus after the element has gone; by default it returns to where it was
 */
export function useModal(
  onEscape: () => void,
  onClosed: (returnFocus: () => void) => void = (returnFocus) => returnFocus(),
): { dialog: RefObject<HTMLDivElement | null>; first: RefObject<HTMLButtonElement | null> } {
  const dialog = useRef<HTMLDivElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  // While rendering: an element of the dialog may take the focus before effects run.
  const [opener] = useState(() => document.activeElement);
  const close = useEffectEvent(onEscape);
  const closed = useEffectEvent(onClosed);

  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    opened.push(element);
    makeOthersInert();
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && opened.at(-1) === element) close();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      opened.splice(opened.indexOf(element), 1);
      makeOthersInert();
    };
  }, []);

  useEffect(() => {
    // A step's heading may have it already.
    if (!dialog.current?.contains(document.activeElement)) first.current?.focus();
    return () => closed(() => opener instanceof HTMLElement && opener.focus());
  }, [opener]);

  return { dialog, first };
}

function makeOthersInert(): void {
  const top = opened.at(-1);
  for (const element of opened) element.inert = element !== top;
  const page = document.getElementById(pageId);
  if (page) page.inert = top !== undefined;
}
