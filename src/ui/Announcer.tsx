import { useSyncExternalStore } from "react";

let message = "";
const listeners = new Set<() => void>();

/** Says something through the page's live region, for what a sighted person sees happen. */
export function announce(text: string): void {
  // The same words twice are no change of the DOM and would stay unspoken.
  message = text === message ? `${text}\u00a0` : text;
  for (const listener of listeners) listener();
}

/**
 * The one live region, there from the start so that screen readers know it. It lies outside of dialogs, which hide the
 * rest of the page: Radix leaves `aria-live` elements alone.
 */
export function Announcer() {
  const text = useSyncExternalStore(subscribe, () => message);
  return (
    <p aria-live="polite" className="sr-only">
      {text}
    </p>
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
