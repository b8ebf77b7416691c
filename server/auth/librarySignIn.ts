import { notifiersOfChanges } from "../accounts/accountDependencies.ts";
import { type AccountsOptions, openAccounts } from "../accounts/accounts.ts";
import { addressRoutes } from "../accounts/addressRoutes.ts";
import { openFreshProof } from "../accounts/freshProof.ts";
import { openIdentities } from "../accounts/identities.ts";
import { codeSender } from "../accounts/mailedCodes.ts";
import { accountRoutes } from "../accounts/meRoutes.ts";
import { ownLoginRoutes } from "../accounts/ownLoginRoutes.ts";
import { passkeyRoutes } from "../accounts/passkeyRoutes.ts";
import { confirmedAddress, freshProof } from "../accounts/proof.ts";
import { authRoutes } from "../accounts/routes.ts";
import { signInMethodRoutes } from "../accounts/signInMethodRoutes.ts";
import { twoFactorRoutes } from "../accounts/twoFactorRoutes.ts";
import type { Config } from "../platform/config.ts";
import type { Database } from "../platform/database/database.ts";
import type { Dependencies } from "../platform/http/route.ts";
import type { LiveFeed } from "../platform/live/feed.ts";
import type { SignIn } from "./signIn.ts";

interface Surroundings extends Pick<AccountsOptions, "passwords" | "googleEndpoints"> {
  config: Pick<Config, "publicUrl" | "authSecret"> & Partial<Pick<Config, "google" | "supabase">>;
  database: Database;
  feed: LiveFeed;
  now: Dependencies["now"];
}

/** Our own accounts, which the accounts library keeps in the schema `auth`. */
export function openLibrarySignIn({
  config,
  database,
  feed,
  now,
  passwords,
  googleEndpoints,
}: Surroundings): SignIn {
  const { authSecret: secret, publicUrl, google } = config;
  const pool = database.accounts;
  const mailing = { database, now, secret };
  const sendCode = codeSender(mailing, pool);
  const notifiers = notifiersOfChanges(mailing);
  const accounts = openAccounts({
    pool,
    secret,
    publicUrl,
    passwords,
    google,
    googleEndpoints,
    onGoogleLinked: (person) => notifiers.notifyOfChange(person, "google_linked"),
    sendCode,
  });
  const identities = openIdentities({ accounts, secret, pool, feed });
  return {
    identities,
    cookieName: "matepeak.session_token",
    requireProof: openFreshProof(accounts, pool),
    freshProof: freshProof(pool),
    confirmedAddress: confirmedAddress(pool),
    authRoutes: async (app) =>
      authRoutes(app, {
        accounts,
        identities,
        pool,
        secret,
        https: publicUrl.startsWith("https:"),
        notifyOfPassword: notifiers.notifyOfPassword,
        database,
      }),
    accountRoutes: async (app, dependencies) => {
      await accountRoutes(app, dependencies);
      await addressRoutes(app, { ...dependencies, accounts, identities, mailing, sendCode });
      await ownLoginRoutes(app, dependencies);
      const signingIn = {
        ...dependencies,
        ...notifiers,
        accounts,
        identities,
        publicUrl,
        google: google !== undefined,
      };
      await signInMethodRoutes(app, signingIn);
      await passkeyRoutes(app, signingIn);
      await twoFactorRoutes(app, signingIn);
    },
  };
}
