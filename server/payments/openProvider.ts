import type { EpochMs } from "#scheduling/units.ts";
import { systemClock } from "../platform/clock.ts";
import type { PaymentsConfig } from "../platform/config.ts";
import type { PaymentProvider } from "./provider.ts";

export interface ProviderParts {
  /** Opens the app's own provider, with which everything but the money is real. */
  openSandbox: () => PaymentProvider | Promise<PaymentProvider>;
  now?: () => EpochMs;
}

/** Opens the provider that is configured; null if the app takes no payments. Makes no call. */
export async function openPaymentProvider(
  payments: PaymentsConfig,
  { openSandbox, now = systemClock }: ProviderParts,
): Promise<PaymentProvider | null> {
  if (payments === "off") return null;
  if (payments === "sandbox") return openSandbox();
  switch (payments.provider) {
    case "razorpay": {
      const { openRazorpay } = await import("./razorpay/razorpay.ts");
      return openRazorpay(payments);
    }
    case "stripe": {
      // The SDK takes a while to load: only where it is used.
      const { openStripe } = await import("./stripe/stripe.ts");
      return openStripe({ ...payments, now });
    }
    default:
      return payments satisfies never;
  }
}
