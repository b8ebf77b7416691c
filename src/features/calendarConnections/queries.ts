import { queryOptions } from "@tanstack/react-query";
import { MINUTE_MS } from "#scheduling/units.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { readConnections } from "./api.ts";

/** The person stream announces changes; that busy times grow old is announced by no change, so it is looked up. */
export const connectionsQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.calendarConnections(userId),
    queryFn: ({ signal }) => readConnections(signal),
    staleTime: 30_000,
    refetchInterval: MINUTE_MS,
  });
