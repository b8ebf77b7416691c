import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { validateAuthorizationCode } from "better-auth/oauth2";
import type { GoogleProfile } from "better-auth/social-providers";
import type pg from "pg";
import { z } from "zod";
import { requiredLine } from "#contract/primitives.ts";
import { textLimits } from "#rules/limits.ts";
import type { GoogleConfig } from "../platform/config.ts";

/** Where Google is. Tests put a server of their own in its place. */
export interface GoogleEndpoints {
  authorization: string;
  token: string;
}

const google: GoogleEndpoints = {
  authorization: "https://accounts.google.com/o/oauth2/v2/auth",
  token: "https://oauth2.googleapis.com/token",
};

/** What we read of an id token (OpenID Connect Core, 2 and 5.1). */
const claims = z.object({
  iss: z.enum(["https://accounts.google.com", "accounts.google.com"]),
  aud: z.string(),
  exp: z.number(),
  sub: z.string().min(1),
  email: z.string(),
  email_verified: z.boolean().default(false),
  name: z.string().optional(),
});

interface GoogleOptions {
  endpoints?: GoogleEndpoints | undefined;
  pool: pg.Pool;
  onGoogleLinked?: ((person: { id: string; email: string }) => Promise<void>) | undefined;
}

/**
 * Google as a way to sign in. The token comes from Google itself over TLS in exchange for the code, so its signature needs no
 * check (OpenID Connect Core, 3.1.3.7); its issuer, audience and age do, which the library does not look at.
 */
export function googleSignIn(
  { clientId, clientSecret }: GoogleConfig,
  { endpoints = google, pool, onGoogleLinked }: GoogleOptions,
) {
  const socialProviders = {
    google: {
      clientId,
      clientSecret,
      prompt: "select_account",
      authorizationEndpoint: endpoints.authorization,
      // A token from anywhere else must not sign anyone in.
      disableIdTokenSignIn: true,
      getUserInfo: async ({ idToken }) => personOf(idToken, clientId),
    },
  } satisfies BetterAuthOptions["socialProviders"];

  const databaseHooks = {
    account: {
      create: {
        before: async (account) => ({
          data: { ...account, accessToken: null, refreshToken: null, idToken: null },
        }),
        after: async ({ providerId, userId }) => {
          if (providerId === "google") await notifyIfLinked(pool, userId, onGoogleLinked);
        },
      },
    },
  } satisfies BetterAuthOptions["databaseHooks"];

  const atEndpoints = {
    id: "google-endpoints",
    init: ({ socialProviders: providers }) => ({
      options: { databaseHooks },
      context: {
        socialProviders: providers.map((provider) => ({
          ...provider,
          validateAuthorizationCode: ({ code, codeVerifier, redirectURI }) =>
            validateAuthorizationCode({
              code,
              redirectURI,
              ...(codeVerifier === undefined ? {} : { codeVerifier }),
              options: { clientId, clientSecret },
              tokenEndpoint: endpoints.token,
            }),
        })),
      },
    }),
  } satisfies BetterAuthPlugin;

  return { socialProviders, plugins: [atEndpoints], requireVerifiedAddress };
}

type ValidateUserInfo = NonNullable<NonNullable<BetterAuthOptions["user"]>["validateUserInfo"]>;

/**
 * No one gets an account here with an address that Google has not verified: it may be another person's, who would find it
 * taken, with a stranger's way in.
 */
const requireVerifiedAddress: ValidateUserInfo = ({ user, source }) => {
  if (source.method !== "oauth" || source.action === "sign-in" || user.emailVerified) return;
  return { error: "email_not_verified" };
};

function personOf(idToken: string | undefined, clientId: string) {
  const payload = payloadOf(idToken);
  const read = claims.safeParse(payload);
  if (!read.success) return null;
  const { email, email_verified, name, aud, exp } = read.data;
  if (aud !== clientId || exp * 1000 <= Date.now()) return null;
  const named = requiredLine(textLimits.personName).safeParse(name?.slice(0, textLimits.personName));
  return {
    user: {
      email,
      emailVerified: email_verified,
      name: named.data ?? email.split("@", 1)[0] ?? "",
    },
    data: payload as GoogleProfile,
  };
}

/** A new person who comes from Google has nothing else to sign in with. */
async function notifyIfLinked(
  pool: pg.Pool,
  userId: string,
  notify: GoogleOptions["onGoogleLinked"],
): Promise<void> {
  const { rows } = await pool.query<{ id: string; email: string }>(
    `select id, email from auth.users u where id = $1 and (created_at < now() - interval '1 minute'
       or exists (select from auth.accounts a where a.user_id = u.id and provider_id <> 'google')
       or exists (select from auth.passkeys p where p.user_id = u.id))`,
    [userId],
  );
  if (rows[0]) await notify?.(rows[0]);
}

function payloadOf(token: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(token?.split(".")[1] ?? "", "base64url").toString());
  } catch {
    return undefined;
  }
}
