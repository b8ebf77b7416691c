import { useEffect, useState } from "react";
import type { Checkout } from "#contract/payments.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { ApiProblem } from "@/lib/api.ts";
import { type Ordered, payWithRazorpay } from "./razorpay.ts";

type StripeCheckout = Extract<Checkout, { provider: "stripe" }>;

/** What is paid for. */
export interface Payable {
  ordered: Ordered;
  openCheckout: () => Promise<Checkout>;
  /** Where the provider sends the payer back to. */
  returnTo: string;
  /** Until when a time is held for it; null: for as long as it takes. */
  heldUntil: EpochMs | null;
}

/**
 * Opens the provider's way to pay.
 * @param onTried called after an attempt inside the page, with whether it succeeded as far as the browser knows
 * @param onDoubt called when the payment may have changed meanwhile, in another tab for example
 */
export function useCheckout(
  { ordered, openCheckout, returnTo, heldUntil }: Payable,
  { onTried, onDoubt }: { onTried: (isPaid: boolean) => Promise<void>; onDoubt: () => Promise<void> },
) {
  const [stripe, setStripe] = useState<StripeCheckout | null>(null);
  const [isOpening, setIsOpening] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  useEffect(() => {
    // A page that Back restores as it was left would wait for ever.
    const reset = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return;
      setIsOpening(false);
      void onDoubt();
    };
    window.addEventListener("pageshow", reset);
    return () => window.removeEventListener("pageshow", reset);
  }, [onDoubt]);

  const open = async () => {
    setIsOpening(true);
    setProblem(null);
    try {
      const checkout = await openCheckout();
      switch (checkout.provider) {
        case "sandbox":
          // Stays pending until the browser has left.
          window.location.assign(`${checkout.url}?return=${encodeURIComponent(returnTo)}`);
          return;
        case "razorpay":
          await onTried(await payWithRazorpay(checkout, ordered, heldUntil));
          break;
        case "stripe":
          setStripe(checkout);
          break;
        default:
          checkout satisfies never;
      }
      setIsOpening(false);
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem)) throw thrown;
      setIsOpening(false);
      setProblem(thrown);
      if (thrown.code === "payment_closed") await onDoubt();
    }
  };
  return { isOpening, problem, stripe, open };
}
