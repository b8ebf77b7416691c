import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { Refusal } from "../platform/errors.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { openScheduleCache, type ScheduleCache } from "../slots/scheduleCache.ts";
import { openTurns, type Turns } from "./turns.ts";

/** What all commands share that judge in memory and write at the revision that they have judged. */
export interface Judging {
  turns: Turns;
  schedules: ScheduleCache;
}

export function openJudging({ database, now }: Dependencies): Judging {
  return { turns: openTurns(), schedules: openScheduleCache(database, now) };
}

/** What changes this often between the look and the call is judged under its lock. */
const maxAttempts = 3;
const longestPauseMs = 8;

/**
 * Repeats an attempt whose revision was out of date ("again"), a few times. Returns undefined if the locked way must
 * decide.
 */
export async function atRevision<T>(attempt: () => Promise<T | "again" | undefined>): Promise<T | undefined> {
  for (let tries = 1; tries <= maxAttempts; tries++) {
    const outcome = await attempt();
    if (outcome !== "again") return outcome;
    // Another process changes the times of the same mentor.
    await sleep(Math.random() * longestPauseMs);
  }
  return undefined;
}

/** Whether the locked way says what is wrong, and records it under the key: a rejected row, or a lock that was not free. */
export function isInDoubt(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^(23|40|55P03)/.test(error.code ?? "");
}

/** Returns undefined for a refusal: by a schedule that may be out of date it is no answer. */
export function unlessRefused<T>(judge: () => T): T | undefined {
  try {
    return judge();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
