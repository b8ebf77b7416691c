import type { NewCalendarFeed } from "#contract/calendarFeed.ts";
import type { Database } from "../platform/database/database.ts";
import { feedPath, feedTokenHash, newFeedToken } from "./feedToken.ts";

/** Of two at once the later one holds. */
export async function createFeed(
  database: Database,
  userId: string,
  publicUrl: string,
): Promise<NewCalendarFeed> {
  const token = newFeedToken();
  const { rows } = await database.asUser(userId, ({ client }) =>
    client.query<{ created_at: Date }>("select public.replace_calendar_feed($1) as created_at", [
      feedTokenHash(token),
    ]),
  );
  const [row] = rows;
  if (!row) throw new Error("replace_calendar_feed() returned no row");
  return { url: publicUrl + feedPath(token), created_at: row.created_at.toISOString() };
}

export async function endFeed(database: Database, userId: string): Promise<void> {
  await database.asUser(userId, (tx) =>
    tx.db.deleteFrom("calendar_feeds").where("user_id", "=", userId).execute(),
  );
}
