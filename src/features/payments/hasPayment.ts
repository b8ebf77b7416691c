import type { Booking } from "#contract/bookings.ts";

/** Whether money is paid for the session itself; a package that pays for it was paid for before. */
export function hasPayment({
  payment_status,
  total_amount,
}: Pick<Booking, "payment_status" | "total_amount">): boolean {
  return payment_status !== "free" && total_amount > 0;
}
