import { sql } from "kysely";
import { type Notification, type NotificationPage, notification } from "#contract/notifications.ts";
import { instant } from "#contract/primitives.ts";
import type { UserTx } from "../platform/database/database.ts";
import { decodeCursor, encodeCursor } from "../platform/http/cursor.ts";

/** Returns a page of the caller's inbox, newest first, and the number of unread ones. The policies show no other inbox. */
export async function listNotifications(
  tx: UserTx,
  search: { cursor?: string | undefined; limit: number },
): Promise<NotificationPage> {
  const after = decodeCursor(search.cursor, instant);
  // Cursors have milliseconds, the column microseconds.
  const moment = sql<Date>`date_trunc('milliseconds', created_at)`;
  let query = tx.db
    .selectFrom("notifications")
    .select(["id", "kind", "booking_id", "request_id", "payload", "read_at", moment.as("created_at")])
    .orderBy(moment, "desc")
    .orderBy("id", "desc")
    .limit(search.limit + 1);
  if (after)
    query = query.where(sql<boolean>`(${moment}, id) < (${after.key}::timestamptz, ${after.id}::uuid)`);
  const rows = await query.execute();
  const page = rows.slice(0, search.limit);
  const last = rows.length > search.limit ? page.at(-1) : undefined;
  return {
    data: page.map(presentNotification),
    next_cursor: last ? encodeCursor(last.created_at.toISOString(), last.id) : null,
    unread_count: await countUnread(tx),
  };
}

export async function countUnread(tx: UserTx): Promise<number> {
  const { count } = await tx.db
    .selectFrom("notifications")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("read_at", "is", null)
    .executeTakeFirstOrThrow();
  return count;
}

interface NotificationRow {
  id: string;
  kind: string;
  booking_id: string | null;
  request_id: string | null;
  payload: unknown;
  created_at: Date;
  read_at: Date | null;
}

function presentNotification({ payload, created_at, read_at, ...row }: NotificationRow): Notification {
  return notification.parse({
    ...row,
    facts: payload,
    created_at: created_at.toISOString(),
    read_at: read_at?.toISOString() ?? null,
  });
}
