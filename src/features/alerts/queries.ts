import { queryOptions } from "@tanstack/react-query";
import type { AvailabilityAlert } from "#contract/alerts.ts";
import { inboxKeys } from "@/lib/queryKeys.ts";
import { readList } from "@/lib/readList.ts";

export const alertsQuery = (userId: string) =>
  queryOptions({
    queryKey: [...inboxKeys.alerts, userId],
    queryFn: ({ signal }) => readList<AvailabilityAlert>("/api/v1/availability-alerts", signal),
  });
