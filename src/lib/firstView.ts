import { useEffect, useLayoutEffect, useRef } from "react";

/**
 * The first view: what the server puts into the document, so that it can be seen and used before the app has loaded
 * (docs/decisions/0045). It lies over the app until the app shows the same.
 */

export const firstViewId = "first-view";

function find(): HTMLElement | null {
  return globalThis.document?.getElementById(firstViewId) ?? null;
}

export function hasFirstView(): boolean {
  return find() !== null;
}

/** Removes it. Returns the start of the time in it that has or had the focus. */
export function endFirstView(): string | undefined {
  const view = find();
  view?.remove();
  return view?.dataset.focused;
}

/** Ends it once the app shows the same, or something else. The focus goes from a time in it to the same time in the app. */
export function useFirstViewEnd(isShown: boolean): void {
  const focused = useRef<string>(undefined);
  useLayoutEffect(() => {
    if (isShown) focused.current = endFirstView();
  }, [isShown]);
  // After the dialog and its heading have taken the focus.
  useEffect(() => {
    if (!focused.current) return;
    document.querySelector<HTMLElement>(`[data-starts-at="${CSS.escape(focused.current)}"]`)?.focus();
    focused.current = undefined;
  });
}
