import type { MentorSummary } from "#contract/mentors.ts";
import { presentSummary, selectSummaries } from "../mentors/queries.ts";
import type { UserTx } from "../platform/database/database.ts";

/** Returns the caller's favourites with their current pages, newest first. Row level security selects the caller's. */
export async function listFavourites(tx: UserTx): Promise<MentorSummary[]> {
  const rows = await selectSummaries(tx.db)
    .innerJoin("favourite_mentors as f", "f.expert_id", "p.id")
    .where("p.hidden_because", "is", null)
    .orderBy("f.created_at", "desc")
    .orderBy("p.id")
    .execute();
  return rows.map(presentSummary);
}
