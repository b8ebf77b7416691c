import { APIError } from "better-auth/api";
import type { FastifyReply, FastifyRequest } from "fastify";
import { askForCode, changeAddress, confirmAddress, confirmNewAddress, me } from "#contract/accounts.ts";
import { deleted } from "#contract/primitives.ts";
import { MINUTE_MS } from "#scheduling/units.ts";
import { fieldErrors } from "#words/fields.ts";
import { type Mailing, writeAccountMail } from "../mail/accountMail.ts";
import { constraintOf, refuseField } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import type { Identities, Identity } from "../platform/http/identity.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import type { Accounts } from "./accounts.ts";
import { codeNotAccepted, evenly } from "./codeAnswers.ts";
import { toWebHeaders } from "./identities.ts";
import { codeTries, type SendCode } from "./mailedCodes.ts";
import { readMe } from "./meRoutes.ts";
import { addressWasReached } from "./ownAddress.ts";
import { ownPassword } from "./ownPassword.ts";
import { disguiseAddress } from "./unusualAddresses.ts";

/** A code that expires sooner is replaced, ms. */
const shortestLife = 3 * MINUTE_MS;

interface AddressDependencies extends Dependencies {
  accounts: Accounts;
  identities: Identities;
  mailing: Mailing;
  sendCode: SendCode;
}

