import { queryOptions } from "@tanstack/react-query";
import type { NotificationSettings, UpdateNotificationSettings } from "#contract/notificationSettings.ts";
import { api } from "@/lib/api.ts";
import { ownKeys } from "@/lib/queryKeys.ts";

const path = "/api/v1/me/notification-settings";

export const notificationSettingsQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.notificationSettings(userId),
    queryFn: ({ signal }) => api.get<NotificationSettings>(path, { signal }),
  });

export function saveNotificationSettings(change: UpdateNotificationSettings): Promise<NotificationSettings> {
  return api.patch(path, change);
}
