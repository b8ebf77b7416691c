import { ApiProblem } from "./api.ts";

/** Awaits a step. If the API refuses it, calls `refresh`: what the page shows may be out of date. @throws what the step throws */
export async function refreshIfRefused<T>(step: Promise<T>, refresh: () => unknown): Promise<T> {
  try {
    return await step;
  } catch (thrown) {
    if (thrown instanceof ApiProblem && thrown.status >= 400 && thrown.status < 500) void refresh();
    throw thrown;
  }
}
