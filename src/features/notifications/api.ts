import type { UnreadCount } from "#contract/notifications.ts";
import { api } from "@/lib/api.ts";

/** Marks these as read, or all without ids. */
export function markAsRead(ids?: string[]): Promise<UnreadCount> {
  return api.post("/api/v1/notifications/read", ids ? { ids } : {});
}

/** Ends the mails that a signed link names; nothing more if they have ended before. For visitors too. */
export function endMails(token: string): Promise<unknown> {
  return api.post(`/unsubscribe/${encodeURIComponent(token)}`, undefined, { forAnyone: true });
}
