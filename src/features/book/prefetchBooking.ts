import { serverNow } from "@/lib/clock/serverClock.ts";
import { mentorQuery } from "@/lib/mentorQuery.ts";
import { monthOf } from "@/lib/months.ts";
import { queryClient } from "@/lib/queryClient.ts";
import { viewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { readRequestedStep, stepOf } from "./bookingStep.ts";
import { bookableDates, bookablePart, slotSearch } from "./freeTimes.ts";
import { BookingDialog, preloadBooking } from "./lazyBookingDialog.ts";
import { slotsQuery } from "./queries.ts";

/**
 * Requests a mentor while the page's code loads. If the address opens the booking at its times, it also requests the dialog and
 * the first times. On a first visit src/app/firstLoad/mentorPage.ts has already requested the same data. Failures are left to the
 * page, which retries and reports them.
 */
export async function prefetchBooking(username: string, search: URLSearchParams): Promise<void> {
  const requested = readRequestedStep(search);
  const loading = queryClient.fetchQuery(mentorQuery(username)).catch(() => null);
  if (!requested) return;
  if (requested.name === "service") preloadBooking();
  else BookingDialog.preload();
  const mentor = await loading;
  const step = mentor && stepOf(requested, mentor, serverNow(), false);
  if (!step || step.name === "service") return;
  const timeZone = viewerTimeZone();
  const bookable = bookableDates(mentor.booking_window_days, timeZone);
  const range = bookablePart(monthOf(bookable.from), bookable);
  if (!range) return;
  await queryClient.prefetchQuery(
    slotsQuery(slotSearch(mentor.id, step.choice, timeZone, range), { askFor: username }),
  );
}
