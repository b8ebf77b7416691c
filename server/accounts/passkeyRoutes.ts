import { deleted } from "#contract/primitives.ts";
import { newPasskey, passkey, passkeyChallenge, passkeyParams } from "#contract/signInMethods.ts";
import { countLimits } from "#rules/limits.ts";
import { Refusal } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import { problemResponses, type TypedApp } from "../platform/http/route.ts";
import type { AccountDependencies } from "./accountDependencies.ts";
import {
  keepChallenge,
  listPasskeys,
  newPasskeyOptions,
  passkeySignInOptions,
  passkeySite,
  takeChallenge,
  verifyNewPasskey,
} from "./passkeys.ts";
import { confirmedAddress, freshProof } from "./proof.ts";
import { alone, requireWayIn } from "./waysIn.ts";

/** A challenge belongs to the login that it was made for. */
export const challengeOf = {
  newPasskey: (loginId: string) => `passkey-new-${loginId}`,
  proof: (loginId: string) => `passkey-proof-${loginId}`,
};

/** A person's own passkeys. Signing in with one is passkeySignIn.ts. */
export async function passkeyRoutes(app: TypedApp, dependencies: AccountDependencies): Promise<void> {
  const { accounts, notifyOfChange, publicUrl } = dependencies;
  const pool = dependencies.database.accounts;
  const site = passkeySite(publicUrl);
  const tags = ["Account"];
  const proven = freshProof(pool);
  const confirmed = confirmedAddress(pool);

  app.post("/me/passkeys/challenge", {
    schema: {
      tags,
      summary: "Begin to add a passkey",
      response: { 200: passkeyChallenge, ...problemResponses(401, 403, 409) },
    },
    preHandler: [signedIn, proven, confirmed],
    handler: async ({ caller }) => {
      const known = await listPasskeys(pool, caller.id);
      if (known.length >= countLimits.passkeys) throw new Refusal("cap_reached");
      const options = await newPasskeyOptions(site, caller, known);
      const { internalAdapter } = await accounts.$context;
      await keepChallenge(internalAdapter, challengeOf.newPasskey(caller.loginId), options.challenge);
      return { ...options };
    },
  });

  app.post("/me/passkeys", {
    schema: {
      tags,
      summary: "Add a passkey",
      body: newPasskey,
      response: { 201: passkey, ...problemResponses(401, 403, 409, 422) },
    },
    preHandler: [signedIn, proven, confirmed],
    handler: async (request, reply) => {
      const { caller, body, headers } = request;
      const { internalAdapter } = await accounts.$context;
      const challenge = await takeChallenge(internalAdapter, challengeOf.newPasskey(caller.loginId));
      const verified = await verifyNewPasskey(site, body, challenge, headers["user-agent"]);
      const { id, created_at } = await alone(pool, caller.id, async (client) => {
        const known = await listPasskeys(client, caller.id);
        if (known.length >= countLimits.passkeys) throw new Refusal("cap_reached");
        const { rows } = await client.query<{ id: string; created_at: Date }>(
          `insert into auth.passkeys (user_id, name, credential_id, public_key, counter, transports)
           values ($1, $2, $3, $4, $5, $6) on conflict (credential_id) do nothing returning id, created_at`,
          [
            caller.id,
            verified.name,
            verified.credential_id,
            verified.public_key,
            verified.counter,
            verified.transports,
          ],
        );
        const [added] = rows;
        if (!added) throw new Refusal("passkey_not_accepted");
        return added;
      });
      await notifyOfChange(caller, "passkey_added");
      return reply
        .status(201)
        .send({ id, name: verified.name, created_at: created_at.toISOString(), last_used_at: null });
    },
  });

  app.delete("/me/passkeys/:passkey_id", {
    schema: {
      tags,
      summary: "Remove a passkey",
      params: passkeyParams,
      response: { 204: deleted, ...problemResponses(401, 403, 404, 409, 422) },
    },
    preHandler: [signedIn, proven],
    handler: async ({ caller, params }, reply) => {
      await alone(pool, caller.id, async (client) => {
        const { rowCount } = await client.query("delete from auth.passkeys where id = $1 and user_id = $2", [
          params.passkey_id,
          caller.id,
        ]);
        if (rowCount === 0) throw new Refusal("not_found");
        await requireWayIn(client, caller.id);
      });
      await notifyOfChange(caller, "passkey_removed");
      return reply.status(204).send(null);
    },
  });

  app.post("/me/proof/challenge", {
    schema: {
      tags,
      summary: "Begin to prove who I am with a passkey",
      response: { 200: passkeyChallenge, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => {
      const options = await passkeySignInOptions(site);
      const { internalAdapter } = await accounts.$context;
      await keepChallenge(internalAdapter, challengeOf.proof(caller.loginId), options.challenge);
      return { ...options };
    },
  });
}
