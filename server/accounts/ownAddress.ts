import type { Database } from "../platform/database/database.ts";

/** Clears the mark of an address that could not be reached: its owner has just entered a code from a mail. */
export async function addressWasReached(database: Database, address: string): Promise<void> {
  await database.asSystem("the owner of an address has shown that mail arrives", null, (tx) =>
    tx.client.query({
      name: "address_was_reached",
      text: "select private.address_was_reached($1)",
      values: [address],
    }),
  );
}
