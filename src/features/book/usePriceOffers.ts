import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import type { Mentor } from "#contract/mentors.ts";
import { decimalOf, moneyOf } from "#rules/money.ts";
import { bookOffers } from "#words/bookDetails.ts";
import { useMe } from "@/features/accounts/me.ts";
import { allQuotes, purchasesQuery, quoteQuery } from "@/features/prices/queries.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { formatAmount } from "@/lib/money.ts";
import { announce } from "@/ui/Announcer.tsx";
import { askedOffers, takesCode } from "./askedOffers.ts";
import type { Choice } from "./bookingStep.ts";
import { expectedPrice } from "./expectedPrice.ts";
import { isOfferRefusal, packageFor, sentenceOf, shownLines } from "./shownPrice.ts";
import { totalOf } from "./totals.ts";
import type { BookingDetails } from "./useBookingDraft.ts";

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
  const queryClient = useQueryClient();
  const typed = form.watch("couponCode")?.trim() ?? "";
  const addRecording = form.watch("addRecording") && choice.prices.recordingPrice !== null;
  const listTotal = totalOf(choice, addRecording);
  const isPaid = listTotal.minor > 0;
  // A code that was typed before a reload is checked again.
  const [asked, setAsked] = useState(typed);
  // What it was about has changed since.
  const [settled, setSettled] = useState<ApiProblem | null>(null);
  const current = refusal === settled ? null : refusal;

  const { data: purchases } = useQuery({
    ...purchasesQuery(me?.id ?? ""),
    enabled: Boolean(me) && isPaid,
  });
  const bought = packageFor(purchases ?? [], mentor.id, choice);
  const pack = form.watch("usesPackage") === false ? undefined : bought;
  const mayUseCode = isPaid && takesCode({ addRecording, packageId: pack?.id ?? "" });

  const request = {
    service_id: choice.service.id,
    duration: choice.minutes,
    add_recording: addRecording,
    ...askedOffers({ packageId: pack?.id ?? "" }),
  };
  const quoted = { enabled: Boolean(me) && isPaid };
  const plain = useQuery({ ...quoteQuery(me?.id ?? "", mentor.id, request), ...quoted });
  const lowered = useQuery({
    ...quoteQuery(me?.id ?? "", mentor.id, { ...request, coupon_code: asked }),
    enabled: quoted.enabled && mayUseCode && asked !== "",
  });
  const isApplied =
    mayUseCode && asked !== "" && asked === typed && lowered.isSuccess && !form.formState.errors.couponCode;
  const quote = isApplied ? lowered.data : plain.isError ? undefined : plain.data;

  const total = expectedPrice(current) ?? (quote ? moneyOf(quote.total, quote.currency) : listTotal);

  useEffect(() => {
    if (!isOfferRefusal(refusal) && refusal?.code !== "price_mismatch") return;
    if (isOfferRefusal(refusal)) setAsked("");
    void queryClient.invalidateQueries(allQuotes);
    void queryClient.invalidateQueries({ queryKey: purchasesQuery(me?.id ?? "").queryKey });
  }, [refusal, queryClient, me?.id]);

  const [awaited, setAwaited] = useState("");
  useEffect(() => {
    if (!isApplied || awaited !== asked) return;
    setAwaited("");
    announce(bookOffers.applied(formatAmount(total)));
  }, [isApplied, awaited, asked, total]);

  return {
    lines: shownLines(quote, total, choice, addRecording),
    total,
    tiers: quote?.refund_tiers ?? [],
    refusal: current,
    pack: bought,
    code: {
      isShown: mayUseCode,
      isApplied,
      isPending: lowered.isFetching && !isApplied,
      error:
        form.formState.errors.couponCode?.message ??
        (asked === typed ? sentenceOf(lowered.error) : undefined),
      /** What the applied code is called by its mentor. */
      applied: isApplied ? typed.toUpperCase() : undefined,
    },
    /** Whether everything that was typed is in the total; if not, asks for it. */
    isAgreed(): boolean {
      if (!me || !mayUseCode || typed === "" || isApplied) return true;
      this.apply();
      return false;
    },
    apply() {
      form.clearErrors("couponCode");
      setSettled(refusal);
      setAsked(typed);
      setAwaited(typed);
      if (asked === typed) void lowered.refetch();
    },
    remove() {
      setSettled(refusal);
      setAsked("");
      form.setValue("couponCode", "");
    },
    /** The price is another one now, whatever was refused before. */
    changed() {
      setSettled(refusal);
    },
    /** The details as they are sent: with the total that is shown. */
    agreed: (details: BookingDetails): BookingDetails => ({
      ...details,
      packageId: pack?.id ?? "",
      agreedTotal: String(decimalOf(total)),
    }),
  };
}
