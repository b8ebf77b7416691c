import { setTimeout as sleep } from "node:timers/promises";
import type { Finding } from "../proof.ts";
import { asTwin } from "../rounds.ts";
import { onStack, type Stack } from "./stack.ts";
import { playUnderLoad } from "./underLoad.ts";

/** Two apps and a worker behind nginx: each app is replaced while it serves. */
export async function restartUnderLoad(): Promise<Finding[]> {
  return [
    await onStack((stack) =>
      playUnderLoad(
        "Two apps and a worker behind nginx, each app replaced while it serves: no request fails",
        stack,
        () => replaceBoth(stack),
      ),
    ),
    asTwin(
      "a process that is killed, and neither taken out before nor drained, fails requests",
      await onStack((stack) => playUnderLoad("killed", stack, () => killBoth(stack))),
    ),
    asTwin(
      "without a worker no booking has its messages",
      await onStack((stack) => playUnderLoad("no worker", stack, async () => undefined), {
        hasWorker: false,
      }),
    ),
  ];
}

/** Takes each app out of nginx, ends it in order, starts another one and puts it in again. */
export async function replaceBoth(stack: Stack): Promise<undefined> {
  for (const index of [0, 1] as const) {
    await stack.replace(index, "SIGTERM", true);
    await sleep(1_000);
  }
}

async function killBoth(stack: Stack): Promise<undefined> {
  for (const index of [0, 1] as const) {
    await stack.replace(index, "SIGKILL", false);
    await sleep(1_000);
  }
}
