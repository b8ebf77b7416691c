import { infiniteQueryOptions } from "@tanstack/react-query";
import type { NotificationPage } from "#contract/notifications.ts";
import { api } from "@/lib/api.ts";
import { inboxKeys } from "@/lib/queryKeys.ts";

const PAGE = 15;

/** Newest first; each page also has the total number of unread ones. */
export const notificationsQuery = (userId: string) =>
  infiniteQueryOptions({
    queryKey: [...inboxKeys.notifications, userId],
    queryFn: ({ pageParam, signal }) =>
      api.get<NotificationPage>("/api/v1/notifications", {
        query: { cursor: pageParam, limit: PAGE },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
