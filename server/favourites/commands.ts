import type { Database } from "../platform/database/database.ts";
import { findMentorId, mentorIdOf, readMentorAddress } from "../platform/database/directory.ts";
import type { Identity } from "../platform/http/identity.ts";

/** @param mentor id or username. @throws Refusal `mentor_not_found`, `too_many_favourites` */
export async function addFavourite(database: Database, caller: Identity, mentor: string): Promise<void> {
  await database.asUser(caller.id, async (tx) => {
    const expert_id = await findMentorId(tx.client, mentor);
    await tx.db
      .insertInto("favourite_mentors")
      .values({ user_id: caller.id, expert_id })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
}

/** @param mentor id or username. @throws Refusal `mentor_not_found` for a username that no mentor has */
export async function removeFavourite(database: Database, caller: Identity, mentor: string): Promise<void> {
  await database.asUser(caller.id, async (tx) => {
    const { numDeletedRows } = await tx.db
      .deleteFrom("favourite_mentors")
      .where("expert_id", "=", mentorIdOf(mentor))
      .executeTakeFirst();
    // An id may be of a mentor who is hidden or gone; a username may be a former one.
    if (numDeletedRows === 0n && readMentorAddress(mentor).by === "username")
      await findMentorId(tx.client, mentor);
  });
}
