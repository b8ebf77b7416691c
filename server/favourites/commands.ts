import type { Database } from "../platform/database/database.ts";
import { findMentorId, mentorIdOf } from "../platform/database/directory.ts";
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

/** @param mentor id or username */
export async function removeFavourite(database: Database, caller: Identity, mentor: string): Promise<void> {
  await database.asUser(caller.id, (tx) =>
    tx.db.deleteFrom("favourite_mentors").where("expert_id", "=", mentorIdOf(mentor)).execute(),
  );
}
