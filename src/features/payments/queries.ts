import { queryOptions } from "@tanstack/react-query";
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
