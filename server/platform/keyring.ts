import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { deriveKey } from "./derivedKey.ts";

/** A secret that keys are derived from, and the name by which what it sealed is found again. */
export interface NamedSecret {
  id: string;
  secret: string;
}

/** Encrypts secrets that are stored for long, under keys that can be replaced one by one. */
export interface Keyring {
  /** With what the name of the key that seals begins a secret; one that begins otherwise is due to be sealed again. */
  readonly prefix: Buffer;
  /** @param about what the secret belongs to, such as an id; a copy in another row cannot be opened */
  seal(text: string, about: string): Buffer;
  /** @throws Error if the key is not in the ring, or it was sealed about something else, or has been changed */
  open(sealed: Uint8Array, about: string): string;
}

const nonceBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM. The id of the key is in front, and is authenticated together with what the secret is about.
 * @param secrets the first seals, all of them open
 * @param purpose as for `deriveKey`
 */
export function openKeyring(secrets: readonly [NamedSecret, ...NamedSecret[]], purpose: string): Keyring {
  const keys = new Map(secrets.map(({ id, secret }) => [id, deriveKey(secret, purpose)]));
  const [{ id: sealingId }] = secrets;
  const keyOf = (id: string) => {
    const key = keys.get(id);
    if (!key) throw new Error(`The key "${id}" is not among SECRET_KEYS.`);
    return key;
  };
  const prefix = prefixOf(sealingId);
  return {
    prefix,
    seal: (text, about) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", keyOf(sealingId), nonce);
      cipher.setAAD(authenticated(sealingId, about));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([prefix, nonce, cipher.getAuthTag(), body]);
    },
    open: (sealed, about) => {
      const bytes = Buffer.from(sealed);
      const idEnd = 1 + (bytes[0] ?? 0);
      const id = bytes.toString("utf8", 1, idEnd);
      const tagAt = idEnd + nonceBytes;
      const decipher = createDecipheriv("aes-256-gcm", keyOf(id), bytes.subarray(idEnd, tagAt));
      decipher.setAAD(authenticated(id, about));
      decipher.setAuthTag(bytes.subarray(tagAt, tagAt + tagBytes));
      return decipher.update(bytes.subarray(tagAt + tagBytes), undefined, "utf8") + decipher.final("utf8");
    },
  };
}

/** The length of the id, and the id. */
function prefixOf(id: string): Buffer {
  const name = Buffer.from(id, "utf8");
  return Buffer.concat([Buffer.from([name.length]), name]);
}

function authenticated(keyId: string, about: string): Buffer {
  return Buffer.from(JSON.stringify([keyId, about]));
}
