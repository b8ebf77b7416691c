import { setTimeout as sleep } from "node:timers/promises";

/** Waits `ms` or until the signal aborts. @param ref false doesn't keep the process alive */
export async function abortableSleep(ms: number, signal: AbortSignal, ref = true): Promise<void> {
  try {
    await sleep(ms, undefined, { signal, ref });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
