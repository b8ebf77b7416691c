import { hash, randomBytes } from "node:crypto";

/** 256 bits, base64url. */
const tokenForm = /^[\w-]{43}$/;

export function newFeedToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Returns what is stored of a token, or undefined for text that is none. */
export function feedTokenHash(token: string): Buffer | undefined {
  // Without a salt: what is random needs none, and the hash is how it is found.
  return tokenForm.test(token) ? hash("sha256", token, "buffer") : undefined;
}

/** The path of a feed. */
export const feedPath = (token: string) => `/calendar/${token}.ics`;
