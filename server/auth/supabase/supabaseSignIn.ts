import type { FastifyRequest } from "fastify";
import { MINUTE_MS } from "#scheduling/units.ts";
import { accountRefusals } from "#words/refusals.ts";
import { accountRoutes } from "../../accounts/meRoutes.ts";
import { proofMinutes } from "../../accounts/proof.ts";
import type { Config, SupabaseConfig } from "../../platform/config.ts";
import type { Database } from "../../platform/database/database.ts";
import { Refusal } from "../../platform/errors.ts";
import { requireIdentity } from "../../platform/http/identity.ts";
import type { LiveFeed } from "../../platform/live/feed.ts";
import type { SignIn } from "../signIn.ts";
import { openAccessTokens } from "./accessToken.ts";
import { openSupabaseIdentities } from "./identities.ts";
import { cookieName, openLoginCookie } from "./loginCookie.ts";
import { proofRoutes } from "./proofRoutes.ts";
import { signInRoutes } from "./signInRoutes.ts";
import { openSupabaseAuth } from "./supabaseAuth.ts";

interface Surroundings {
  config: Pick<Config, "publicUrl" | "authSecret">;
  supabase: SupabaseConfig;
  database: Database;
  feed: LiveFeed;
}

/** Accounts of a Supabase project: its Auth keeps passwords and logins, and this server checks its tokens. */
export function openSupabaseSignIn({ config, supabase, database, feed }: Surroundings): SignIn {
  const https = config.publicUrl.startsWith("https:");
  const readToken = openAccessTokens(supabase);
  const cookie = openLoginCookie(config.authSecret, https);
  const identities = openSupabaseIdentities({ database, readToken, cookie, feed });
  const auth = openSupabaseAuth(supabase);
  const using = { auth, cookie, identities, readToken };

  function requireFresh(provedAt: number | undefined): void {
    if ((provedAt ?? 0) < Date.now() - proofMinutes * MINUTE_MS) throw new Refusal("proof_required");
  }

  return {
    identities,
    cookieName,
    // Supabase alone knows the password: a sign-in shortly before proves the same.
    requireProof: async ({ provedAt }) => requireFresh(provedAt),
    freshProof: async (request) => requireFresh((await requireIdentity(request)).provedAt),
    confirmedAddress: async (request: FastifyRequest) => {
      const { id } = await requireIdentity(request);
      const { rows } = await database.asUser(id, ({ client }) =>
        client.query<{ confirmed: boolean }>("select private.own_address_is_confirmed() as confirmed"),
      );
      if (!rows[0]?.confirmed)
        throw new Refusal("address_not_confirmed", { detail: accountRefusals.confirmFirst });
    },
    authRoutes: (app) => signInRoutes(app, { ...using, secret: config.authSecret, https }),
    accountRoutes: async (app, dependencies) => {
      await accountRoutes(app, dependencies);
      await proofRoutes(app, using);
    },
  };
}
