import type { CalendarFeed } from "#contract/calendarFeed.ts";
import type { UserTx } from "../platform/database/database.ts";

/** Returns the state of the caller's feed. Its address is not known here. */
export async function readFeedState(tx: UserTx, userId: string): Promise<CalendarFeed> {
  const row = await tx.db
    .selectFrom("calendar_feeds")
    .select(["created_at", "last_read_at"])
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return {
    is_on: row !== undefined,
    created_at: row?.created_at.toISOString() ?? null,
    last_read_at: row?.last_read_at?.toISOString() ?? null,
  };
}
