import { queryOptions } from "@tanstack/react-query";
import type { TimeRequestPage } from "#contract/timeRequests.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { api } from "@/lib/api.ts";
import { inboxKeys } from "@/lib/queryKeys.ts";

/** The latest requests for another time, the open ones first. */
export const timeRequestsQuery = (as: BookingRole, userId: string) =>
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
