import { createHash } from "node:crypto";
import { openPasswordLane, type PasswordLane } from "../accounts/passwordLane.ts";

const mark = "quick:";
const digest = (password: string) =>
  `${mark}${createHash("sha256").update(password.normalize("NFKC")).digest("hex")}`;

/**
 * For tests that make accounts but are not about passwords: a hash that costs nothing. Hashes made elsewhere, such as the
 * demo's, are verified as in production.
 */
export function openQuickPasswords(): PasswordLane {
  const library = openPasswordLane();
  return {
    hash: async (password) => digest(password),
    verify: async ({ hash, password }) =>
      hash.startsWith(mark) ? hash === digest(password) : library.verify({ hash, password }),
  };
}
