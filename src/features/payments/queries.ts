import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { PaymentPage } from "#contract/payments.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { type SessionAccess, sessionKey } from "@/lib/sessionAccess.ts";
import { readPayment } from "./api.ts";

const HALF_MINUTE_MS = 30_000;

/** Below the booking's key: whatever changes the booking invalidates its payment too. */
export const paymentQuery = (access: SessionAccess) =>
  queryOptions({
    queryKey: [...sessionKey(access), "payment"],
    staleTime: HALF_MINUTE_MS,
    queryFn: ({ signal }) => readPayment(access, signal),
  });

/** The reader's own payments, latest first. */
export const ownPaymentsQuery = (userId: string) =>
  infiniteQueryOptions({
    queryKey: queryKeys.payments(userId),
    staleTime: HALF_MINUTE_MS,
    queryFn: ({ pageParam, signal }) =>
      api.get<PaymentPage>("/api/v1/payments", { query: { cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
