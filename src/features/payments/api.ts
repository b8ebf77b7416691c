/** Calls of the API about the payment of one booking. Each throws ApiProblem when refused. */

import type { Checkout, Payment } from "#contract/payments.ts";
import { api } from "@/lib/api.ts";
import { accessHeaders, type SessionAccess } from "@/lib/sessionAccess.ts";

export function readPayment(access: SessionAccess, signal: AbortSignal): Promise<Payment> {
  return api.get(pathOf(access.bookingId), { headers: accessHeaders(access), signal });
}

/** The provider's order for this booking: created once, and the same at every call. */
export function openCheckout(bookingId: string): Promise<Checkout> {
  return api.post(`${pathOf(bookingId)}/checkout`);
}

/** Lets the server ask the provider, and returns the payment as it is then. */
export function refreshPayment(bookingId: string): Promise<Payment> {
  return api.post(`${pathOf(bookingId)}/refresh`);
}

export function askMoreTime(bookingId: string): Promise<Payment> {
  return api.post(`${pathOf(bookingId)}/more-time`);
}

function pathOf(bookingId: string): string {
  return `/api/v1/bookings/${encodeURIComponent(bookingId)}/payment`;
}
