import { useSyncExternalStore } from "react";

const preference = () => window.matchMedia("(prefers-reduced-motion: reduce)");

/** Whether the person prefers reduced motion, which includes text that changes every second. */
export function useReducedMotion(): boolean {
  return useSyncExternalStore(subscribe, () => preference().matches);
}

function subscribe(listener: () => void): () => void {
  const query = preference();
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}
