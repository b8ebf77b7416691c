import { queryOptions } from "@tanstack/react-query";
import type { Basket } from "#contract/baskets.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";

const HALF_MINUTE_MS = 30_000;

/** Bookings that were made together. Below the bookings: what changes these may change it. */
export const basketQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.bookings, "basket", id],
    staleTime: HALF_MINUTE_MS,
    queryFn: ({ signal }) => api.get<Basket>(`/api/v1/baskets/${encodeURIComponent(id)}`, { signal }),
  });
