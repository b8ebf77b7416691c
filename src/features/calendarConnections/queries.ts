import { queryOptions, skipToken } from "@tanstack/react-query";
import { MINUTE_MS } from "#scheduling/units.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { readBusyTimes, readConnections } from "./api.ts";

/** The person stream announces how a connection is doing; only a worker that has stopped announces nothing. */
export const connectionsQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.calendarConnections(userId),
    queryFn: ({ signal }) => readConnections(signal),
    staleTime: 30_000,
    refetchInterval: 10 * MINUTE_MS,
  });

/** When a mentor is busy elsewhere on some days in order. A failure shows the days without it. */
export const ownBusyQuery = (
  userId: string,
  days: readonly { starts_at: string; ends_at: string }[] | undefined,
) => {
  const [start, end] = [days?.[0]?.starts_at, days?.at(-1)?.ends_at];
  return queryOptions({
    queryKey: ownKeys.busyTimes(userId, `${start} ${end}`),
    queryFn: start && end ? ({ signal }) => readBusyTimes({ start, end }, signal) : skipToken,
    staleTime: 30_000,
  });
};
