/** How calls of providers end, in one place: what is said in messages, and what is never in them. */
import { otherAmount } from "#words/refusals.ts";
import type { Outcome, ProviderOrder } from "./provider.ts";

export const done = <T>(value: T) => ({ kind: "done", value }) as const;
export const refused = (code: string, message: string) => ({ kind: "refused", code, message }) as const;
/** What was asked for was made before, over another amount. */
export const refusedForAmount = (id: string) => refused("other_amount", otherAmount.made(id));
/** `message` is for logs: the call is repeated, and no person sees how it went. */
export const unknown = (message: string) => ({ kind: "unknown", message }) as const;

/** The next step of a call, taken only if this one was done. */
export async function andThen<T, U>(
  outcome: Outcome<T>,
  next: (value: T) => Outcome<U> | Promise<Outcome<U>>,
): Promise<Outcome<U>> {
  return outcome.kind === "done" ? next(outcome.value) : outcome;
}

/** All of them, or the first that was not done. */
export function all<T>(outcomes: readonly Outcome<T>[]): Outcome<T[]> {
  const values: T[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind !== "done") return outcome;
    values.push(outcome.value);
  }
  return done(values);
}

/** Reads the orders of a list, one after the other. @throws Error if the list or one of them could not be read */
export async function* readOrders(
  ids: Outcome<Iterable<string>>,
  fetchOrder: (id: string) => Promise<Outcome<ProviderOrder>>,
): AsyncGenerator<ProviderOrder> {
  if (ids.kind !== "done") throw new Error(`The orders could not be listed: ${ids.message}`);
  for (const id of ids.value) {
    const order = await fetchOrder(id);
    if (order.kind !== "done") throw new Error(`Order ${id} could not be read: ${order.message}`);
    yield order.value;
  }
}

/**
 * Statuses of HTTP that are no judgement on the request: it was too early, too much or made with a wrong key. The call may be
 * repeated, and is done once the key is right.
 */
const noJudgement = new Set([401, 403, 408, 409, 424, 425, 429]);

/** Whether a provider with this status says that it did not do what was asked, and will not. */
export function isJudgement(status: number): boolean {
  return status >= 400 && status < 500 && !noJudgement.has(status);
}

const longestMessage = 300;

/** Makes what a provider says fit for logs and pages: not long, and without our secrets, should it repeat them. */
export function openScrubber(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .flatMap((secret) => [secret, Buffer.from(secret).toString("base64")])
    // One may hold another.
    .sort((one, other) => other.length - one.length);
  return (text) => {
    const clean = forms.reduce((rest, form) => rest.replaceAll(form, "[secret]"), text);
    return clean.length > longestMessage ? `${clean.slice(0, longestMessage)}…` : clean;
  };
}

type DisputeState = "open" | "won" | "lost";

/** The state of an attempt that was disputed several times: one that is open comes first, then one that was lost. */
export function disputeOf(states: readonly DisputeState[]): DisputeState | null {
  return (["open", "lost", "won"] as const).find((state) => states.includes(state)) ?? null;
}
