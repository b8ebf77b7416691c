import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { UseFormReturn } from "react-hook-form";
import type { Mentor } from "#contract/mentors.ts";
import { decimalOf, moneyOf } from "#rules/money.ts";
import { bookOffers } from "#words/bookDetails.ts";
import { useMe } from "@/features/accounts/me.ts";
import { purchasesQuery, quoteQuery } from "@/features/prices/queries.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { formatAmount } from "@/lib/money.ts";
import { announce } from "@/ui/Announcer.tsx";
import { askedOffers, takesCode } from "./askedOffers.ts";
import type { Choice } from "./bookingStep.ts";
import { expectedPrice } from "./expectedPrice.ts";
import { packageFor, shownLines } from "./shownPrice.ts";
import { totalOf } from "./totals.ts";
import type { BookingDetails } from "./useBookingDraft.ts";
import { useCouponCode } from "./useCouponCode.ts";

type Asking = {
  mentor: Mentor;
  choice: Choice;
  form: UseFormReturn<BookingDetails>;
  /** The problem of the last attempt. */
  refusal: ApiProblem | null;
};

export type PriceOffers = ReturnType<typeof usePriceOffers>;

/**
 * The price in lines, and what lowers it. The lines are the API's once it has quoted them, and those of the list price for
 * visitors and until then; either way the API compares the total of the booking with its own.
 */
export function usePriceOffers({ mentor, choice, form, refusal }: Asking) {
  const { data: me } = useMe();
  const addRecording = form.watch("addRecording") && choice.prices.recordingPrice !== null;
  const listTotal = totalOf(choice, addRecording);
  const isPaid = listTotal.minor > 0;

  const { data: purchases } = useQuery({
    ...purchasesQuery(me?.id ?? ""),
    enabled: Boolean(me) && isPaid,
  });
  const bought = packageFor(purchases ?? [], mentor.id, choice);
  const pack = form.watch("usesPackage") === false ? undefined : bought;

  const request = {
    service_id: choice.service.id,
    duration: choice.minutes,
    add_recording: addRecording,
    ...askedOffers({ packageId: pack?.id ?? "" }),
  };
  const plain = useQuery({
    ...quoteQuery(me?.id ?? "", mentor.id, request),
    enabled: Boolean(me) && isPaid,
  });
  const code = useCouponCode({
    form,
    refusal,
    mayUse: isPaid && takesCode({ addRecording, packageId: pack?.id ?? "" }),
    quoteWith: (coupon_code) => quoteQuery(me?.id ?? "", mentor.id, { ...request, coupon_code }),
  });
  const quote = code.quote ?? (plain.isError ? undefined : plain.data);
  const total = expectedPrice(code.refusal) ?? (quote ? moneyOf(quote.total, quote.currency) : listTotal);
  useAppliedNews(code, formatAmount(total));

  return {
    lines: shownLines(quote, total, choice, addRecording),
    total,
    tiers: quote?.refund_tiers ?? [],
    refusal: code.refusal,
    pack: bought,
    code,
    /** The details as they are sent: with the total that is shown. */
    agreed: (details: BookingDetails): BookingDetails => ({
      ...details,
      packageId: pack?.id ?? "",
      agreedTotal: String(decimalOf(total)),
    }),
  };
}

/** Says the new total once a code that was asked for is applied. */
export function useAppliedNews(
  { isAwaited, announced }: Pick<ReturnType<typeof useCouponCode>, "isAwaited" | "announced">,
  total: string,
) {
  useEffect(() => {
    if (!isAwaited) return;
    announced();
    announce(bookOffers.applied(total));
  });
}
