import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { deriveKey } from "./derivedKey.ts";

/** Encrypts short secrets that must be stored until they are used. */
export interface Sealer {
  seal(text: string): Buffer;
  /** @throws if it was sealed with another secret or for another purpose, or has been changed */
  open(sealed: Uint8Array): string;
}

const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM with a key derived for one purpose: nonce, authentication tag, ciphertext. @param purpose as for `deriveKey` */
export function openSealer(secret: string, purpose: string): Sealer {
  const key = deriveKey(secret, purpose);
  return {
    seal: (text) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    open: (sealed) => {
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      return (
        decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, "utf8") + decipher.final("utf8")
      );
    },
  };
}
