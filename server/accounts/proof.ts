import type { FastifyRequest } from "fastify";
import { accountRefusals } from "#words/refusals.ts";
import type { Queryable } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import { requireIdentity } from "../platform/http/identity.ts";

/** Minutes for which a proof counts. */
export const proofMinutes = 10;

/**
 * A preHandler for changes of how an account is signed in to: the person must have signed in on this device, or proved again
 * who they are (`POST /me/proof`), shortly before. A device that was left open, or a stolen cookie, is not enough.
 * @throws Refusal `proof_required`
 */
export function freshProof(accounts: Queryable) {
  return async (request: FastifyRequest): Promise<void> => {
    await requireFreshLogin(accounts, (await requireIdentity(request)).loginId);
  };
}

/** @throws Refusal `proof_required` */
export async function requireFreshLogin(accounts: Queryable, loginId: string): Promise<void> {
  const { rows } = await accounts.query<{ fresh: boolean }>({
    name: "fresh_proof",
    text: "select proved_at > now() - make_interval(mins => $2) as fresh from auth.sessions where id = $1",
    values: [loginId, proofMinutes],
  });
  if (!rows[0]?.fresh) throw new Refusal("proof_required");
}

export async function recordProof(accounts: Queryable, loginId: string): Promise<void> {
  await accounts.query("update auth.sessions set proved_at = now() where id = $1", [loginId]);
}

/**
 * A preHandler: nothing that gets a person into an account may be added before its address is confirmed. Otherwise a
 * stranger could open an account with another person's address, add a passkey of their own, and keep their way in when the
 * owner of the address takes it over.
 * @throws Refusal `address_not_confirmed`
 */
export function confirmedAddress(accounts: Queryable) {
  return async (request: FastifyRequest): Promise<void> => {
    const { id } = await requireIdentity(request);
    if (!(await hasConfirmedAddress(accounts, id))) {
      throw new Refusal("address_not_confirmed", { detail: accountRefusals.confirmFirst });
    }
  };
}

export async function hasConfirmedAddress(accounts: Queryable, userId: string): Promise<boolean> {
  const { rows } = await accounts.query<{ email_verified: boolean }>(
    "select email_verified from auth.users where id = $1",
    [userId],
  );
  return rows[0]?.email_verified ?? false;
}
