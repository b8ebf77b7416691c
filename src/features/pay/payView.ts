import type { Booking } from "#contract/bookings.ts";
import type { Payment } from "#contract/payments.ts";
import { type EpochMs, parseInstant } from "#scheduling/units.ts";

/** What the page of a payment shows. */
export type PayView =
  /** @param failure why the last attempt failed, in the provider's words; null if none did */
  | { name: "pay"; heldUntil: EpochMs; failure: string | null }
  /** An attempt is under way, or has ended without the provider knowing how. */
  | { name: "processing" }
  | { name: "paid" }
  /** For a request: charged when the mentor accepts. */
  | { name: "reserved" }
  | { name: "lapsed" }
  /** It was paid when others had the time already, and goes back. */
  | { name: "late" }
  | { name: "over" };

/**
 * @param expectsPayment whether the payer comes back from a payment that succeeded as far as the browser knows
 * @param now epoch ms
 */
export function payViewOf(
  payment: Payment,
  { status, awaits_payment }: Pick<Booking, "status" | "awaits_payment">,
  expectsPayment: boolean,
  now: number,
): PayView {
  const isPaid = payment.state === "captured" || payment.state === "authorized";
  // The booking was read before its payment: the page after this one would send the reader back here.
  if (isPaid && awaits_payment) return { name: "processing" };
  switch (payment.state) {
    case "captured":
      return { name: status === "cancelled" && payment.refunded > 0 ? "over" : "paid" };
    case "authorized":
      if (payment.closed_because !== null) return { name: "over" };
      return { name: status === "confirmed" ? "paid" : "reserved" };
    case "released":
      return { name: "over" };
    case "closed":
      if (payment.closed_because === "taken") return { name: "late" };
      return { name: payment.closed_because === "lapsed" ? "lapsed" : "over" };
    case "open": {
      const heldUntil = payment.held_until === null ? null : parseInstant(payment.held_until);
      if (heldUntil === null || heldUntil <= now) return { name: "lapsed" };
      if (payment.is_underway || (expectsPayment && payment.failure === null)) return { name: "processing" };
      return { name: "pay", heldUntil, failure: payment.failure };
    }
    default:
      return payment.state satisfies never;
  }
}
