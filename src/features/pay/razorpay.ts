import type { Booking } from "#contract/bookings.ts";
import type { Checkout } from "#contract/payments.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { brand } from "#words/layout.ts";
import { razorpayBlocks } from "#words/payments.ts";
import { serverNow } from "@/lib/clock/serverClock.ts";
import { loadScript } from "./vendorScripts.ts";

type RazorpayCheckout = Extract<Checkout, { provider: "razorpay" }>;
type Form = { open: () => void; close: () => void };
type Razorpay = new (options: object) => Form;

/** What the form shows of what is paid for, and of the payer. */
export type Ordered = Pick<Booking, "service_title" | "user_name" | "user_email" | "user_phone">;

const script = "https://checkout.razorpay.com/v1/checkout.js";

/** UPI is a QR code on a computer and opens an app on a phone, so that no UPI ID is typed. */
function upiFlow(isPhone: boolean): "qr" | "intent" {
  return isPhone ? "intent" : "qr";
}

/** What Razorpay's form shows. Its own list of methods is off, as that would ask for a UPI ID. */
export function razorpayOptions(checkout: RazorpayCheckout, ordered: Ordered, isPhone: boolean) {
  return {
    key: checkout.key_id,
    order_id: checkout.order_id,
    name: brand,
    description: ordered.service_title,
    prefill: { name: ordered.user_name, email: ordered.user_email, contact: ordered.user_phone ?? undefined },
    config: {
      display: {
        blocks: {
          upi: { name: razorpayBlocks.upi, instruments: [{ method: "upi", flows: [upiFlow(isPhone)] }] },
          others: {
            name: razorpayBlocks.others,
            instruments: [{ method: "card" }, { method: "netbanking" }, { method: "wallet" }],
          },
        },
        sequence: ["block.upi", "block.others"],
        preferences: { show_default_blocks: false },
      },
    },
  };
}

/** Closes the form that is open, if there is one. */
let closeOpen: (() => void) | null = null;

/**
 * Opens Razorpay's form. Resolves to whether it was paid as far as the browser knows; a closed form was not.
 * @param heldUntil when the form closes by itself, as what is paid later may have to go back; null: it stays open
 */
export async function payWithRazorpay(
  checkout: RazorpayCheckout,
  ordered: Ordered,
  heldUntil: EpochMs | null,
): Promise<boolean> {
  await loadScript(script);
  const { Razorpay } = window as unknown as { Razorpay: Razorpay };
  const isPhone = window.matchMedia("(pointer: coarse)").matches;
  return new Promise<boolean>((resolve) => {
    const form = new Razorpay({
      ...razorpayOptions(checkout, ordered, isPhone),
      ...(heldUntil === null
        ? {}
        : { timeout: Math.max(1, Math.floor((heldUntil - serverNow().getTime()) / 1000)) }),
      handler: () => resolve(true),
      modal: { ondismiss: () => resolve(false), confirm_close: true },
    });
    closeOpen = () => {
      form.close();
      resolve(false);
    };
    form.open();
  }).finally(() => {
    closeOpen = null;
  });
}

/** Closes Razorpay's form, if it is open: its time is not held any more. */
export function closeRazorpay(): void {
  closeOpen?.();
}
