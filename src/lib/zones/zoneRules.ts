/**
 * The server's rules of the zones that are shown here. A browser brings rules of its own, those of its last update; what is
 * booked goes by the server's (docs/decisions/0037), and so do time.ts and all that uses it, from when they are here.
 */
import type { ZoneAnswer } from "#contract/timeZones.ts";

type Rules = { periods: { from: number; offset: number }[]; until: number };

const known = new Map<string, Rules>();
const unknown = new Set<string>();
const listeners = new Set<() => void>();
let generation = 0;

/** How far a zone's clock is ahead of UTC at an instant (epoch ms), in ms; null where the server has not said it. */
export function serverOffset(timeZone: string, instant: number): number | null {
  const rules = known.get(timeZone);
  if (!rules || !(instant < rules.until)) return null;
  return rules.periods.findLast(({ from }) => from <= instant)?.offset ?? null;
}

/** Whether the server has said that it knows no such zone. */
export function isUnknownToServer(timeZone: string): boolean {
  return unknown.has(timeZone);
}

export function hasAsked(timeZone: string): boolean {
  return known.has(timeZone) || unknown.has(timeZone);
}

export function adoptZones({ until, data, unknown: names }: ZoneAnswer): void {
  for (const { timezone, periods } of data) {
    const rules = periods.map(({ from, utc_offset }) => ({
      from: Date.parse(from),
      offset: utc_offset * 60_000,
    }));
    known.set(timezone, { periods: rules, until: Date.parse(until) });
  }
  for (const name of names) unknown.add(name);
  // What is on the screen was made by the browser's rules.
  generation += 1;
  for (const listener of listeners) listener();
}

export function zoneGeneration(): number {
  return generation;
}

export function onZonesChanged(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
