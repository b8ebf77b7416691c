import { deletionRefusals } from "#words/personalData.ts";
import type { Queryable } from "../platform/database/database.ts";
import { refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Accounts } from "./accounts.ts";
import { requireFreshLogin } from "./proof.ts";

/** Checks that a signed-in person is still the one in front of the device. */
export type RequireProof = (caller: Identity, password: string | undefined) => Promise<void>;

/**
 * Before what cannot be undone: the password or, for an account without one, a login that proved shortly before who the
 * person is.
 * @throws Refusal `validation_failed` if the password is wrong or missing, `proof_required`
 */
export function openFreshProof(accounts: Accounts, pool: Queryable): RequireProof {
  return async (caller, password) => {
    const { internalAdapter, password: passwords } = await accounts.$context;
    const methods = await internalAdapter.findAccounts(caller.id);
    const hash = methods.find((method) => typeof method.password === "string")?.password;
    if (!hash) return requireFreshLogin(pool, caller.loginId);
    if (password === undefined || !(await passwords.verify({ hash, password })))
      throw refuseField("password", deletionRefusals.password);
  };
}
