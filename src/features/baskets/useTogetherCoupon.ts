import type { UseFormReturn } from "react-hook-form";
import { type Money, moneyOf, subtractMoney } from "#rules/money.ts";
import { useMe } from "@/features/accounts/me.ts";
import type { BookingDetails } from "@/features/book/useBookingDraft.ts";
import { useCouponCode } from "@/features/book/useCouponCode.ts";
import { useAppliedNews } from "@/features/book/usePriceOffers.ts";
import { quoteTogetherQuery } from "@/features/prices/queries.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { formatAmount } from "@/lib/money.ts";
import type { TogetherSession } from "./basketSlots.ts";
import { isRecorded } from "./togetherPrice.ts";

type Asking = {
  mentorId: string;
  /** Earliest first. */
  sessions: readonly TogetherSession[];
  addRecording: boolean;
  /** The package that pays for them. */
  packageId: string | undefined;
  /** Without a coupon. */
  listTotal: Money;
  form: UseFormReturn<BookingDetails>;
  refusal: ApiProblem | null;
};

/** A coupon for several sessions: what it takes off their sum, and what is left of the first one. */
export function useTogetherCoupon({
  mentorId,
  sessions,
  addRecording,
  packageId,
  listTotal,
  ...typed
}: Asking) {
  const { data: me } = useMe();
  const code = useCouponCode({
    ...typed,
    mayUse: listTotal.minor > 0,
    quoteWith: (coupon_code) =>
      quoteTogetherQuery(me?.id ?? "", mentorId, {
        sessions: sessions.map((session) => ({
          service_id: session.choice.service.id,
          duration: session.choice.minutes,
          add_recording: isRecorded(session, addRecording),
        })),
        coupon_code,
        ...(packageId && { package_purchase_id: packageId }),
      }),
  });
  const { quote, applied } = code;
  const { currency } = listTotal;
  const total = quote && moneyOf(quote.total, currency);
  useAppliedNews(code, formatAmount(total ?? listTotal));
  return {
    code,
    coupon: total && applied ? { code: applied, off: subtractMoney(listTotal, total) } : undefined,
    /** What the first session costs with the coupon. */
    first: quote && moneyOf(quote.sessions[0]?.total ?? 0, currency),
  };
}
