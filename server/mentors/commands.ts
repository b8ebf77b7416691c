import type { z } from "zod";
import type { HoursChange } from "#contract/hours.ts";
import type { createMentor, MentorProfile, updateMentor } from "#contract/mentors.ts";
import { changeHours, type HoursEdit } from "../hours/changeHours.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
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

/**
 * Changes the caller's page or scheduling rules, which are part of the hours.
 * @throws Refusal `not_a_mentor`, `username_taken`, `hours_changed`
 */
export async function changeMentor(
  dependencies: Dependencies,
  edit: HoursEdit,
  wish: z.output<typeof updateMentor>,
): Promise<MentorProfile & HoursChange> {
  const { result, change } = await changeHours(dependencies, edit, async (tx) => {
    if (Object.keys(wish).length > 0) {
      await tx.db.updateTable("expert_profiles").set(wish).where("id", "=", edit.caller.id).execute();
    }
    return ownProfile(await findOwnProfile(tx, edit.caller.id));
  });
  return { ...result, ...change };
}

function ownProfile(profile: MentorProfile | null): MentorProfile {
  if (!profile) throw new Refusal("not_a_mentor");
  return profile;
}
