import { kyselyAdapter } from "@better-auth/kysely-adapter";
import { betterAuth } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { bearer } from "better-auth/plugins";
import { Kysely, PostgresDialect } from "kysely";
import type pg from "pg";
import { numberLimits } from "#rules/limits.ts";
import { hashedSessions } from "./hashedSessions.ts";
import { openPasswordLane, type PasswordLane } from "./passwordLane.ts";
import { unusualAddresses } from "./unusualAddresses.ts";

export interface AccountsOptions {
  pool: pg.Pool;
  secret: string;
  publicUrl: string;
  passwords?: PasswordLane | undefined;
}

export type Accounts = ReturnType<typeof openAccounts>;

/** Carries the caller's address from our server, never from the caller. */
export const addressHeader = "x-matepeak-address";

/**
 * The accounts library: e-mail and password, cookies for the web, bearer tokens for scripts. Only this folder knows
 * which library it is; on a Supabase project its own Auth takes this place.
 */
export function openAccounts({ pool, secret, publicUrl, passwords = openPasswordLane() }: AccountsOptions) {
  return betterAuth({
    appName: "MatePeak",
    baseURL: publicUrl,
    basePath: "/api/auth",
    secret,
    database: hashedSessions(
      kyselyAdapter(
        new Kysely({ dialect: new PostgresDialect({ pool }), plugins: [unusualAddresses()] }).withSchema(
          "auth",
        ),
        { type: "postgres" },
      ),
    ),
    // A page reached under another name of this machine (127.0.0.1 for localhost) is still the same site.
    trustedOrigins: (request) => [publicUrl, ...sameSiteOrigin(request)],
    emailAndPassword: {
      enabled: true,
      minPasswordLength: numberLimits.passwordCharacters.min,
      maxPasswordLength: numberLimits.passwordCharacters.max,
      autoSignIn: true,
      password: passwords,
    },
    user: {
      modelName: "users",
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
      // No copy of the session in a cookie: identities.ts remembers as much, and signing one for each question costs more
      // than asking the database.
      cookieCache: { enabled: false },
    },
    account: {
      modelName: "accounts",
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
      useSecureCookies: publicUrl.startsWith("https:"),
      cookiePrefix: "matepeak",
    },
    // Without a signature a token from a copy of the database would be a login.
    plugins: [bearer({ requireSignature: true })],
    hooks: { before: endOtherSessions },
    // Ours stand in their place: sessionRoutes.ts.
    disabledPaths: ["/revoke-session", "/revoke-other-sessions"],
    // Our own limits stand in front of these routes, per account and per address.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    // A fault (the database is gone) reaches our one error handler; the library would print and hide it.
    onAPIError: { throw: true },
  });
}

/** A changed password shuts out everybody who knew the old one, whatever the caller asks for. */
const endOtherSessions = createAuthMiddleware(async ({ path, body }) => {
  if (path !== "/change-password") return;
  return { context: { body: { ...body, revokeOtherSessions: true } } };
});

function sameSiteOrigin(request: Request | undefined): string[] {
  const origin = request?.headers.get("origin");
  const host = request?.headers.get("host");
  if (!origin || !host || !URL.canParse(origin)) return [];
  return new URL(origin).host === host ? [origin] : [];
}
