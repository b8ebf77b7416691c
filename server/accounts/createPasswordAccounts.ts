import { hashPassword } from "better-auth/crypto";
import type { Queryable } from "../platform/database/database.ts";

export interface NewAccount {
  id: string;
  name: string;
  email: string;
  createdAt: Date;
}

/**
 * Creates accounts with confirmed addresses and one shared password, for demo people.
 * @param owner a connection of the schema's owner, in a transaction
 */
export async function createPasswordAccounts(
  owner: Queryable,
  people: readonly NewAccount[],
  password: string,
): Promise<void> {
  // Hashing is slow on purpose; one hash is enough, because the password is no secret.
  await owner.query(
    `with person as (
       select * from jsonb_to_recordset($1) as p (id uuid, name text, email text, "createdAt" timestamptz)
     ), account as (
       insert into auth.users (id, name, email, email_verified, created_at)
       select id, name, email, true, "createdAt" from person
       returning id, created_at
     )
     insert into auth.accounts (user_id, account_id, provider_id, password, created_at)
     select id, id::text, 'credential', $2, created_at from account`,
    [JSON.stringify(people), await hashPassword(password)],
  );
}
