import type { FastifyReply } from "fastify";
import { Refusal } from "../../platform/errors.ts";
import type { AccessToken, ReadAccessToken } from "./accessToken.ts";
import type { SupabaseIdentities } from "./identities.ts";
import { type LoginCookie, loginLife } from "./loginCookie.ts";
import type { SupabaseAuth, SupabaseSession } from "./supabaseAuth.ts";

export interface SigningIn {
  auth: SupabaseAuth;
  cookie: LoginCookie;
  identities: SupabaseIdentities;
  readToken: ReadAccessToken;
}

/** @throws Refusal `sign_in_unavailable` for a token that Supabase has just issued and that does not count here: the keys differ */
export async function tokenOf(session: SupabaseSession, readToken: ReadAccessToken): Promise<AccessToken> {
  const token = await readToken(session.access_token);
  if (!token) throw new Refusal("sign_in_unavailable");
  return token;
}

/** Keeps a login in the browser. */
export function keepLogin(
  reply: FastifyReply,
  { cookie, identities }: Pick<SigningIn, "cookie" | "identities">,
  { userId, loginId, provedAt }: AccessToken,
  session: SupabaseSession,
): void {
  const expiresAt = Date.now() + loginLife * 1000;
  cookie.set(reply, { userId, loginId, provedAt, expiresAt, refreshToken: session.refresh_token });
  identities.forget();
}
