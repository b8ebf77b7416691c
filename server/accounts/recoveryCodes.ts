import { hash, randomInt } from "node:crypto";
import { countLimits } from "#rules/limits.ts";

/** Without characters that look alike: 31 of them. */
const alphabet = "23456789abcdefghjkmnpqrstuvwxyz";
const length = 10;

/** New recovery codes, such as `k7m2p-x9q4t`. Each has 49 random bits. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: countLimits.recoveryCodes }, () => {
    const code = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
    return `${code.slice(0, length / 2)}-${code.slice(length / 2)}`;
  });
}

/**
 * Returns what is stored of a code: its hash, in whatever way it was typed. The accounts library encrypts the list of them,
 * so that a copy of the database alone does not allow guesses.
 */
export function storedRecoveryCode(code: string): string {
  const letters = code.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return hash("sha256", letters, "base64url");
}
