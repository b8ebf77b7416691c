import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import type { Mentor } from "#contract/mentors.ts";
import type { PackagePurchase, Quote } from "#contract/offers.ts";
import type { PriceLine } from "#contract/priceLine.ts";
import { decimalOf, type Money, moneyOf } from "#rules/money.ts";
import { priceLines } from "#rules/priceLines.ts";
import { bookOffers } from "#words/bookDetails.ts";
import { useMe } from "@/features/accounts/me.ts";
import { allQuotes, purchasesQuery, quoteQuery } from "@/features/prices/queries.ts";
import { ApiProblem } from "@/lib/api.ts";
import { formatAmount } from "@/lib/money.ts";
import { announce } from "@/ui/Announcer.tsx";
import { askedOffers, takesCode } from "./askedOffers.ts";
import { type Choice, totalOf } from "./bookingStep.ts";
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

  const bought = usePackages(me?.id, mentor.id, choice, isPaid);
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

  const total = current?.expectedPrice ?? (quote ? moneyOf(quote.total, quote.currency) : listTotal);

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
    lines: linesOf(quote, total, choice, addRecording),
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

/** Whether it was refused for its coupon or its package. */
export function isOfferRefusal(refusal: ApiProblem | null): boolean {
  return ["coupon_not_found", "coupon_not_usable", "package_not_usable"].includes(refusal?.code ?? "");
}

function sentenceOf(error: Error | null): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  return error.fieldErrors.find(({ field }) => field === "coupon_code")?.message ?? error.detail;
}

/** The package that pays for such a session: the one that ends first. */
function usePackages(
  userId: string | undefined,
  mentorId: string,
  { service, minutes }: Choice,
  isPaid: boolean,
): PackagePurchase | undefined {
  const { data = [] } = useQuery({ ...purchasesQuery(userId ?? ""), enabled: Boolean(userId) && isPaid });
  return data
    .filter(
      (one) =>
        one.state === "active" &&
        one.sessions_left > 0 &&
        one.expert_id === mentorId &&
        one.service_id === service.id &&
        one.minutes === minutes,
    )
    .sort((one, other) => Date.parse(one.expires_at ?? "") - Date.parse(other.expires_at ?? ""))[0];
}

/** The quoted lines if they are those of the total; a price that has changed is one line until it is quoted again. */
function linesOf(quote: Quote | undefined, total: Money, choice: Choice, addRecording: boolean): PriceLine[] {
  if (quote?.total === decimalOf(total)) return quote.lines;
  const listed = priceLines(choice.prices, { minutes: choice.minutes, addRecording });
  if (listed.ok && listed.total.minor === total.minor) {
    return listed.lines.map(({ kind, amount }) => ({ kind, amount: decimalOf(amount) }));
  }
  return [{ kind: "session", amount: decimalOf(total) }];
}
