import { type EpochMs, MINUTE_MS } from "#scheduling/units.ts";

/** How old busy times may be, in minutes, before their owner is told; the operator may choose another figure. */
const calendarStaleMinutes = 30;
/** How old they are at most while all is well: a read every three minutes, and time for one to take long. */
const lateMinutes = 10;

/** 'fine', 'late' (the last reads failed, or none came), 'broken' (too old to rely on, or nothing but its owner can mend it). */
export type CalendarHealth = "fine" | "late" | "broken";

/** What the person has to mend: waiting does not help. */
const needsOwner: readonly string[] = ["login_refused", "not_found", "address_private", "too_large"];

export interface ConnectionState {
  /** Null: never read. */
  syncedAt: EpochMs | null;
  createdAt: EpochMs;
  problem: string | null;
}

export function calendarHealth(
  { syncedAt, createdAt, problem }: ConnectionState,
  now: EpochMs,
  staleMinutes = calendarStaleMinutes,
): CalendarHealth {
  const age = now - (syncedAt ?? createdAt);
  if (problem !== null && needsOwner.includes(problem)) return "broken";
  if (age > staleMinutes * MINUTE_MS) return "broken";
  return problem !== null || age > lateMinutes * MINUTE_MS ? "late" : "fine";
}
