import { type QueryKey, type UseQueryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { useMe } from "@/features/accounts/me.ts";
import { allQuotes, purchasesQuery } from "@/features/prices/queries.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { isOfferRefusal, sentenceOf } from "./shownPrice.ts";
import type { BookingDetails } from "./useBookingDraft.ts";

type Asking<Quoted, Key extends QueryKey> = {
  form: UseFormReturn<BookingDetails>;
  /** The problem of the last attempt. */
  refusal: ApiProblem | null;
  /** Whether there is a price that a code can lower. */
  mayUse: boolean;
  quoteWith: (code: string) => UseQueryOptions<Quoted, Error, Quoted, Key>;
};

/** Whatever is quoted. */
export type CouponCode = Omit<ReturnType<typeof useCouponCode>, "quote">;

/** A code that is typed, and the quote with it once it is applied. */
export function useCouponCode<Quoted, Key extends QueryKey>({
  form,
  refusal,
  mayUse,
  quoteWith,
}: Asking<Quoted, Key>) {
  const { data: me } = useMe();
  const queryClient = useQueryClient();
  const typed = form.watch("couponCode")?.trim() ?? "";
  // A code that was typed before a reload is checked again.
  const [asked, setAsked] = useState(typed);
  // What it was about has changed since.
  const [settled, setSettled] = useState<ApiProblem | null>(null);
  const lowered = useQuery({ ...quoteWith(asked), enabled: Boolean(me) && mayUse && asked !== "" });
  const isApplied =
    mayUse && asked !== "" && asked === typed && lowered.isSuccess && !form.formState.errors.couponCode;

  useEffect(() => {
    if (!isOfferRefusal(refusal) && refusal?.code !== "price_mismatch") return;
    if (isOfferRefusal(refusal)) setAsked("");
    void queryClient.invalidateQueries(allQuotes);
    void queryClient.invalidateQueries({ queryKey: purchasesQuery(me?.id ?? "").queryKey });
  }, [refusal, queryClient, me?.id]);

  const [awaited, setAwaited] = useState("");
  const apply = () => {
    form.clearErrors("couponCode");
    setSettled(refusal);
    setAsked(typed);
    setAwaited(typed);
    if (asked === typed) void lowered.refetch();
  };
  return {
    /** With the code; undefined until it is applied. */
    quote: isApplied ? lowered.data : undefined,
    /** The problem of the last attempt, unless the price has become another one since. */
    refusal: refusal === settled ? null : refusal,
    isShown: mayUse,
    isApplied,
    isPending: lowered.isFetching && !isApplied,
    error:
      form.formState.errors.couponCode?.message ?? (asked === typed ? sentenceOf(lowered.error) : undefined),
    /** What the applied code is called by its mentor. */
    applied: isApplied ? typed.toUpperCase() : undefined,
    /** Whether its application was asked for and has not been announced yet. */
    isAwaited: isApplied && awaited === asked,
    announced: () => setAwaited(""),
    /** Whether everything that was typed is in the total; if not, asks for it. */
    isAgreed(): boolean {
      if (!me || !mayUse || typed === "" || isApplied) return true;
      apply();
      return false;
    },
    apply,
    remove() {
      setSettled(refusal);
      setAsked("");
      form.setValue("couponCode", "");
    },
    /** The price is another one now, whatever was refused before. */
    changed: () => setSettled(refusal),
  };
}
