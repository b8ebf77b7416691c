import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { deriveKey } from "../platform/derivedKey.ts";

/**
 * Tells a device that has signed in to an account before from one that has not, by a cookie
 * `<name of the device>~<proof>~<proof>…` with one proof for each of its latest accounts. A proof is an HMAC-SHA256 over
 * the device's name and the account's address, so that nobody can make one for an account that he never signed in to.
 * It lets nobody in: it only decides whose guesses are counted together ("device cookies",
 * https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
 */
export interface KnownDevices {
  /** The device's name, if it has signed in to this account before. */
  recognise(cookie: string | undefined, account: string): string | undefined;
  /** The cookie of a device that has just signed in to this account. */
  remember(cookie: string | undefined, account: string): string;
}

/** Seconds: browsers keep a cookie for at most 400 days. Every sign-in begins them anew. */
export const deviceCookieLife = 400 * 86_400;
/** Of a family's computer the accounts of the last so many people are known. */
const mostAccounts = 5;
const form = /^([\w-]{22})((?:~[\w-]{22}){1,5})$/;

/** The key is derived from the accounts' secret (RFC 5869); with another secret all devices are strangers again. */
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
      return [known.device, proof, ...others].slice(0, 1 + mostAccounts).join("~");
    },
  };
}
