import type { MentorSummary } from "#contract/mentors.ts";
import { selectSummaries } from "../mentors/queries.ts";
import type { UserTx } from "../platform/database/database.ts";

/** The caller's favourites as their pages are now, the latest choice first; row level security says whose. */
export async function listFavourites(tx: UserTx): Promise<MentorSummary[]> {
  return selectSummaries(tx.db)
    .innerJoin("favourite_mentors as f", "f.expert_id", "p.id")
    .orderBy("f.created_at", "desc")
    .orderBy("p.id")
    .execute();
}
