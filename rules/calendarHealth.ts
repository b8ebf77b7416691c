import { type EpochMs, MINUTE_MS } from "#scheduling/units.ts";

/** How old busy times may be, in minutes, before their owner is told; the operator may choose another figure. */
export const calendarStaleMinutes = 30;
/** How old they are at most while all is well: a read every three minutes, and time for one to take long. */
export const lateMinutes = 10;

/** How long before the end of a login its owner is notified, in days. */
export const loginNoticeDays = 2;

/** 'fine', 'late' (the last reads failed, or none came), 'broken' (too old to rely on, or nothing but its owner can mend it). */
export type CalendarHealth = "fine" | "late" | "broken";

const problemsOfOwner: readonly string[] = [
  "login_refused",
  "forbidden",
  "not_found",
  "address_private",
  "too_large",
];

/** Whether only the person can mend it: waiting does not help. */
export function needsOwner(problem: string | null): boolean {
  return problem !== null && problemsOfOwner.includes(problem);
}

export interface ConnectionState {
  /** Null: never read. */
  syncedAt: EpochMs | null;
  createdAt: EpochMs;
  problem: string | null;
}

export function calendarHealth(
  { syncedAt, createdAt, problem }: ConnectionState,
  now: EpochMs,
  staleMinutes: number,
): CalendarHealth {
  const age = now - (syncedAt ?? createdAt);
  if (needsOwner(problem)) return "broken";
  if (age > staleMinutes * MINUTE_MS) return "broken";
  return problem !== null || age > lateMinutes * MINUTE_MS ? "late" : "fine";
}
