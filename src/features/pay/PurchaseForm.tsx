import { Lock } from "lucide-react";
import type { Me } from "#contract/accounts.ts";
import type { PackagePurchase, PurchasePayment } from "#contract/offers.ts";
import { controls } from "#words/controls.ts";
import { payPage } from "#words/payments.ts";
import { paths } from "@/lib/paths.ts";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { PayProblem } from "./PayProblem.tsx";
import { returnAddress } from "./returning.ts";
import { StripeForm } from "./StripeForm.tsx";
import { useCheckout } from "./useCheckout.ts";
import { openPurchaseCheckout } from "./usePurchase.ts";

type PurchaseFormProps = {
  purchase: PackagePurchase;
  payment: PurchasePayment;
  me: Me;
  /** The amount. */
  label: string;
  onDoubt: () => Promise<void>;
  /** Called after an attempt inside the page. @param isPaid as far as the browser knows */
  onTried: (isPaid: boolean) => Promise<void>;
};

/** The one button that pays for a package. */
export function PurchaseForm({ purchase, payment, me, label, onDoubt, onTried }: PurchaseFormProps) {
  const returnTo = returnAddress(paths.pay(purchase.id, "packages"));
  const checkout = useCheckout(
    {
      ordered: {
        service_title: purchase.service_title,
        user_name: me.name,
        user_email: me.email,
        user_phone: null,
      },
      openCheckout: () => openPurchaseCheckout(purchase.id),
      returnTo,
      heldUntil: null,
    },
    { onTried, onDoubt },
  );
  const hasFailed = payment.failure !== null || checkout.problem !== null;
  return (
    <Card className="space-y-4 p-5">
      <PayProblem failure={payment.failure} problem={checkout.problem} isHeld={false} />
      {checkout.stripe ? (
        <StripeForm
          checkout={checkout.stripe}
          returnUrl={window.location.origin + returnTo}
          label={payPage.pay(label)}
          isFailureShown={payment.failure !== null}
          onTried={onTried}
        />
      ) : (
        <Button size="lg" className="w-full" pending={checkout.isOpening} onClick={checkout.open}>
          {checkout.isOpening ? payPage.opening : hasFailed ? controls.tryAgain : payPage.pay(label)}
        </Button>
      )}
      <p className="flex items-start justify-center gap-2 text-sm text-ink-soft">
        <Lock aria-hidden className="mt-0.5 size-4 shrink-0" />
        {payPage[payment.provider]}
      </p>
    </Card>
  );
}
