import { APIError, createAuthMiddleware } from "better-auth/api";
import { symmetricDecrypt } from "better-auth/crypto";
import { twoFactor } from "better-auth/plugins";
import type pg from "pg";
import { storedRecoveryCode } from "./recoveryCodes.ts";
import { matchingStep } from "./totp.ts";

/** s; how long the second step of a sign-in may take. */
const stepLife = 10 * 60;
/** s; how long a device needs no second step after a person has said so on it. */
const trustLife = 30 * 24 * 60 * 60;

const withApp = "/two-factor/verify-totp";
const withRecoveryCode = "/two-factor/verify-backup-code";
/** What follows from Google. */
const callback = "/callback/:id";

/** These have both factors already, or follow from a login that has. */
const complete = new Set<string | undefined>([
  withApp,
  withRecoveryCode,
  "/passkey/sign-in",
  "/change-password",
]);

type MiddlewareContext = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

/**
 * The library's two-factor plugin, with three gaps closed. By itself it asks for the second step only after a sign-in with
 * a password: here after everything that opens a login, except what is listed in `complete`. It accepts a code of the app
 * any number of times while it is shown: here once. And its recovery codes are stored as they are: here their hashes.
 *
 * Its calls to switch two-factor on and off are replaced by twoFactorRoutes.ts.
 */
export function secondFactor(pool: pg.Pool, publicUrl: string) {
  const plugin = twoFactor({
    twoFactorCookieMaxAge: stepLife,
    trustDeviceMaxAge: trustLife,
    accountLockout: { maxFailedAttempts: 10, durationSeconds: 15 * 60 },
    schema: {
      user: { fields: { twoFactorEnabled: "two_factor_enabled" } },
      twoFactor: {
        modelName: "two_factors",
        fields: {
          userId: "user_id",
          backupCodes: "recovery_codes",
          failedVerificationCount: "failed_checks",
          lockedUntil: "locked_until",
        },
      },
    },
  });
  const [challenge] = plugin.hooks.after;
  if (!challenge) throw new Error("The two-factor plugin has no hook.");
  return {
    ...plugin,
    hooks: {
      before: [
        { matcher: ({ path }: { path?: string }) => path === withApp, handler: acceptOnce(pool) },
        { matcher: ({ path }: { path?: string }) => path === withRecoveryCode, handler: hashTheCode },
      ],
      after: [
        {
          matcher: ({ path }: { path?: string }) => !complete.has(path),
          handler: (async (context: MiddlewareContext) =>
            (await opensLogin(context)) ? challenge.handler(context) : {}) as typeof challenge.handler,
        },
        { matcher: ({ path }: { path?: string }) => path === callback, handler: toSecondStep(publicUrl) },
      ],
    },
  };
}

/** Whether this request has opened a new login: others only renew the cookie of the one they were made with. */
async function opensLogin(context: MiddlewareContext): Promise<boolean> {
  const opened = context.context.newSession;
  if (!opened) return false;
  const { sent } = await readSentToken({ ...context, returnHeaders: false });
  return sent !== opened.session.token;
}

const readSentToken = createAuthMiddleware(async (context) => {
  const { name } = context.context.authCookies.sessionToken;
  return { sent: await context.getSignedCookie(name, context.context.secret) };
});

/** Accepts each code once (RFC 6238, 5.2), also if it arrives twice at the same time, and none that is older. */
const acceptOnce = (pool: pg.Pool) =>
  createAuthMiddleware(async (context) => {
    const { name } = context.context.createAuthCookie("two_factor");
    const identifier = await context.getSignedCookie(name, context.context.secret);
    if (!identifier) return;
    const begun = await context.context.internalAdapter.findVerificationValue(identifier);
    if (!begun) return;
    const { rows } = await pool.query<{ secret: string }>(
      "select secret from auth.two_factors where user_id = $1 and verified",
      [begun.value],
    );
    const [row] = rows;
    if (!row) return;
    const secret = await symmetricDecrypt({ key: context.context.secretConfig, data: row.secret });
    const step = matchingStep(secret, String(context.body?.code), Date.now());
    // The library counts what is wrong.
    if (step === undefined) return;
    const { rowCount } = await pool.query(
      "update auth.two_factors set last_step = $2 where user_id = $1 and coalesce(last_step, 0) < $2",
      [begun.value, step],
    );
    if (rowCount === 0) throw new APIError("UNAUTHORIZED", { code: "INVALID_CODE" });
  });

const hashTheCode = createAuthMiddleware(async (context) => {
  const { code, trustDevice } = context.body ?? {};
  return { context: { body: { code: storedRecoveryCode(String(code)), trustDevice: trustDevice === true } } };
});

/** The browser comes from Google and shows what it gets: a page instead of the library's JSON. */
const toSecondStep = (publicUrl: string) =>
  createAuthMiddleware(async (context) => {
    const { returned, responseHeaders } = context.context;
    if (typeof returned !== "object" || returned === null || !("twoFactorRedirect" in returned)) return;
    const next = new URL(responseHeaders?.get("location") ?? "/", publicUrl);
    const query = new URLSearchParams({ next: next.pathname + next.search + next.hash });
    throw context.redirect(`${publicUrl}/sign-in/second-step?${query}`);
  });
