import { setTimeout as sleep } from "node:timers/promises";
import { fieldErrors } from "#words/fields.ts";
import { type Refusal, refuseField } from "../platform/errors.ts";

/** ms; much longer than what a response waits for, which depends on whether the address has an account. */
const evenMs = 100;

/** Returns or throws what the work does, after a time that does not tell what it has done. */
export async function evenly<T>(work: Promise<T>): Promise<T> {
  const [result] = await Promise.allSettled([work, sleep(evenMs)]);
  if (result.status === "rejected") throw result.reason;
  return result.value;
}

/** The same for every reason: anything else would tell whether there was a code, and so an account. */
export function codeNotAccepted(field: string): Refusal {
  return refuseField(field, fieldErrors.codeNotAccepted, "code_not_accepted");
}
