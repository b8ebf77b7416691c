/** What a signed-in person is told and waits for. The keys carry the person's id, see ownQueries.ts. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { AvailabilityAlert } from "#contract/alerts.ts";
import type { NotificationPage } from "#contract/notifications.ts";
import type { TimeRequestPage } from "#contract/timeRequests.ts";
import { api } from "./api.ts";

export const inboxKeys = {
  notifications: ["notifications"],
  requests: ["time-requests"],
  alerts: ["alerts"],
} as const;

const PAGE = 15;

/** The latest first; each page also says how many are unread in all. */
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

/** The latest requests for another time; the open ones are always among the first. */
export const timeRequestsQuery = (as: "student" | "mentor", userId: string) =>
  queryOptions({
    queryKey: [...inboxKeys.requests, as, userId],
    queryFn: async ({ signal }) => {
      const { data } = await api.get<TimeRequestPage>("/api/v1/time-requests", {
        query: { as, limit: 50 },
        signal,
      });
      return data;
    },
  });

export const alertsQuery = (userId: string) =>
  queryOptions({
    queryKey: [...inboxKeys.alerts, userId],
    queryFn: async ({ signal }) => {
      const { data } = await api.get<{ data: AvailabilityAlert[] }>("/api/v1/availability-alerts", {
        signal,
      });
      return data;
    },
  });
