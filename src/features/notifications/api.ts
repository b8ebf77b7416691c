import type { UnreadCount } from "#contract/notifications.ts";
import { api } from "@/lib/api.ts";

/** Marks these as read, or all without ids. */
export function markAsRead(ids?: string[]): Promise<UnreadCount> {
  return api.post("/api/v1/notifications/read", ids ? { ids } : {});
}
