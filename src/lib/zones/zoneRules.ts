/**
 * The server's time zone rules. A browser's own rules may be older; bookings follow the server's (docs/decisions/0037), and
 * so does time.ts once they are loaded.
 */
import type { ZoneAnswer } from "#contract/timeZones.ts";

type Rules = { periods: { from: number; offset: number }[]; until: number };

const known = new Map<string, Rules>();
const unknown = new Set<string>();
const listeners = new Set<() => void>();
let generation = 0;

/** A zone's offset from UTC at an instant (epoch ms), in ms; null if the server's rules are not loaded. */
export function serverOffset(timeZone: string, instant: number): number | null {
  const rules = known.get(timeZone);
  if (!rules || !(instant < rules.until)) return null;
  return rules.periods.findLast(({ from }) => from <= instant)?.offset ?? null;
}

/** Whether the server has answered that it does not know the zone. */
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
  // Times on the page were formatted by the browser's rules.
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