/** Confirming the address of the own account, and changing it. */
export async function addressRoutes(
  app: TypedApp,
  { database, accounts, identities, mailing, sendCode }: AddressDependencies,
): Promise<void> {
  const tags = ["Account"];
  const sending = limitTo(app, "own-code", "own-code-day", "code-address");
  const checking = limitTo(app, "own-code-check");
  // They wait on purpose, or in the queue for password hashing.
  const usual = { config: { load: "stays open" }, preHandler: signedIn } as const;

  app.post("/me/address/code", {
    ...usual,
    onRequest: sending,
    schema: {
      tags,
      summary: "Mail me a code that confirms my address",
      description:
        "Works for ten minutes. Only the newest code works. Nothing is sent if the address is confirmed.",
      body: askForCode,
      response: { 204: deleted, ...problemResponses(401, 429) },
    },
    handler: async ({ caller, body }, reply) => {
      const { email, isConfirmed } = await readAddress(caller);
      const code = { email: disguiseAddress(email), type: "email-verification" } as const;
      if (!isConfirmed && !(body?.unless_sent && (await isWaiting(identifierOf(code)))))
        await accounts.api.sendVerificationOTP({ body: code });
      return reply.status(204).send(null);
    },
  });

  app.post("/me/address/confirm", {
    ...usual,
    onRequest: checking,
    schema: {
      tags,
      summary: "Confirm my address with a code",
      body: confirmAddress,
      response: { 200: me, ...problemResponses(401, 422, 429) },
    },
    handler: async ({ caller, body }) => {
      const { email, isConfirmed } = await readAddress(caller);
      if (!isConfirmed) {
        await accepted(
          accounts.api.verifyEmailOTP({ body: { email: disguiseAddress(email), otp: body.code } }),
        );
        await addressWasReached(database, email);
      }
      return readMe(database, caller);
    },
  });

  app.post("/me/address/change-code", {
    ...usual,
    onRequest: sending,
    schema: {
      tags,
      summary: "Mail me a code that allows a change of my address",
      description: "To the present address, for accounts without a password.",
      response: { 204: deleted, ...problemResponses(401, 429) },
    },
    handler: async ({ caller }, reply) => {
      const { email } = await readAddress(caller);
      const code = await accounts.api.createVerificationOTP({ body: presentAddress(email) });
      await sendCode({ address: email, purpose: "change-email", code });
      return reply.status(204).send(null);
    },
  });

  app.post("/me/address/change", {
    ...usual,
    onRequest: sending,
    schema: {
      tags,
      summary: "Change my address",
      description:
        "Mails a code to the new address, unless it has an account, which the response does not reveal. The address changes with `POST /me/address/change/confirm`.",
      body: changeAddress,
      response: { 204: deleted, ...problemResponses(401, 422, 429) },
    },
    handler: async (request, reply) => {
      const { caller, body } = request;
      const { email } = await readAddress(caller);
      if (body.email.toLowerCase() === email) throw refuseField("email", fieldErrors.sameAddress);
      await allowChange(request, reply, email);
      await evenly(
        accounts.api.requestEmailChangeEmailOTP({
          body: { newEmail: disguiseAddress(body.email) },
          headers: toWebHeaders(request),
        }),
      );
      return reply.status(204).send(null);
    },
  });

  app.post("/me/address/change/confirm", {
    ...usual,
    onRequest: checking,
    schema: {
      tags,
      summary: "Confirm my new address with the code that was sent there",
      description: "Both addresses get a mail about the change.",
      body: confirmNewAddress,
      response: { 200: me, ...problemResponses(401, 422, 429) },
    },
    handler: async (request) => {
      const { caller, body } = request;
      const { email: before, name } = await readAddress(caller);
      const after = body.email.toLowerCase();
      await evenly(
        accepted(
          accounts.api.changeEmailEmailOTP({
            body: { newEmail: disguiseAddress(body.email), otp: body.code },
            headers: toWebHeaders(request),
          }),
        ),
      );
      identities.forget();
      const facts = { old_address: before, new_address: after };
      for (const to of [before, after])
        await writeAccountMail(mailing, { kind: "address_changed", to, userId: caller.id, name, facts });
      await addressWasReached(database, after);
      return readMe(database, { ...caller, email: after });
    },
  });

  /** As it is now: what the caller was recognised by may be half a minute old. */
  async function readAddress({ id, email, name }: Identity) {
    const { rows } = await database.accounts.query<{ email: string; name: string; isConfirmed: boolean }>(
      'select email, name, email_verified as "isConfirmed" from auth.users where id = $1',
      [id],
    );
    return rows[0] ?? { email, name, isConfirmed: false };
  }

  /** Whether a code was sent that can still be used for some minutes. */
  async function isWaiting(identifier: string): Promise<boolean> {
    const { internalAdapter } = await accounts.$context;
    const sent = await internalAdapter.findVerificationValue(identifier);
    const [, tries] = /:(\d+)$/.exec(sent?.value ?? "") ?? [];
    return sent !== null && Number(tries) < codeTries && sent.expiresAt.getTime() > Date.now() + shortestLife;
  }

  /** @throws Refusal if neither the account's password nor, where it has none, a code from its present address was given */
  async function allowChange(
    request: FastifyRequest<{ Body: { password?: string; code?: string } }>,
    reply: FastifyReply,
    present: string,
  ): Promise<void> {
    const { caller, body } = request;
    const isOwn = await ownPassword(accounts, caller.id);
    if (isOwn) {
      if (body.password === undefined) throw refuseField("password", fieldErrors.missing);
      await app.limits.count(reply, { name: "password-check", key: caller.id });
      if (!(await isOwn(body.password))) throw refuseField("password", fieldErrors.wrongPassword);
      return;
    }
    if (body.code === undefined) throw refuseField("code", fieldErrors.missing);
    await app.limits.count(reply, { name: "own-code-check", key: caller.id });
    const asked = presentAddress(present);
    await accepted(accounts.api.checkVerificationOTP({ body: { ...asked, otp: body.code } }));
    // The check leaves the code: of two simultaneous ones, the one that takes it goes on.
    const { internalAdapter } = await accounts.$context;
    const taken = await internalAdapter.consumeVerificationValue(identifierOf(asked));
    if (!taken) throw codeNotAccepted("code");
  }
}

/** As the library names a code in its table. */
function identifierOf({ email, type }: { email: string; type: string }): string {
  return `${type}-otp-${email}`;
}

/** What a code is for that allows a change. The code for the new address is stored with the person's id. */
function presentAddress(email: string) {
  return { email: disguiseAddress(email), type: "change-email" } as const;
}

async function accepted<T>(call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    const isRefused = error instanceof APIError && error.statusCode < 500;
    throw isRefused || isTakenMeanwhile(error) ? codeNotAccepted("code") : error;
  });
}

/** Another account has got the address since the code was sent. */
function isTakenMeanwhile(error: unknown): boolean {
  return error instanceof Error && constraintOf(error) === "users_email_key";
}
