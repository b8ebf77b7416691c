import type { Booking } from "#contract/bookings.ts";
import type { StatusAction } from "#rules/bookingState.ts";
import { api } from "@/lib/api.ts";

/** The reason goes to the student. */
export function takeBookingStep(id: string, action: StatusAction, reason?: string): Promise<Booking> {
  return api.post(`/api/v1/bookings/${encodeURIComponent(id)}/${action}`, reason ? { reason } : {});
}
