import { useEffect, useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import { openCheckout } from "@/features/payments/api.ts";
import { ApiProblem } from "@/lib/api.ts";
import { returnAddress } from "./returning.ts";

/** Opens the provider's way to pay. `onDoubt` is called when the payment may have changed meanwhile, in another tab for example. */
export function useCheckout(booking: Booking, onDoubt: () => Promise<void>) {
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
      const checkout = await openCheckout(booking.id);
      if (checkout.provider === "sandbox") {
        const back = encodeURIComponent(returnAddress(booking.id));
        // Stays pending until the browser has left.
        window.location.assign(`${checkout.url}?return=${back}`);
      }
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem)) throw thrown;
      setIsOpening(false);
      setProblem(thrown);
      if (thrown.code === "payment_closed") await onDoubt();
    }
  };
  return { isOpening, problem, open };
}
