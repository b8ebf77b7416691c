import { setTimeout as sleep } from "node:timers/promises";
import type { FullConfig } from "@playwright/test";
import { paidApp } from "./paidApp.ts";

const longestStart = 60_000;

/** Waits for the servers of the journeys, which start together. @throws if one is not ready in time, or is another program */
export default async function untilReady({ projects }: FullConfig): Promise<void> {
  const deadline = AbortSignal.timeout(longestStart);
  const addresses = [String(projects[0]?.use.baseURL), paidApp.address];
  for (const address of addresses) {
    // They have just been started, and create a database before they listen.
    if (await statusOf(address)) throw new Error(`${address} is already in use.`);
  }
  for (const address of addresses) {
    while ((await statusOf(address)) !== 200) {
      if (deadline.aborted) throw new Error(`${address} is not ready after ${longestStart / 1000} s.`);
      await sleep(100);
    }
  }
}

/** Null: nothing listens. */
async function statusOf(address: string): Promise<number | null> {
  try {
    return (await fetch(`${address}/readyz`)).status;
  } catch {
    return null;
  }
}
