import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { PurchasePayment } from "#contract/offers.ts";
import type { Checkout } from "#contract/payments.ts";
import { purchasesQuery } from "@/features/prices/queries.ts";
import { ApiProblem, api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { purchaseViewOf } from "./purchaseView.ts";
import { useOnReturn, useRepeatedly } from "./usePayment.ts";

const pathOf = (purchaseId: string) => `/api/v1/package-purchases/${encodeURIComponent(purchaseId)}/payment`;

const paymentQuery = (userId: string, purchaseId: string) =>
  queryOptions({
    queryKey: [...queryKeys.own, userId, "package-payment", purchaseId],
    queryFn: ({ signal }) => api.get<PurchasePayment>(pathOf(purchaseId), { signal }),
  });

/** The provider's order for this purchase: created once, and the same at every call. Throws ApiProblem. */
export function openPurchaseCheckout(purchaseId: string): Promise<Checkout> {
  return api.post(`${pathOf(purchaseId)}/checkout`);
}

/**
 * A package that is bought, and its payment, kept current by asking the provider after a return and for as long as it is not
 * known how the payment ends.
 */
export function usePurchase(
  userId: string,
  purchaseId: string,
  { hasReturned, expectsPayment }: { hasReturned: boolean; expectsPayment: boolean },
) {
  const purchases = useQuery(purchasesQuery(userId));
  const payment = useQuery(paymentQuery(userId, purchaseId));
  const queryClient = useQueryClient();
  const [isChecking, setIsChecking] = useState(hasReturned);
  const purchase = purchases.data?.find(({ id }) => id === purchaseId);
  const view = purchase && payment.data ? purchaseViewOf(purchase, payment.data, expectsPayment) : null;

  const refresh = useCallback(async () => {
    try {
      const next = await api.post<PurchasePayment>(`${pathOf(purchaseId)}/refresh`);
      queryClient.setQueryData(paymentQuery(userId, purchaseId).queryKey, next);
      if (next.state !== "open") {
        await queryClient.invalidateQueries({ queryKey: purchasesQuery(userId).queryKey });
        void queryClient.invalidateQueries({ queryKey: queryKeys.payments(userId) });
      }
    } catch (problem) {
      // The next time may succeed; until then the page shows what it knows.
      if (!(problem instanceof ApiProblem)) throw problem;
    }
  }, [userId, purchaseId, queryClient]);
  useRepeatedly(refresh, view === "processing");
  useOnReturn(refresh, view === "pay");

  const first = useRef(false);
  useEffect(() => {
    if (!isChecking || first.current) return;
    first.current = true;
    void refresh().finally(() => setIsChecking(false));
  }, [isChecking, refresh]);

  return { purchases, purchase, payment, view, isChecking, refresh };
}
