import { symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import { deleted } from "#contract/primitives.ts";
import { recoveryCodes, twoFactorCode, twoFactorSetup } from "#contract/signInMethods.ts";
import { fieldErrors } from "#words/fields.ts";
import { brand } from "#words/layout.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import { problemResponses, type TypedApp } from "../platform/http/route.ts";
import type { AccountDependencies } from "./accountDependencies.ts";
import { confirmedAddress, freshProof } from "./proof.ts";
import { newRecoveryCodes, storedRecoveryCode } from "./recoveryCodes.ts";
import { base32Of, matchingStep, newTotpSecret, totpUri } from "./totp.ts";
import { alone, forgetTrustedDevices } from "./waysIn.ts";

/** Switching two-factor on and off. Signing in with it is the library's, see secondFactor.ts. */
export async function twoFactorRoutes(app: TypedApp, dependencies: AccountDependencies): Promise<void> {
  const { accounts, notifyOfChange } = dependencies;
  const pool = dependencies.database.accounts;
  const tags = ["Account"];
  const proven = freshProof(pool);
  const confirmed = confirmedAddress(pool);

  const seal = async (text: string) =>
    symmetricEncrypt({ key: (await accounts.$context).secretConfig, data: text });
  const unseal = async (text: string) =>
    symmetricDecrypt({ key: (await accounts.$context).secretConfig, data: text });
  const sealCodes = (codes: readonly string[]) => seal(JSON.stringify(codes.map(storedRecoveryCode)));

  app.post("/me/two-factor", {
    schema: {
      tags,
      summary: "Begin to switch two-factor on",
      description: "It is on once `POST /me/two-factor/confirm` has received a code of the app.",
      response: { 200: twoFactorSetup, ...problemResponses(401, 403, 409) },
    },
    preHandler: [signedIn, proven, confirmed],
    handler: async ({ caller }) => {
      const secret = newTotpSecret();
      const { rowCount } = await pool.query(
        `insert into auth.two_factors (user_id, secret, recovery_codes) values ($1, $2, $3)
         on conflict (user_id) do update set secret = excluded.secret where not two_factors.verified`,
        [caller.id, await seal(secret), await sealCodes([])],
      );
      if (rowCount === 0) throw new Refusal("two_factor_already_on");
      return { uri: totpUri(secret, brand, caller.email), secret: base32Of(secret) };
    },
  });

  app.post("/me/two-factor/confirm", {
    schema: {
      tags,
      summary: "Switch two-factor on",
      body: twoFactorCode,
      response: { 200: recoveryCodes, ...problemResponses(401, 403, 409, 422, 429) },
    },
    preHandler: [signedIn, proven, confirmed],
    handler: async (request, reply) => {
      const { caller } = request;
      await app.limits.count(reply, { name: "password-check", key: caller.id });
      const codes = newRecoveryCodes();
      const stored = await sealCodes(codes);
      await alone(pool, caller.id, async (client) => {
        const { rows } = await client.query<{ secret: string; verified: boolean }>(
          "select secret, verified from auth.two_factors where user_id = $1",
          [caller.id],
        );
        const [setup] = rows;
        if (setup?.verified) throw new Refusal("two_factor_already_on");
        const step = setup && matchingStep(await unseal(setup.secret), request.body.code, Date.now());
        if (step === undefined) throw refuseField("code", fieldErrors.wrongCode);
        await client.query(
          `update auth.two_factors set verified = true, last_step = $2, recovery_codes = $3, created_at = now()
           where user_id = $1`,
          [caller.id, step, stored],
        );
        await client.query("update auth.users set two_factor_enabled = true where id = $1", [caller.id]);
        await forgetTrustedDevices(client, caller.id);
      });
      await notifyOfChange(caller, "two_factor_on");
      return { recovery_codes: codes };
    },
  });

  app.post("/me/two-factor/recovery-codes", {
    schema: {
      tags,
      summary: "Make new recovery codes",
      description: "The ones before stop working.",
      response: { 200: recoveryCodes, ...problemResponses(401, 403, 404) },
    },
    preHandler: [signedIn, proven],
    handler: async ({ caller }) => {
      const codes = newRecoveryCodes();
      const { rowCount } = await pool.query(
        "update auth.two_factors set recovery_codes = $2 where user_id = $1 and verified",
        [caller.id, await sealCodes(codes)],
      );
      if (rowCount === 0) throw new Refusal("not_found");
      await notifyOfChange(caller, "recovery_codes_made");
      return { recovery_codes: codes };
    },
  });

  app.delete("/me/two-factor", {
    schema: {
      tags,
      summary: "Switch two-factor off",
      response: { 204: deleted, ...problemResponses(401, 403) },
    },
    preHandler: [signedIn, proven],
    handler: async ({ caller }, reply) => {
      const wasOn = await alone(pool, caller.id, async (client) => {
        const { rows } = await client.query<{ verified: boolean }>(
          "delete from auth.two_factors where user_id = $1 returning verified",
          [caller.id],
        );
        await client.query("update auth.users set two_factor_enabled = false where id = $1", [caller.id]);
        await forgetTrustedDevices(client, caller.id);
        return rows[0]?.verified;
      });
      if (wasOn) await notifyOfChange(caller, "two_factor_off");
      return reply.status(204).send(null);
    },
  });
}
