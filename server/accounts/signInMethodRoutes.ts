import { symmetricDecrypt } from "better-auth/crypto";
import { z } from "zod";
import { deleted } from "#contract/primitives.ts";
import { firstPassword, proof, signInMethods, signInOptions } from "#contract/signInMethods.ts";
import { fieldErrors } from "#words/fields.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import { problemResponses, type TypedApp } from "../platform/http/route.ts";
import type { AccountDependencies } from "./accountDependencies.ts";
import { rejectEasyPassword } from "./easyPasswords.ts";
import { ownPassword } from "./ownPassword.ts";
import { challengeOf } from "./passkeyRoutes.ts";
import { acceptPasskey, listPasskeys, passkeySite, takeChallenge } from "./passkeys.ts";
import { confirmedAddress, freshProof, hasConfirmedAddress, recordProof } from "./proof.ts";
import { alone, requireWayIn } from "./waysIn.ts";

/** How a person signs in, and proofs that it is them. */
export async function signInMethodRoutes(app: TypedApp, dependencies: AccountDependencies): Promise<void> {
  const { accounts, google, notifyOfChange, notifyOfPassword, publicUrl } = dependencies;
  const pool = dependencies.database.accounts;
  const site = passkeySite(publicUrl);
  const tags = ["Account"];
  const proven = freshProof(pool);
  const confirmed = confirmedAddress(pool);
  // These wait in the queue for password hashing (passwordLane.ts), which says nothing about the rest of the app.
  const inOwnQueue = { config: { load: "stays open" } } as const;

  app.get("/sign-in-options", {
    schema: { tags, summary: "Get how visitors may sign in", response: { 200: signInOptions } },
    preHandler: anyone,
    handler: async () => ({ google, elsewhere: false }),
  });

  app.get("/me/sign-in-methods", {
    schema: {
      tags,
      summary: "Get how I sign in",
      response: { 200: signInMethods, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => {
      const { rows: known } = await pool.query<{ provider_id: string }>(
        "select provider_id from auth.accounts where user_id = $1",
        [caller.id],
      );
      const { rows: factors } = await pool.query<{ recovery_codes: string }>(
        "select recovery_codes from auth.two_factors where user_id = $1 and verified",
        [caller.id],
      );
      const has = (provider: string) => known.some(({ provider_id }) => provider_id === provider);
      const passkeys = await listPasskeys(pool, caller.id);
      return {
        password: has("credential"),
        google: has("google"),
        passkeys: passkeys.map(({ id, name, created_at, last_used_at }) => ({
          id,
          name,
          created_at: created_at.toISOString(),
          last_used_at: last_used_at?.toISOString() ?? null,
        })),
        two_factor: factors[0]
          ? { recovery_codes_left: await countRecoveryCodes(factors[0].recovery_codes) }
          : null,
        address_confirmed: await hasConfirmedAddress(pool, caller.id),
      };
    },
  });

  async function countRecoveryCodes(stored: string): Promise<number> {
    const { secretConfig } = await accounts.$context;
    const codes = await symmetricDecrypt({ key: secretConfig, data: stored });
    return z.array(z.string()).parse(JSON.parse(codes)).length;
  }

  app.post("/me/proof", {
    ...inOwnQueue,
    schema: {
      tags,
      summary: "Prove who I am",
      description:
        "With the password or a passkey. For ten minutes, this device may then change how the account is signed in to.",
      body: proof,
      response: { 204: deleted, ...problemResponses(401, 422, 429) },
    },
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller, body } = request;
      if ("password" in body) {
        await app.limits.count(reply, { name: "password-check", key: caller.id });
        const isOwn = await ownPassword(accounts, caller.id);
        if (!(await isOwn?.(body.password))) {
          throw refuseField("password", fieldErrors.wrongPassword);
        }
      } else {
        const { internalAdapter } = await accounts.$context;
        const challenge = await takeChallenge(internalAdapter, challengeOf.proof(caller.loginId));
        await acceptPasskey(pool, site, body.passkey, challenge, caller.id);
      }
      await recordProof(pool, caller.loginId);
      return reply.status(204).send(null);
    },
  });

  app.post("/me/password", {
    ...inOwnQueue,
    schema: {
      tags,
      summary: "Set a first password",
      description: "For an account without one. `POST /api/auth/change-password` changes one.",
      body: firstPassword,
      response: { 204: deleted, ...problemResponses(401, 403, 422) },
    },
    preHandler: [signedIn, proven, confirmed],
    handler: async ({ caller, body }, reply) => {
      await rejectEasyPassword("password", body.password, caller);
      const { password: passwords } = await accounts.$context;
      const { rowCount } = await pool.query(
        `insert into auth.accounts (user_id, account_id, provider_id, password)
         values ($1, $1::uuid::text, 'credential', $2) on conflict (provider_id, account_id) do nothing`,
        [caller.id, await passwords.hash(body.password)],
      );
      if (rowCount === 0) throw refuseField("password", fieldErrors.hasPassword);
      await notifyOfPassword(caller);
      return reply.status(204).send(null);
    },
  });

  app.delete("/me/google", {
    schema: {
      tags,
      summary: "Disconnect my Google account",
      response: { 204: deleted, ...problemResponses(401, 403, 404, 409) },
    },
    preHandler: [signedIn, proven],
    handler: async ({ caller }, reply) => {
      await alone(pool, caller.id, async (client) => {
        const { rowCount } = await client.query(
          "delete from auth.accounts where user_id = $1 and provider_id = 'google'",
          [caller.id],
        );
        if (rowCount === 0) throw new Refusal("not_found");
        await requireWayIn(client, caller.id);
      });
      await notifyOfChange(caller, "google_unlinked");
      return reply.status(204).send(null);
    },
  });
}
