import { useSyncExternalStore } from "react";

let message = "";
const listeners = new Set<() => void>();

/** Announces a visible change to screen readers, through the page's live region. */
export function announce(text: string): void {
  // The same text twice would not change the DOM and not be announced.
  message = text === message ? `${text}\u00a0` : text;
  for (const listener of listeners) listener();
}

/**
 * The only live region, rendered from the start so that screen readers observe it, and outside of what dialogs make inert
 * (useModal.ts).
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
