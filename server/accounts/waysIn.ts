import type pg from "pg";
import type { Queryable } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";

/** Runs work in a transaction of the accounts library's role, alone for this person: others wait for it. */
export async function alone<T>(
  accounts: pg.Pool,
  userId: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await accounts.connect();
  try {
    await client.query("begin");
    const { rowCount } = await client.query("select from auth.users where id = $1 for update", [userId]);
    if (rowCount === 0) throw new Refusal("unauthenticated");
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    // A connection that can't roll back is closed.
    await client.query("rollback").then(
      () => client.release(),
      () => client.release(true),
    );
    throw error;
  }
}

/** @throws Refusal `last_sign_in_method` if nothing is left that the person could sign in with */
export async function requireWayIn(client: Queryable, userId: string): Promise<void> {
  const { rows } = await client.query<{ any: boolean }>(
    `select exists (select from auth.accounts where user_id = $1)
       or exists (select from auth.passkeys where user_id = $1) as any`,
    [userId],
  );
  if (!rows[0]?.any) throw new Refusal("last_sign_in_method");
}

/** Devices that were trusted need the second step again, and sign-ins that wait for it must begin again. */
export async function forgetTrustedDevices(client: Queryable, userId: string): Promise<void> {
  await client.query(
    `delete from auth.verifications
     where value = $1 and (identifier like 'trust-device-%' or identifier like '2fa-%')`,
    [userId],
  );
}
