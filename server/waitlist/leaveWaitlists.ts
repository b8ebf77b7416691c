import type { Database } from "../platform/database/database.ts";

const reason = "the person's account is closed";

/** Ends the places of a person with a closed account, and everyone's for that mentor. One transaction locks one mentor. */
export async function leaveWaitlists(database: Database, person: string): Promise<void> {
  const { rows } = await database.asSystem(reason, null, ({ client }) =>
    client.query<{ id: string }>("select private.mentors_waited_for($1) as id", [person]),
  );
  for (const { id } of rows) {
    await database.asSystem(reason, null, ({ client }) =>
      client.query("select private.withdraw_from_waitlist($1, $2)", [id, person]),
    );
  }
}
