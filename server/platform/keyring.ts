import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { deriveKey } from "./derivedKey.ts";

/** A secret that keys are derived from, and the name by which what it sealed is found again. */
export interface NamedSecret {
  id: string;
  secret: string;
}

/** Encrypted, and which key opens it. */
interface Sealed {
  keyId: string;
  bytes: Buffer;
}

/** Encrypts secrets that are stored for long, under keys that can be replaced one by one. */
export interface Keyring {
  /** The key that seals; what another one has sealed is due to be sealed again. */
  readonly keyId: string;
  /** @param about what the secret belongs to, such as an id; a copy in another row cannot be opened */
  seal(text: string, about: string): Sealed;
  /** @throws Error if the key is not in the ring, or it was sealed about something else, or has been changed */
  open(sealed: { keyId: string; bytes: Uint8Array }, about: string): string;
}

const nonceBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM; the id of the key and what the secret is about are authenticated with it.
 * @param secrets the first seals, all of them open
 * @param purpose as for `deriveKey`
 */
export function openKeyring(secrets: readonly [NamedSecret, ...NamedSecret[]], purpose: string): Keyring {
  const [first] = secrets;
  const keys = new Map(secrets.map(({ id, secret }) => [id, deriveKey(secret, purpose)]));
  const keyOf = (id: string) => {
    const key = keys.get(id);
    if (!key) throw new Error(`The key "${id}" is not among SECRET_KEYS.`);
    return key;
  };
  return {
    keyId: first.id,
    seal: (text, about) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", keyOf(first.id), nonce);
      cipher.setAAD(authenticated(first.id, about));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return { keyId: first.id, bytes: Buffer.concat([nonce, cipher.getAuthTag(), body]) };
    },
    open: ({ keyId, bytes }, about) => {
      const sealed = Buffer.from(bytes);
      const decipher = createDecipheriv("aes-256-gcm", keyOf(keyId), sealed.subarray(0, nonceBytes));
      decipher.setAAD(authenticated(keyId, about));
      decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
      return (
        decipher.update(sealed.subarray(nonceBytes + tagBytes), undefined, "utf8") + decipher.final("utf8")
      );
    },
  };
}

function authenticated(keyId: string, about: string): Buffer {
  return Buffer.from(JSON.stringify([keyId, about]));
}
