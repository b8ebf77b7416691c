import { Clock3, Lock } from "lucide-react";
import { useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { Payment } from "#contract/payments.ts";
import { moneyOf } from "#rules/money.ts";
import { controls } from "#words/controls.ts";
import { hold, payPage } from "#words/payments.ts";
import { useCancelSession } from "@/features/bookings/useCancelSession.ts";
import { askMoreTime, openCheckout } from "@/features/payments/api.ts";
import { HoldCountdown } from "@/features/payments/HoldCountdown.tsx";
import { formatMoney } from "@/lib/money.ts";
import { paths } from "@/lib/paths.ts";
import { navigate } from "@/lib/router/location.ts";
import { toast } from "@/lib/toast.ts";
import { announce } from "@/ui/Announcer.tsx";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { useAction } from "@/ui/useAction.ts";
import { PayProblem } from "./PayProblem.tsx";
import type { PayView } from "./payView.ts";
import { returnAddress } from "./returning.ts";
import { StripeForm } from "./StripeForm.tsx";
import { useCheckout } from "./useCheckout.ts";

type PayFormProps = {
  booking: Booking;
  payment: Payment;
  /** How many sessions are given up together. */
  holds: number;
  view: Extract<PayView, { name: "pay" }>;
  /** Takes a payment that the server has returned. */
  onPayment: (payment: Payment) => void;
  /** Asks the server how things are. */
  onDoubt: () => Promise<void>;
  /** Called after an attempt inside the page. @param isPaid as far as the browser knows */
  onTried: (isPaid: boolean) => Promise<void>;
};

/** How long the time is held, the amount, and the one button that pays it. */
export function PayForm({ booking, payment, holds, view, onPayment, onDoubt, onTried }: PayFormProps) {
  const returnTo = returnAddress(paths.pay(booking.id));
  const checkout = useCheckout(
    {
      ordered: booking,
      openCheckout: () => openCheckout(booking.id),
      returnTo,
      heldUntil: view.heldUntil,
    },
    { onTried, onDoubt },
  );
  const [isReleasing, setIsReleasing] = useState(false);
  const moreTime = useAction(
    async () => {
      onPayment(await askMoreTime(booking.id));
      announce(hold.moreTimeGiven);
    },
    { failure: hold.moreTimeFailed },
  );
  // What was booked together is paid together.
  const { amount: due } = payment.basket ?? payment;
  const amount = formatMoney(moneyOf(due, payment.currency));
  const label = payment.capture === "manual" ? payPage.reserve(amount) : payPage.pay(amount);
  const hasFailed = view.failure !== null || checkout.problem !== null;
  return (
    <Card className="overflow-hidden">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 bg-primary-soft px-5 py-4">
        <p className="flex items-center gap-3">
          <Clock3 aria-hidden className="size-6 shrink-0 text-primary-text" />
          <span className="leading-tight">
            <span className="block text-sm font-semibold text-ink-soft">{hold.label}</span>
            <HoldCountdown until={view.heldUntil} className="block text-heading tabular-nums" />
          </span>
        </p>
        {payment.more_time && (
          <Button variant="secondary" size="sm" pending={moreTime.isPending} onClick={() => moreTime.run()}>
            {hold.moreTime}
          </Button>
        )}
      </div>
      <div className="space-y-4 p-5">
        <PayProblem failure={view.failure} problem={checkout.problem} isHeld />
        {checkout.stripe ? (
          <StripeForm
            checkout={checkout.stripe}
            returnUrl={window.location.origin + returnTo}
            label={label}
            isFailureShown={view.failure !== null}
            onTried={onTried}
          />
        ) : (
          <Button size="lg" className="w-full" pending={checkout.isOpening} onClick={checkout.open}>
            {checkout.isOpening ? payPage.opening : hasFailed ? controls.tryAgain : label}
          </Button>
        )}
        <p className="flex items-start justify-center gap-2 text-sm text-ink-soft">
          <Lock aria-hidden className="mt-0.5 size-4 shrink-0" />
          {payPage[payment.provider]}
        </p>
        <p className="text-center">
          <Button variant="link" size="inline" onClick={() => setIsReleasing(true)}>
            {holds > 1 ? payPage.releaseAll : payPage.release}
          </Button>
        </p>
      </div>
      {isReleasing && (
        <ReleaseDialog booking={booking} holdsSeveral={holds > 1} onClose={() => setIsReleasing(false)} />
      )}
    </Card>
  );
}

type ReleaseDialogProps = {
  booking: Booking;
  /** What was booked together is given up together. */
  holdsSeveral: boolean;
  onClose: () => void;
};

function ReleaseDialog({ booking, holdsSeveral, onClose }: ReleaseDialogProps) {
  const release = useCancelSession({ bookingId: booking.id }, booking.expert_id);
  return (
    <ConfirmDialog
      title={holdsSeveral ? payPage.releaseAllTitle : payPage.releaseTitle}
      confirmLabel={holdsSeveral ? payPage.releaseAll : payPage.release}
      keepLabel={payPage.keep}
      onClose={onClose}
      onConfirm={async () => {
        await release("");
        toast.success(holdsSeveral ? payPage.releasedAll : payPage.released);
        const { service_id: serviceId, duration: minutes, mentor } = booking;
        navigate(paths.bookTime(mentor.username, { serviceId, minutes }), { replace: true });
      }}
    >
      <p>{holdsSeveral ? payPage.releaseAllText : payPage.releaseText}</p>
    </ConfirmDialog>
  );
}
