import { createSecretKey } from "node:crypto";
import { decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { z } from "zod";
import type { SupabaseConfig } from "../../platform/config.ts";
import { type KeyOptions, openSigningKeys } from "./signingKeys.ts";

/** What we read of an access token: https://supabase.com/docs/guides/auth/jwt-fields */
const claims = z.object({
  sub: z.uuid(),
  session_id: z.uuid(),
  role: z.literal("authenticated"),
  exp: z.number(),
  is_anonymous: z.boolean().default(false),
  // When and how the person signed in. Refreshing a token is no sign-in.
  amr: z.array(z.looseObject({ method: z.string(), timestamp: z.number() })).default([]),
  // Of an app of another vendor that the person lets act for them at Supabase, not here.
  client_id: z.string().optional(),
});

export interface AccessToken {
  userId: string;
  loginId: string;
  /** Epoch ms. */
  expiresAt: number;
  /** Epoch ms: when the person last signed in. */
  provedAt: number;
}

/** Returns what a token says; null if it is none that counts here. @throws Refusal `sign_in_unavailable` */
export type ReadAccessToken = (token: string) => Promise<AccessToken | null>;

/** The algorithms that Supabase signs with a private key. */
const publicKeyAlgorithms = ["ES256", "RS256", "EdDSA"];

/**
 * Supabase's access tokens: signed with one of the project's keys, which its JWKS lists, or with the project's shared
 * secret in older projects. The algorithm decides which kind of key is looked for and never what a key is used as, so a
 * public key is no secret (RFC 8725, 2.1 and 3.1). People who are anonymous there are visitors here.
 */
export function openAccessTokens(
  { url, jwtSecret }: Pick<SupabaseConfig, "url" | "jwtSecret">,
  options: KeyOptions = {},
): ReadAccessToken {
  const issuer = `${url}/auth/v1`;
  const signingKeys = openSigningKeys(`${issuer}/.well-known/jwks.json`, options);
  const { now = Date.now } = options;
  const secret = jwtSecret === undefined ? undefined : createSecretKey(jwtSecret, "utf8");

  function verified(token: string): Promise<JWTPayload> | null {
    const { alg } = decodeProtectedHeader(token);
    const check = (key: JWTVerifyGetKey, algorithms: string[]) =>
      jwtVerify(token, key, {
        issuer,
        audience: "authenticated",
        algorithms,
        currentDate: new Date(now()),
      }).then(({ payload }) => payload);
    if (alg === "HS256") return secret ? check(async () => secret, ["HS256"]) : null;
    return publicKeyAlgorithms.includes(alg ?? "") ? check(signingKeys, publicKeyAlgorithms) : null;
  }

  return async (token) => {
    let payload: JWTPayload | null;
    try {
      payload = await verified(token);
    } catch (error) {
      // No token, a wrong signature or claim, an unknown key. TypeError: not in the form of a token.
      if (error instanceof errors.JOSEError || error instanceof TypeError) return null;
      throw error;
    }
    const { data } = claims.safeParse(payload);
    if (!data || data.is_anonymous || data.client_id !== undefined) return null;
    return {
      userId: data.sub,
      loginId: data.session_id,
      expiresAt: data.exp * 1000,
      provedAt: Math.max(0, ...data.amr.map(({ timestamp }) => timestamp * 1000)),
    };
  };
}
