import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Payment } from "#contract/payments.ts";
import { bookingQuery } from "@/features/bookings/queries.ts";
import { refreshPayment } from "@/features/payments/api.ts";
import { paymentQuery } from "@/features/payments/queries.ts";
import { ApiProblem } from "@/lib/api.ts";
import { useClock } from "@/lib/clock/useClock.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { payViewOf } from "./payView.ts";

/** How long to wait before the provider is asked again, ms; the last one repeats. */
const pauses = [1_500, 3_000, 5_000, 8_000, 15_000, 30_000] as const;

const REREAD_MS = 10_000;

type Return = {
  /** The payer comes back from the provider. */
  hasReturned: boolean;
  /** As far as the browser knows, the payment succeeded. */
  expectsPayment: boolean;
};

/**
 * A booking and its payment, kept current: by live events, and by asking the provider after a return and for as long as it is
 * not known how a payment ends.
 */
export function usePayment(bookingId: string, { hasReturned, expectsPayment }: Return) {
  const booking = useQuery(bookingQuery(bookingId));
  // Live events come sooner, but not after every lost connection.
  const payment = useQuery({ ...paymentQuery({ bookingId }), refetchInterval: REREAD_MS });
  const queryClient = useQueryClient();
  const [isChecking, setIsChecking] = useState(hasReturned);

  const take = useCallback(
    (next: Payment) => {
      const key = paymentQuery({ bookingId }).queryKey;
      const before = queryClient.getQueryData(key);
      const known = queryClient.getQueryData(bookingQuery(bookingId).queryKey);
      queryClient.setQueryData(key, next);
      // The booking has changed with it, and so have lists of bookings.
      if (before?.payment_status !== next.payment_status || known?.awaits_payment !== next.awaits_payment)
        void queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
    },
    [bookingId, queryClient],
  );
  const refresh = useCallback(async () => {
    try {
      take(await refreshPayment(bookingId));
    } catch (problem) {
      // The next time may succeed; until then the page shows what it knows.
      if (!(problem instanceof ApiProblem)) throw problem;
    }
  }, [bookingId, take]);

  const heldUntil = payment.data?.held_until;
  const now = useClock(useCallback((at: number) => untilEnd(heldUntil, at), [heldUntil])).getTime();
  const view =
    booking.data && payment.data ? payViewOf(payment.data, booking.data, expectsPayment, now) : null;
  const isAnswered = booking.data !== undefined && payment.data !== undefined;
  const awaitsNews = isAnswered && (view?.name === "processing" || view?.name === "lapsed");
  useRepeatedly(refresh, awaitsNews);
  useOnReturn(refresh, isAnswered && view?.name === "pay");

  const first = useRef(false);
  useEffect(() => {
    if (!isChecking || first.current) return;
    first.current = true;
    void refresh().finally(() => setIsChecking(false));
  }, [isChecking, refresh]);

  return { booking, payment, view, isChecking, refresh, take };
}

/** The page changes once, when the hold ends: the countdown has a clock of its own. */
function untilEnd(heldUntil: string | null | undefined, now: number): number {
  const left = Date.parse(heldUntil ?? "") - now;
  return left > 0 ? left : Number.POSITIVE_INFINITY;
}

/** Calls at growing intervals while it is on and the page is visible. */
export function useRepeatedly(call: () => Promise<void>, isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    let timer: ReturnType<typeof setTimeout>;
    let isOver = false;
    const next = (count: number) => {
      timer = setTimeout(
        async () => {
          if (!document.hidden) await call();
          if (!isOver) next(count + 1);
        },
        pauses[Math.min(count, pauses.length - 1)],
      );
    };
    next(0);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [call, isOn]);
}

/** Calls when the page becomes visible again, also out of the browser's back-forward cache: the payer may have paid elsewhere. */
export function useOnReturn(call: () => Promise<void>, isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    const ask = () => void (document.hidden || call());
    document.addEventListener("visibilitychange", ask);
    window.addEventListener("online", ask);
    return () => {
      document.removeEventListener("visibilitychange", ask);
      window.removeEventListener("online", ask);
    };
  }, [call, isOn]);
}
