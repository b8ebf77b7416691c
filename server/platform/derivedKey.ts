import { hkdfSync } from "node:crypto";

/**
 * Derives a 32-byte key for one purpose from the accounts' secret by HKDF-SHA256 (RFC 5869). A signature for one purpose is
 * invalid for any other, and all become invalid when the secret changes.
 * @param purpose such as "booking link v1"; must not change once in use
 */
export function deriveKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", `matepeak ${purpose}`, 32));
}
