import { createHmac, hash, randomBytes } from "node:crypto";

/**
 * What the database keeps of a session's token. A token has 190 random bits, so one round without salt cannot be
 * reversed; the table's own check refuses anything that is not of this form.
 */
export function storedSessionToken(token: string): string {
  return hash("sha256", token, "base64url");
}

/** The token as cookies and bearer headers carry it. The signature ends with the secret it was made with. */
export function signSessionToken(token: string, secret: string): string {
  return `${token}.${createHmac("sha256", secret).update(token).digest("base64")}`;
}

/** A session that is written to the database past the library: `stored` is for the row, `bearer` for its person. */
export function newSessionToken(secret: string): { stored: string; bearer: string } {
  const token = randomBytes(24).toString("base64url");
  return { stored: storedSessionToken(token), bearer: signSessionToken(token, secret) };
}
