import { useQueryClient } from "@tanstack/react-query";
import type { Programme } from "#contract/programmes.ts";
import { decimalOf, moneyOf, subtractMoney } from "#rules/money.ts";
import { bookTogether } from "#words/baskets.ts";
import { groupSeat } from "#words/groupSessions.ts";
import { programmeFacts, programmePage } from "#words/programmes.ts";
import { useMe } from "@/features/accounts/me.ts";
import { PriceSum } from "@/features/baskets/PriceSum.tsx";
import { CouponField } from "@/features/book/CouponField.tsx";
import { expectedPrice } from "@/features/book/expectedPrice.ts";
import { RefusalAlert } from "@/features/book/RefusalAlert.tsx";
import { isOfferRefusal } from "@/features/book/shownPrice.ts";
import { useAttemptKey } from "@/features/book/useAttemptKey.ts";
import { useCouponCode } from "@/features/book/useCouponCode.ts";
import { useDetailsForm } from "@/features/book/useDetailsForm.ts";
import { useAppliedNews } from "@/features/book/usePriceOffers.ts";
import { quoteProgrammeQuery } from "@/features/prices/queries.ts";
import { formatAmount } from "@/lib/money.ts";
import { paths } from "@/lib/paths.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { navigate } from "@/lib/router/location.ts";
import { seriesPath } from "@/lib/seriesPath.ts";
import { toast } from "@/lib/toast.ts";
import { Button } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { useAction } from "@/ui/useAction.ts";
import { joinProgramme, requestToJoin } from "./api.ts";
import { sessionsOf } from "./programmeState.ts";

const noDraft = {};

/** Books all sessions for a person who is signed in, with a code if there is one, and goes on to the payment. */
export function JoinProgramme({ programme }: { programme: Programme }) {
  const { data: me } = useMe();
  const queryClient = useQueryClient();
  const attemptKey = useAttemptKey();
  const sessions = sessionsOf(programme).length;
  const booking = useAction(
    async (wanted: ReturnType<typeof requestToJoin>) => {
      const made = await joinProgramme(wanted, attemptKey.keyFor(wanted));
      await queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
      const [first] = made.sessions;
      if (!first) return;
      if (first.awaits_payment) {
        navigate(paths.pay(first.id));
        return;
      }
      toast.success(first.status === "confirmed" ? programmePage.booked : programmePage.requested);
      navigate(seriesPath(made.id));
    },
    { inPlace: true },
  );
  const form = useDetailsForm({
    draft: noDraft,
    onDraftChange: () => undefined,
    refusal: booking.problem,
  });
  const listTotal = moneyOf(programme.price, programme.currency);
  const code = useCouponCode({
    form,
    refusal: booking.problem,
    mayUse: listTotal.minor > 0,
    quoteWith: (coupon_code) => quoteProgrammeQuery(me?.id ?? "", programme, { coupon_code }),
  });
  const quoted = code.quote && moneyOf(code.quote.total, code.quote.currency);
  const total = expectedPrice(code.refusal) ?? quoted ?? listTotal;
  useAppliedNews(code, formatAmount(total));
  const submit = form.handleSubmit(({ showsName, couponCode }) => {
    if (!code.isAgreed()) return;
    void booking.run(
      requestToJoin(programme, {
        total: decimalOf(total),
        showsName,
        couponCode: code.isShown ? couponCode?.trim() : undefined,
      }),
    );
  });
  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      {!isOfferRefusal(code.refusal) && <RefusalAlert refusal={code.refusal} hasCode={code.isApplied} />}
      <Checkbox
        {...form.register("showsName")}
        label={groupSeat.showName}
        detail={groupSeat.showNameDetail}
      />
      <CouponField form={form} code={code} isSignedOut={false} />
      {code.applied && (
        <PriceSum
          lines={[
            { label: programmeFacts.sessions(sessions), amount: listTotal },
            { label: bookTogether.coupon(code.applied), amount: subtractMoney(total, listTotal) },
          ]}
          total={total}
        />
      )}
      <Button type="submit" size="lg" className="w-full" pending={booking.isPending}>
        {programmePage.book(sessions)}
      </Button>
    </form>
  );
}
