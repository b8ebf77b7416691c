import type { EpochMs } from "#scheduling/units.ts";
import { systemClock } from "../platform/clock.ts";
import type { PaymentsConfig } from "../platform/config.ts";
import type { PaymentProvider } from "./provider.ts";
import type { RazorpayOptions } from "./razorpay/razorpay.ts";
import type { StripeOptions } from "./stripe/stripe.ts";

/** Where the providers are, if not where their documentation says: servers of the tests. */
export interface VendorAddresses {
  razorpay?: RazorpayOptions["address"];
  stripe?: StripeOptions["address"];
}

export interface ProviderParts {
  /** Opens the app's own provider, with which everything but the money is real. */
  openSandbox: () => PaymentProvider | Promise<PaymentProvider>;
  now?: () => EpochMs;
  vendors?: VendorAddresses | undefined;
}

/** Opens the provider that is configured; null if the app takes no payments. Makes no call. */
export async function openPaymentProvider(
  payments: PaymentsConfig,
  { openSandbox, now = systemClock, vendors = {} }: ProviderParts,
): Promise<PaymentProvider | null> {
  if (payments === "off") return null;
  if (payments === "sandbox") return openSandbox();
  switch (payments.provider) {
    case "razorpay": {
      const { openRazorpay } = await import("./razorpay/razorpay.ts");
      return openRazorpay({ ...payments, ...(vendors.razorpay ? { address: vendors.razorpay } : {}) });
    }
    case "stripe": {
      // The SDK takes a while to load: only where it is used.
      const { openStripe } = await import("./stripe/stripe.ts");
      return openStripe({ ...payments, ...(vendors.stripe ? { address: vendors.stripe } : {}), now });
    }
    default:
      return payments satisfies never;
  }
}
