import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { deriveKey } from "../platform/derivedKey.ts";

/**
 * Recognises devices that have signed in to an account before by a cookie `<device name>~<proof>~<proof>…`, with one proof
 * for each of the device's latest accounts. A proof is an HMAC-SHA256 over the device's name and the account's address, so
 * it cannot be forged for an account that the device never signed in to. The cookie does not sign anyone in: it only
 * decides which guesses are counted together ("device cookies",
 * https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
 */
export interface KnownDevices {
  /** Returns the device's name if it has signed in to this account before. */
  recognise(cookie: string | undefined, account: string): string | undefined;
  /** Returns the new cookie of a device that has just signed in to this account. */
  remember(cookie: string | undefined, account: string): string;
}

/** Seconds: browsers keep a cookie for at most 400 days. Every sign-in renews it. */
export const deviceCookieLife = 400 * 86_400;
/** How many accounts a shared computer remembers. */
const maxAccounts = 5;
const form = /^([\w-]{22})((?:~[\w-]{22}){1,5})$/;

/** The key is derived from the accounts' secret (RFC 5869): if the secret changes, all devices are unknown again. */
export function openKnownDevices(secret: string): KnownDevices {
  const key = deriveKey(secret, "known device v1");
  const proofOf = (device: string, account: string) =>
    createHmac("sha256", key).update(`${device}\n${account}`).digest().subarray(0, 16).toString("base64url");

  const read = (cookie: string | undefined) => {
    const [, device, proofs] = form.exec(cookie ?? "") ?? [];
    return device && proofs ? { device, proofs: proofs.slice(1).split("~") } : undefined;
  };

  return {
    recognise(cookie, account) {
      const known = read(cookie);
      if (!known) return undefined;
      const right = Buffer.from(proofOf(known.device, account));
      return known.proofs.some((proof) => timingSafeEqual(Buffer.from(proof), right))
        ? known.device
        : undefined;
    },
    remember(cookie, account) {
      const known = read(cookie) ?? { device: randomBytes(16).toString("base64url"), proofs: [] };
      const proof = proofOf(known.device, account);
      const others = known.proofs.filter((one) => one !== proof);
      return [known.device, proof, ...others].slice(0, 1 + maxAccounts).join("~");
    },
  };
}
