import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Length of a step, s; authenticator apps assume it. */
const stepSeconds = 30;
const digits = 6;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A new secret as the accounts library keeps it: its characters are the key. 190 random bits. */
export function newTotpSecret(): string {
  return randomBytes(24).toString("base64url");
}

/** Returns the secret as authenticator apps take it (Base32, RFC 4648). */
export function base32Of(secret: string): string {
  const bits = [...Buffer.from(secret)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => alphabet[Number.parseInt(five.padEnd(5, "0"), 2)])
    .join("");
}

/** Returns the address that a QR code holds, in the form that authenticator apps agree on. */
export function totpUri(secret: string, issuer: string, account: string): string {
  const query = new URLSearchParams({
    secret: base32Of(secret),
    issuer,
    digits: String(digits),
    period: String(stepSeconds),
  });
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?${query}`;
}

/** Returns the code of a step (RFC 4226). */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", secret).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const number = (digest.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits;
  return String(number).padStart(digits, "0");
}

export function totpStep(now: number): number {
  return Math.floor(now / 1000 / stepSeconds);
}

/**
 * Returns the step that a code belongs to: this one, or the ones before and after it, for clocks that differ and people who
 * type slowly (RFC 6238, 5.2 and 6). Undefined if it is no code of these.
 */
export function matchingStep(secret: string, code: string, now: number): number | undefined {
  const typed = Buffer.from(code);
  const current = totpStep(now);
  return [current, current - 1, current + 1].find((step) => {
    const expected = Buffer.from(totpCode(secret, step));
    return typed.length === expected.length && timingSafeEqual(typed, expected);
  });
}
