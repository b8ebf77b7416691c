import type { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { fieldErrors } from "#words/fields.ts";
import { refuseField } from "../platform/errors.ts";

/** How much of a password is judged: what is not easy to guess by then does not become so, and more costs more to judge. */
const judgedLength = 32;
/** Of 0 to 4. Below 2 a password falls to a million guesses: the common ones, keyboard rows, names with a digit. */
const leastScore = 2;
/** Letters that must be left without the person's name and address, and ours. */
const leastUnknown = 4;

let loading: Promise<ZxcvbnFactory> | undefined;

/** Forty thousand common passwords are loaded when the first person chooses one. */
function loadJudge(): Promise<ZxcvbnFactory> {
  loading ??= Promise.all([import("@zxcvbn-ts/core"), import("@zxcvbn-ts/language-common")]).then(
    ([{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }]) =>
      new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: judgedLength }),
  );
  return loading;
}

/**
 * Judges a new password as an attacker would guess it, who knows the person's name and address.
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
  if (unknown.length >= leastUnknown && judge.check(judged, known).score >= leastScore) return;
  throw refuseField(field, fieldErrors.easyPassword);
}
