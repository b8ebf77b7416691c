import { queryOptions } from "@tanstack/react-query";
import type { AdminPayment, MoneyOverview } from "#contract/reconciliation.ts";
import { type Money, moneyOf } from "#rules/money.ts";
import { api } from "@/lib/api.ts";
import { formatAmount } from "@/lib/money.ts";
import { paths } from "@/lib/paths.ts";
import { adminKeys } from "@/lib/queryKeys.ts";

const base = "/api/v1/admin";

export interface PaymentId {
  mentorId: string;
  paymentId: string;
}

export const moneyQuery = queryOptions({
  queryKey: [...adminKeys.all, "money"],
  queryFn: ({ signal }) => api.get<MoneyOverview>(`${base}/money`, { signal }),
});

/** Every reading is logged, so none is repeated by itself. */
export const paymentQuery = (id: PaymentId) =>
  queryOptions({
    queryKey: [...adminKeys.all, "payment", id.paymentId],
    queryFn: ({ signal }) => api.get<AdminPayment>(`${base}/${addressOf(id)}`, { signal }),
    refetchOnWindowFocus: false,
  });

/** Below the console's API. */
export function addressOf({ mentorId, paymentId }: PaymentId): string {
  return `payments/${encodeURIComponent(mentorId)}/${encodeURIComponent(paymentId)}`;
}

export const paymentPattern = `${paths.admin("money")}/:mentorId/:paymentId`;

export function paymentPath({ mentorId, paymentId }: PaymentId): string {
  return paths.admin(`money/${mentorId}/${paymentId}`);
}

export function amountText(decimal: number, currency: string): string {
  const money: Money = moneyOf(decimal, currency);
  return formatAmount(money);
}
