import { type LoginMethodChange, writeAccountMail } from "../mail/accountMail.ts";
import type { Identities, Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import type { Accounts } from "./accounts.ts";

/** What the routes about signing in need besides the usual. */
export interface AccountDependencies extends Dependencies {
  accounts: Accounts;
  identities: Identities;
  publicUrl: string;
  /** Whether people can sign in with Google here. */
  google: boolean;
  /** Writes the mail that tells a person how the ways to sign in to their account have changed. */
  notifyOfChange(person: Recipient, change: LoginMethodChange): Promise<void>;
  /** The same for a new password. */
  notifyOfPassword(person: Recipient): Promise<void>;
}

type Recipient = Pick<Identity, "id" | "email">;

export function notifiersOfChanges(
  mailing: Parameters<typeof writeAccountMail>[0],
): Pick<AccountDependencies, "notifyOfChange" | "notifyOfPassword"> {
  return {
    notifyOfChange: ({ id, email }, change) =>
      writeAccountMail(mailing, { kind: "login_methods_changed", to: email, userId: id, facts: { change } }),
    notifyOfPassword: ({ id, email }) =>
      writeAccountMail(mailing, { kind: "password_changed", to: email, userId: id }),
  };
}
