import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Earnings, StatementLine } from "#contract/earnings.ts";
import type { Payout, PayoutAccount } from "#contract/payouts.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";

const path = "/api/v1/mentors/me";
/** Not in queryKeys.ts, which the booking page loads. */
const keyOf = (userId: string, name: string) => [...queryKeys.own, userId, "earnings", name];

export const earningsQuery = (userId: string) =>
  queryOptions({
    queryKey: keyOf(userId, "summary"),
    queryFn: ({ signal }) => api.get<Earnings>(`${path}/earnings`, { signal }),
  });

export const payoutAccountQuery = (userId: string) =>
  queryOptions({
    queryKey: keyOf(userId, "account"),
    queryFn: ({ signal }) => api.get<PayoutAccount>(`${path}/payout-account`, { signal }),
  });

interface Page<Row> {
  data: Row[];
  next_cursor: string | null;
}

/** Newest first. */
export const payoutsQuery = (userId: string) => pagesOf<Payout>(userId, "payouts");

/** The latest session first. */
export const statementQuery = (userId: string) => pagesOf<StatementLine>(userId, "earnings/statement");

function pagesOf<Row>(userId: string, name: string) {
  return infiniteQueryOptions({
    queryKey: keyOf(userId, name),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Row>>(`${path}/${name}`, { query: { cursor: pageParam, limit: 10 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}
