import { randomBytes } from "node:crypto";

/**
 * An id token as vendors give it with access tokens. The app gets it from the vendor itself and does not check its signature
 * (OpenID Connect Core, 3.1.3.7), so that any will do.
 */
export function idTokenOf(claims: { iss: string; aud: string; sub: string }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: "RS256", kid: "one", typ: "JWT" };
  return `${part(header)}.${part({ ...claims, iat: now, exp: now + 3600 })}.${randomBytes(256).toString("base64url")}`;
}
