import { createHmac, hash, randomBytes } from "node:crypto";

/**
 * Returns the hash of a login's token that the database stores. A token has 190 random bits, so one unsalted round cannot be
 * reversed; a CHECK of the table rejects any other form.
 */
export function storedLoginToken(token: string): string {
  return hash("sha256", token, "base64url");
}

/** Returns the signed token, as in cookies and bearer headers. The signature becomes invalid when the secret changes. */
export function signLoginToken(token: string, secret: string): string {
  return `${token}.${createHmac("sha256", secret).update(token).digest("base64")}`;
}

/** For logins created without the library: `stored` is for the row, `bearer` for the person. */
export function newLoginToken(secret: string): { stored: string; bearer: string } {
  const token = randomBytes(24).toString("base64url");
  return { stored: storedLoginToken(token), bearer: signLoginToken(token, secret) };
}
