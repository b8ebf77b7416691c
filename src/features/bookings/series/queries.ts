import { queryOptions } from "@tanstack/react-query";
import type { Series } from "#contract/series.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";

const HALF_MINUTE_MS = 30_000;

/** A series with all of its sessions. Below the bookings: what changes these may change it. */
export const seriesQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.bookings, "series", id],
    staleTime: HALF_MINUTE_MS,
    queryFn: ({ signal }) => api.get<Series>(`/api/v1/series/${encodeURIComponent(id)}`, { signal }),
  });
