import type { Accounts } from "./accounts.ts";

/** Returns what checks the password of an account; null for an account without one. */
export async function ownPassword(
  accounts: Accounts,
  userId: string,
): Promise<((password: string) => Promise<boolean>) | null> {
  const { internalAdapter, password: passwords } = await accounts.$context;
  const hash = (await internalAdapter.findCredentialAccount(userId))?.password;
  return hash ? (password) => passwords.verify({ hash, password }) : null;
}
