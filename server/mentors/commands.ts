import type { z } from "zod";
import type { createMentor, MentorProfile, updateMentor } from "../../contract/mentors.ts";
import type { Identity } from "../auth/identity.ts";
import type { Database } from "../database.ts";
import { Refusal } from "../errors.ts";
import { findOwnProfile } from "./queries.ts";

/** Makes the caller a mentor. @throws Refusal `already_a_mentor`, `username_taken` */
export async function becomeMentor(
  database: Database,
  caller: Identity,
  profile: z.output<typeof createMentor>,
): Promise<MentorProfile> {
  return database.asUser(caller.id, async (tx) => {
    if (await findOwnProfile(tx, caller.id)) throw new Refusal("already_a_mentor");
    await tx.db
      .insertInto("expert_profiles")
      .values({ id: caller.id, ...profile })
      .execute();
    return ownProfile(await findOwnProfile(tx, caller.id));
  });
}

/** Changes the caller's page or scheduling rules. @throws Refusal `not_a_mentor`, `username_taken` */
export async function changeMentor(
  database: Database,
  caller: Identity,
  change: z.output<typeof updateMentor>,
): Promise<MentorProfile> {
  return database.asUser(caller.id, async (tx) => {
    if (Object.keys(change).length > 0) {
      await tx.db.updateTable("expert_profiles").set(change).where("id", "=", caller.id).execute();
    }
    return ownProfile(await findOwnProfile(tx, caller.id));
  });
}

function ownProfile(profile: MentorProfile | null): MentorProfile {
  if (!profile) throw new Refusal("not_a_mentor");
  return profile;
}
