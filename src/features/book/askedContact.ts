import type { CreateBooking } from "#contract/bookings.ts";
import type { BookingDetails } from "./useBookingDraft.ts";

/** How a request to book names the student; what was left empty is left out. */
export function askedContact({
  name,
  email,
  message,
  phone,
}: Pick<BookingDetails, "name" | "email" | "message" | "phone">) {
  return {
    user_name: name.trim(),
    user_email: email.trim(),
    ...(message.trim() && { message: message.trim() }),
    ...(phone.trim() && { user_phone: phone.trim() }),
  } satisfies Partial<CreateBooking>;
}
