import { type EpochMs, epochMs } from "#scheduling/units.ts";

/** The server's clock; tests pass others. */
export function systemClock(): EpochMs {
  return epochMs(Date.now());
}
