import { useSyncExternalStore } from "react";

const wish = () => window.matchMedia("(prefers-reduced-motion: reduce)");

/** Whether this person wants little to move: also words that change each second. */
export function useReducedMotion(): boolean {
  return useSyncExternalStore(subscribe, () => wish().matches);
}

function subscribe(listener: () => void): () => void {
  const query = wish();
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}
