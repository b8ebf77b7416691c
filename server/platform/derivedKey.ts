import { hkdfSync } from "node:crypto";

/**
 * A key of 32 bytes for one purpose, derived from the accounts' secret by HKDF-SHA256 (RFC 5869): what is signed for one
 * purpose says nothing for another, and another secret makes all of it invalid.
 * @param purpose never changes once in use, such as "booking link v1"
 */
export function deriveKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", `matepeak ${purpose}`, 32));
}
