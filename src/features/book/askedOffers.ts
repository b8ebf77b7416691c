import type { CreateBooking } from "#contract/bookings.ts";
import type { BookingDetails } from "./useBookingDraft.ts";

type Typed = Partial<Pick<BookingDetails, "addRecording" | "couponCode" | "packageId">>;

/** Whether a code can lower the price: a package leaves the recording to pay. */
export function takesCode({ addRecording, packageId }: Typed): boolean {
  return !packageId || Boolean(addRecording);
}

/**
 * What the student asks to pay less with. A code that is typed is always sent, also one that was never checked, because its
 * typist was signed out: the API then refuses the total and has the right one.
 */
export function askedOffers(details: Typed): Pick<CreateBooking, "coupon_code" | "package_purchase_id"> {
  const code = details.couponCode?.trim();
  return {
    ...(code && takesCode(details) && { coupon_code: code }),
    ...(details.packageId && { package_purchase_id: details.packageId }),
  };
}
