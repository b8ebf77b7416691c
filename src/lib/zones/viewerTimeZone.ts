import { useSyncExternalStore } from "react";
import { deviceTimeZone, isTimeZone, reportedTimeZone } from "@/lib/time.ts";
import { isUnknownToServer, onZonesChanged } from "./zoneRules.ts";

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

/** The zone in which this person reads times: the one chosen here, else the device's, each as far as the server knows it. */
export function viewerTimeZone(): string {
  return chosen !== null && !isUnknownToServer(chosen) ? chosen : deviceTimeZone();
}

/** The zone that would be the viewer's if the server knew it, and where it comes from; null when there is none. */
export function unknownViewerZone(): { name: string; from: "choice" | "device" } | null {
  if (chosen !== null) return isUnknownToServer(chosen) ? { name: chosen, from: "choice" } : null;
  const name = reportedTimeZone();
  return isUnknownToServer(name) ? { name, from: "device" } : null;
}

// The sentence about it is for once: with the next page the device's zone counts again.
onZonesChanged(() => {
  if (chosen === null || !isUnknownToServer(chosen)) return;
  keep(null);
  tell();
});

/** null: follow the device again. */
export function setViewerTimeZone(timeZone: string | null): void {
  chosen = timeZone === deviceTimeZone() ? null : timeZone;
  keep(chosen);
  tell();
}

function keep(timeZone: string | null): void {
  try {
    if (timeZone) localStorage.setItem(KEY, timeZone);
    else localStorage.removeItem(KEY);
  } catch {
    // Kept in `chosen`.
  }
}

function tell(): void {
  for (const listener of listeners) listener();
}

export function useViewerTimeZone(): string {
  return useSyncExternalStore(subscribe, viewerTimeZone);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
