import { randomUUID } from "node:crypto";
import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import type pg from "pg";
import { z } from "zod";
import { passkeyAssertion } from "#contract/signInMethods.ts";
import {
  acceptPasskey,
  challengeLife,
  keepChallenge,
  passkeySignInOptions,
  passkeySite,
  takeChallenge,
} from "./passkeys.ts";

const cookieName = "passkey";

/**
 * Signing in with a passkey, as a plugin of the accounts library, so that all that applies to a sign-in applies to this one.
 * The library's own passkey plugin is not published for its newer versions (docs/decisions/0053).
 */
export function passkeySignIn(pool: pg.Pool, publicUrl: string) {
  const site = passkeySite(publicUrl);
  return {
    id: "passkey-sign-in",
    endpoints: {
      passkeyChallenge: createAuthEndpoint("/passkey/challenge", { method: "POST" }, async (context) => {
        const options = await passkeySignInOptions(site);
        const identifier = `passkey-${randomUUID()}`;
        await keepChallenge(context.context.internalAdapter, identifier, options.challenge);
        const cookie = context.context.createAuthCookie(cookieName, { maxAge: challengeLife / 1000 });
        await context.setSignedCookie(cookie.name, identifier, context.context.secret, cookie.attributes);
        return context.json(options);
      }),
      signInWithPasskey: createAuthEndpoint(
        "/passkey/sign-in",
        { method: "POST", body: z.object({ passkey: passkeyAssertion }) },
        async (context) => {
          const { internalAdapter, createAuthCookie, secret } = context.context;
          const cookie = createAuthCookie(cookieName);
          const identifier = await context.getSignedCookie(cookie.name, secret);
          if (!identifier) throw new APIError("UNAUTHORIZED", { code: "PASSKEY_NOT_ACCEPTED" });
          const challenge = await takeChallenge(internalAdapter, identifier);
          const userId = await acceptPasskey(pool, site, context.body.passkey, challenge);
          const user = await internalAdapter.findUserById(userId);
          if (!user) throw new APIError("UNAUTHORIZED", { code: "PASSKEY_NOT_ACCEPTED" });
          const session = await internalAdapter.createSession(user.id);
          await setSessionCookie(context, { session, user });
          return context.json({ token: session.token, user });
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}
