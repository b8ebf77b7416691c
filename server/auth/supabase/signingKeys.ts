import { createLocalJWKSet, errors, type JWTVerifyGetKey } from "jose";
import { z } from "zod";
import { Refusal } from "../../platform/errors.ts";
import { fetchBounded } from "../../platform/http/fetchBounded.ts";

/** A key is asked for again at most this often, ms, so that invented key ids cost the issuer nothing. */
const pause = 30_000;
/** Keys are read again after this time, ms: one that was withdrawn stops to count. */
const readAgainAfter = 10 * 60_000;
/** Keys count for this long, ms, while the issuer cannot be reached: no token that they signed lives longer. */
const longestLife = 60 * 60_000;
const maxBytes = 64 * 1024;

export interface KeyOptions {
  /** Epoch ms. */
  now?: () => number;
  /** How long the issuer may take to answer, ms. */
  longestAnswer?: number;
}

const publicKinds = ["EC", "RSA", "OKP"];
/** A project has one key in use, one in standby and those that were used before. A shared key (`oct`) is no public key. */
const keySet = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string() }))
    .transform((keys) => keys.filter(({ kty }) => publicKinds.includes(kty))),
});

interface KnownKeys {
  find: JWTVerifyGetKey;
  readAt: number;
}

/**
 * The public keys that a Supabase project signs with, from its JWKS (RFC 7517).
 * @throws Refusal `sign_in_unavailable` if the key is not known and the issuer cannot be asked
 */
export function openSigningKeys(
  jwksUrl: string,
  { now = Date.now, longestAnswer = 5_000 }: KeyOptions = {},
): JWTVerifyGetKey {
  const bounds = { timeoutMs: longestAnswer, maxBytes };
  let known: KnownKeys | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failed = false;
  let reading: Promise<void> | undefined;

  async function readKeys(): Promise<void> {
    failed = true;
    const { status, text } = await fetchBounded(jwksUrl, { headers: { accept: "application/json" } }, bounds);
    if (status !== 200) return;
    const parsed = keySet.safeParse(parsedJson(text));
    if (!parsed.success) return;
    known = { find: createLocalJWKSet(parsed.data), readAt: now() };
    failed = false;
  }

  /** Those who ask at the same time wait for one answer. */
  function readOnce(): Promise<void> {
    if (!reading) {
      triedAt = now();
      reading = readKeys()
        // A NoAnswer: `failed` says it.
        .catch(() => undefined)
        .finally(() => {
          reading = undefined;
        });
    }
    return reading;
  }
  const mayRead = () => reading !== undefined || now() - triedAt >= pause;

  return async (header, token) => {
    if (known && now() - known.readAt > longestLife) known = undefined;
    if (!known && mayRead()) await readOnce();
    if (!known) throw new Refusal("sign_in_unavailable");
    // What is known serves meanwhile.
    if (now() - known.readAt > readAgainAfter && mayRead()) void readOnce();
    try {
      return await known.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      if (mayRead()) await readOnce();
      if (failed) throw new Refusal("sign_in_unavailable");
      return known.find(header, token);
    }
  };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
