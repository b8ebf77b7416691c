import type { Client } from "pg";

export type Grant =
  | { is: "granted" | "revoked" | "unchanged"; name: string }
  | { is: "unknown" }
  | { is: "closed" };

/**
 * Makes the account with this address an administrator, or takes the role away. `owner` is a connection of the schema's
 * owner: no other role can write the list.
 */
export async function changeAdministrator(
  owner: Client,
  address: string,
  change: "grant" | "revoke",
): Promise<Grant> {
  await owner.query("begin");
  try {
    const { rows } = await owner.query<{ id: string; name: string; closed: boolean }>(
      `select u.id, private.admin_name(u.id) as name, private.is_closed(u.id) as closed
       from auth.users u where lower(u.email) = lower($1)`,
      [address],
    );
    const [person] = rows;
    if (!person) return { is: "unknown" };
    if (person.closed && change === "grant") return { is: "closed" };
    const { rowCount } =
      change === "grant"
        ? await owner.query(
            "insert into private.administrators (user_id) values ($1) on conflict do nothing",
            [person.id],
          )
        : await owner.query("delete from private.administrators where user_id = $1", [person.id]);
    if (rowCount === 0) return { is: "unchanged", name: person.name };
    const action = change === "grant" ? "administrator_granted" : "administrator_revoked";
    await owner.query("insert into private.admin_log (action, subject_id) values ($1, $2)", [
      action,
      person.id,
    ]);
    return { is: change === "grant" ? "granted" : "revoked", name: person.name };
  } finally {
    await owner.query("commit");
  }
}

export interface Administrator {
  name: string;
  email: string;
  granted_at: Date;
  two_factor: boolean;
}

export async function listAdministrators(owner: Client): Promise<Administrator[]> {
  const { rows } = await owner.query<Administrator>(
    `select private.admin_name(u.id) as name, u.email, a.granted_at, private.has_two_factor(u.id) as two_factor
     from private.administrators a join auth.users u on u.id = a.user_id order by a.granted_at`,
  );
  return rows;
}
