import { useSyncExternalStore } from "react";
import { deviceTimeZone, isTimeZone } from "./time.ts";

const KEY = "matepeak.timezone";
const listeners = new Set<() => void>();
/** For browsers that forbid storage: the choice then lasts as long as the page. */
let chosen = read();

function read(): string | null {
  try {
    const stored = localStorage.getItem(KEY);
    return stored && isTimeZone(stored) ? stored : null;
  } catch {
    return null;
  }
}

/** The zone in which this person reads times: the one chosen here, else the device's. */
export function viewerTimeZone(): string {
  return chosen ?? deviceTimeZone();
}

/** null: follow the device again. */
export function setViewerTimeZone(timeZone: string | null): void {
  chosen = timeZone === deviceTimeZone() ? null : timeZone;
  try {
    if (chosen) localStorage.setItem(KEY, chosen);
    else localStorage.removeItem(KEY);
  } catch {
    // Kept in `chosen`.
  }
  for (const listener of listeners) listener();
}

export function useViewerTimeZone(): string {
  return useSyncExternalStore(subscribe, viewerTimeZone);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
