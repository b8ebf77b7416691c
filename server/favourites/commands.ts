import { mentorAddress } from "../mentors/queries.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";

/** @param mentor id or username. @throws Refusal `mentor_not_found`, `too_many_favourites` */
export async function addFavourite(database: Database, caller: Identity, mentor: string): Promise<void> {
  const { column, value } = mentorAddress(mentor);
  await database.asUser(caller.id, async (tx) => {
    const found = await tx.db
      .selectFrom("expert_profiles")
      .select("id")
      .where(column, "=", value)
      .executeTakeFirst();
    if (!found) throw new Refusal("mentor_not_found");
    await tx.db
      .insertInto("favourite_mentors")
      .values({ user_id: caller.id, expert_id: found.id })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
}

/** @param mentor id or username */
export async function removeFavourite(database: Database, caller: Identity, mentor: string): Promise<void> {
  const { column, value } = mentorAddress(mentor);
  await database.asUser(caller.id, (tx) =>
    tx.db
      .deleteFrom("favourite_mentors")
      .where("expert_id", "in", (mentors) =>
        mentors.selectFrom("expert_profiles").select("id").where(column, "=", value),
      )
      .execute(),
  );
}
