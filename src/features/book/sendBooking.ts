import type { Booking } from "#contract/bookings.ts";
import type { Mentor } from "#contract/mentors.ts";
import { decimalOf } from "#rules/money.ts";
import { type EpochMs, formatInstant } from "#scheduling/units.ts";
import { bookingSent } from "#words/bookResult.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { paths } from "@/lib/paths.ts";
import { wallClock } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { needZones } from "@/lib/zones/askZones.ts";
import { type CreateBookingData, createBooking } from "@/services/bookingService.ts";
import { askedContact } from "./askedContact.ts";
import { askedOffers } from "./askedOffers.ts";
import type { Choice } from "./bookingStep.ts";
import { agreedTotalOf } from "./totals.ts";
import type { BookingDetails } from "./useBookingDraft.ts";

export type Submission = { choice: Choice; startsAt: EpochMs; timeZone: string; details: BookingDetails };

/**
 * Books a session and reports the result. Returns the booking, or why there is none.
 * @param keyFor returns the Idempotency-Key for some data
 */
export async function sendBooking(
  mentor: Mentor,
  submission: Submission,
  keyFor: (data: CreateBookingData) => string,
): Promise<Booking | ApiProblem> {
  // The server compares date and time with the instant, so they must follow its zone rules.
  await needZones([submission.timeZone]);
  const data = bookingData(mentor, submission);
  const result = await createBooking(data, { idempotencyKey: keyFor(data) });
  if (result.success) {
    // Nothing is booked before it is paid.
    if (result.data.awaits_payment) return result.data;
    toast.success(result.data.status === "pending" ? bookingSent.request : bookingSent.booking);
    return result.data;
  }
  // The next step explains a sign-in that has expired, or asks for the code.
  if (!["unauthenticated", "address_not_confirmed"].includes(result.problem.code))
    toast.error(result.error, { description: result.message });
  return result.problem;
}

/** Where to go with a new booking: to pay for it, or to see that it is booked. */
export function pageAfter({ id, awaits_payment }: Booking): string {
  return awaits_payment ? paths.pay(id) : paths.bookingSuccess(id);
}

function bookingData(mentor: Mentor, { choice, startsAt, timeZone, details }: Submission): CreateBookingData {
  const { date, time } = wallClock(startsAt, timeZone);
  return {
    expert_id: mentor.id,
    session_type: choice.service.session_type,
    service_id: choice.service.id,
    scheduled_date: date,
    scheduled_time: time,
    timezone: timeZone,
    starts_at: formatInstant(startsAt),
    duration: choice.minutes,
    total_amount: decimalOf(agreedTotalOf(choice, details)),
    add_recording: details.addRecording,
    ...(details.showsName && choice.service.capacity > 1 && { shows_name: true }),
    ...askedOffers(details),
    ...askedContact(details),
  };
}
