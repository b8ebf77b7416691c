import type { MentorRoom } from "#contract/meetings.ts";
import type { UserTx } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";

/** The caller's own room. @throws Refusal `not_a_mentor` */
export async function readOwnRoom(tx: UserTx, userId: string): Promise<MentorRoom> {
  const row = await tx.db
    .selectFrom("expert_profiles as p")
    .leftJoin("mentor_rooms as r", "r.expert_id", "p.id")
    .select(["r.meeting_url", "r.meeting_note"])
    .where("p.id", "=", userId)
    .executeTakeFirst();
  if (!row) throw new Refusal("not_a_mentor");
  return row;
}
