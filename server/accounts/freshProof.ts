import { deletionRefusals } from "#words/personalData.ts";
import type { Queryable } from "../platform/database/database.ts";
import { refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Accounts } from "./accounts.ts";
import { ownPassword } from "./ownPassword.ts";
import { requireFreshLogin } from "./proof.ts";

/**
 * Before what cannot be undone: the password or, for an account without one, a login that proved shortly before who the
 * person is.
 * @throws Refusal `validation_failed` if the password is wrong or missing, `proof_required`
 */
export function openFreshProof(accounts: Accounts, pool: Queryable) {
  return async (caller: Identity, password: string | undefined): Promise<void> => {
    const isOwn = await ownPassword(accounts, caller.id);
    if (!isOwn) return requireFreshLogin(pool, caller.loginId);
    if (password === undefined || !(await isOwn(password)))
      throw refuseField("password", deletionRefusals.password);
  };
}
