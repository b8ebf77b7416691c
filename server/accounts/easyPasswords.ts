import type { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { fieldErrors } from "#words/fields.ts";
import { refuseField } from "../platform/errors.ts";

/** How many characters are judged: longer passwords don't become easier to guess, and judging more costs more. */
const judgedLength = 32;
/** 0 to 4. Below 2, a million guesses find the password: common ones, keyboard rows, names with a digit. */
const minScore = 2;
/** Characters that must remain without the person's name, their address and the app's name. */
const minUnknown = 4;

let loading: Promise<ZxcvbnFactory> | undefined;

/** Loads forty thousand common passwords on first use. */
function loadJudge(): Promise<ZxcvbnFactory> {
  loading ??= Promise.all([import("@zxcvbn-ts/core"), import("@zxcvbn-ts/language-common")]).then(
    ([{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }]) =>
      new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: judgedLength }),
  );
  return loading;
}

/**
 * Rejects a new password that is easy to guess for an attacker who knows the person's name and address.
 * @throws Refusal `validation_failed` at `field`
 */
export async function rejectEasyPassword(
  field: string,
  password: string,
  person: { name?: string; email?: string },
): Promise<void> {
  const judge = await loadJudge();
  const { name = "", email = "" } = person;
  const words = [name, email, ...name.split(/\s+/), ...email.split(/[@._+-]/), "matepeak"];
  const known = words.map((word) => word.toLowerCase()).filter((word) => word.length > 2);
  const judged = password.slice(0, judgedLength);
  const unknown = known.reduce((left, word) => left.replaceAll(word, ""), judged.toLowerCase());
  if (unknown.length >= minUnknown && judge.check(judged, known).score >= minScore) return;
  throw refuseField(field, fieldErrors.easyPassword);
}
