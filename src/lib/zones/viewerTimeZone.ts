import { useSyncExternalStore } from "react";
import { deviceTimeZone, isTimeZone, reportedTimeZone } from "@/lib/time.ts";
import { isUnknownToServer, onZonesChanged } from "./zoneRules.ts";

const KEY = "matepeak.timezone";
const listeners = new Set<() => void>();
/** Also without storage: the choice then lasts as long as the page. */
let chosen = read();

function read(): string | null {
  try {
    const stored = localStorage.getItem(KEY);
    return stored && isTimeZone(stored) ? stored : null;
  } catch {
    return null;
  }
}

/** The viewer's time zone: the chosen one, else the device's, if the server knows it. */
export function viewerTimeZone(): string {
  return chosen !== null && !isUnknownToServer(chosen) ? chosen : deviceTimeZone();
}

/** The viewer's time zone if the server does not know it, and where it comes from; else null. */
export function unknownViewerZone(): { name: string; from: "choice" | "device" } | null {
  if (chosen !== null) return isUnknownToServer(chosen) ? { name: chosen, from: "choice" } : null;
  const name = reportedTimeZone();
  return isUnknownToServer(name) ? { name, from: "device" } : null;
}

// The page mentions it once; after a reload the device's zone is used.
onZonesChanged(() => {
  if (chosen === null || !isUnknownToServer(chosen)) return;
  keep(null);
  tell();
});

/** null to use the device's zone again. */
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
    // `chosen` has it.
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
