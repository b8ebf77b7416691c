/** Fetches the server's rules of time zones, each once, and those requested at the same moment together. */

import type { ZoneAnswer } from "#contract/timeZones.ts";
import { countLimits } from "#rules/limits.ts";
import { api } from "@/lib/api.ts";
import { adoptZones, hasAsked } from "./zoneRules.ts";

const asking = new Map<string, Promise<void>>();
let next: { zones: string[]; asked: Promise<void> } | null = null;

/** Resolves when the rules of these zones are loaded, or could not be: the browser's own are used then. */
export async function needZones(zones: readonly string[]): Promise<void> {
  await Promise.all(zones.map((zone) => (hasAsked(zone) ? undefined : (asking.get(zone) ?? enlist(zone)))));
}

function enlist(zone: string): Promise<void> {
  if (next && next.zones.length < countLimits.zonesAtOnce) next.zones.push(zone);
  else {
    const zones = [zone];
    next = { zones, asked: Promise.resolve().then(() => ask(zones)) };
  }
  asking.set(zone, next.asked);
  return next.asked;
}

async function ask(zones: string[]): Promise<void> {
  if (next?.zones === zones) next = null;
  try {
    const query = { names: zones.join(",") };
    adoptZones(await api.get<ZoneAnswer>("/api/v1/time-zones", { query, forAnyone: true }));
  } catch {
    // The page stays as it is; the zone is requested again when it is next needed.
  } finally {
    for (const zone of zones) asking.delete(zone);
  }
}
