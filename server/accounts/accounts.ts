import { kyselyAdapter } from "@better-auth/kysely-adapter";
import { betterAuth } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { bearer } from "better-auth/plugins";
import { Kysely, PostgresDialect } from "kysely";
import type pg from "pg";
import { numberLimits } from "#rules/limits.ts";
import type { GoogleConfig } from "../platform/config.ts";
import { type GoogleEndpoints, googleSignIn } from "./google.ts";
import { hashedLogins } from "./hashedLogins.ts";
import { mailedCodes, type SendCode, unusedCodePaths } from "./mailedCodes.ts";
import { passkeySignIn } from "./passkeySignIn.ts";
import { openPasswordLane, type PasswordLane } from "./passwordLane.ts";
import { secondFactor } from "./secondFactor.ts";
import { unusualAddresses } from "./unusualAddresses.ts";

export interface AccountsOptions {
  pool: pg.Pool;
  secret: string;
  publicUrl: string;
  passwords?: PasswordLane | undefined;
  google?: GoogleConfig | undefined;
  /** Where Google is, in tests. */
  googleEndpoints?: GoogleEndpoints | undefined;
  /** Called after a Google account was connected to an account that had other ways to sign in. */
  onGoogleLinked?: (person: { id: string; email: string }) => Promise<void>;
  sendCode: SendCode;
}

export type Accounts = ReturnType<typeof openAccounts>;

/** Carries the client's IP address from our server to the library. A client's own header of this name is overwritten. */
export const addressHeader = "x-matepeak-address";

/**
 * The accounts library: e-mail and password, cookies for the web, bearer tokens for scripts. Only this folder knows which
 * library it is. On a Supabase project, Supabase Auth takes its place.
 *
 * The library calls a login a session. Its name stays in its own settings, table (`auth.sessions`), cookie and URLs; in our
 * code a session is what a mentor and a student have.
 */
export function openAccounts({
  pool,
  secret,
  publicUrl,
  passwords = openPasswordLane(),
  google,
  googleEndpoints,
  onGoogleLinked,
  sendCode,
}: AccountsOptions) {
  const withGoogle = google && googleSignIn(google, { endpoints: googleEndpoints, pool, onGoogleLinked });
  return betterAuth({
    appName: "MatePeak",
    baseURL: publicUrl,
    basePath: "/api/auth",
    secret,
    database: hashedLogins(
      kyselyAdapter(
        new Kysely({ dialect: new PostgresDialect({ pool }), plugins: [unusualAddresses()] }).withSchema(
          "auth",
        ),
        { type: "postgres" },
      ),
    ),
    // A page opened under another name of this host (127.0.0.1 instead of localhost) is still same-site.
    trustedOrigins: (request) => [publicUrl, ...sameSiteOrigin(request)],
    emailAndPassword: {
      enabled: true,
      minPasswordLength: numberLimits.passwordCharacters.min,
      maxPasswordLength: numberLimits.passwordCharacters.max,
      autoSignIn: true,
      password: passwords,
      revokeSessionsOnPasswordReset: true,
    },
    ...(withGoogle && { socialProviders: withGoogle.socialProviders }),
    user: {
      modelName: "users",
      ...(withGoogle && { validateUserInfo: withGoogle.requireVerifiedAddress }),
      fields: { emailVerified: "email_verified", createdAt: "created_at", updatedAt: "updated_at" },
    },
    session: {
      modelName: "sessions",
      fields: {
        userId: "user_id",
        expiresAt: "expires_at",
        ipAddress: "ip_address",
        userAgent: "user_agent",
        createdAt: "created_at",
        updatedAt: "updated_at",
      },
      // How exactly a login's last use is known, s.
      updateAge: 60 * 60,
      // No copy of the login in a cookie: identities.ts caches logins, and signing a cookie for every request costs
      // more than the database query.
      cookieCache: { enabled: false },
    },
    account: {
      modelName: "accounts",
      // Google's tokens are not kept: nothing here calls Google for a person.
      updateAccountOnSignIn: false,
      // Explicit: both addresses must be confirmed before a Google account is connected without signing in first.
      accountLinking: { requireLocalEmailVerified: true, allowDifferentEmails: true },
      fields: {
        userId: "user_id",
        accountId: "account_id",
        providerId: "provider_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
        createdAt: "created_at",
        updatedAt: "updated_at",
      },
    },
    verification: {
      modelName: "verifications",
      fields: { expiresAt: "expires_at", createdAt: "created_at", updatedAt: "updated_at" },
    },
    advanced: {
      database: { generateId: "uuid" },
      ipAddress: { ipAddressHeaders: [addressHeader] },
      // Explicit, because the library skips this check when NODE_ENV is "test": tests then see what production does.
      disableOriginCheck: false,
      useSecureCookies: publicUrl.startsWith("https:"),
      cookiePrefix: "matepeak",
    },
    plugins: [
      // Before the next one, which passes on the token of a login that this one may take back.
      secondFactor(pool, publicUrl),
      // Without a signature, a token from a copy of the database would work as a login.
      bearer({ requireSignature: true }),
      passkeySignIn(pool, publicUrl),
      ...(withGoogle?.plugins ?? []),
      mailedCodes(secret, sendCode),
    ],
    hooks: { before: endOtherLogins },
    disabledPaths: [
      // Replaced by loginRoutes.ts.
      "/revoke-session",
      "/revoke-other-sessions",
      // Replaced by twoFactorRoutes.ts and signInMethodRoutes.ts, which ask for a fresh proof.
      "/two-factor/enable",
      "/two-factor/disable",
      "/two-factor/get-totp-uri",
      "/two-factor/generate-backup-codes",
      "/two-factor/send-otp",
      "/two-factor/verify-otp",
      "/unlink-account",
      // Not needed: nothing here calls Google for a person.
      "/get-access-token",
      "/refresh-token",
      "/account-info",
      ...unusedCodePaths,
    ],
    // Our own limits apply to these routes, per account and per address.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    // Faults (such as a lost database) must reach our error handler; the library would print and hide them.
    onAPIError: { throw: true, errorURL: `${publicUrl}/sign-in` },
  });
}

/** Changing the password always ends all other logins, whatever the request says. */
const endOtherLogins = createAuthMiddleware(async ({ path, body }) => {
  if (path !== "/change-password") return;
  return { context: { body: { ...body, revokeOtherSessions: true } } };
});

function sameSiteOrigin(request: Request | undefined): string[] {
  const origin = request?.headers.get("origin");
  const host = request?.headers.get("host");
  if (!origin || !host || !URL.canParse(origin)) return [];
  const given = new URL(origin);
  // "localhost:80" and "localhost" are the same host over HTTP: a URL's origin omits the default port.
  const address = `${given.protocol}//${host}`;
  return URL.canParse(address) && new URL(address).origin === given.origin ? [given.origin] : [];
}
