import type { UnreadCount } from "#contract/notifications.ts";
import { api } from "@/lib/api.ts";

/** All of them when no ids are given. */
export function markAsRead(ids?: string[]): Promise<UnreadCount> {
  return api.post("/api/v1/notifications/read", ids ? { ids } : {});
}
