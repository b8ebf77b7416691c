import { serverNow } from "@/lib/clock/serverClock.ts";
import { mentorQuery } from "@/lib/mentorQuery.ts";
import { monthOf } from "@/lib/months.ts";
import { queryClient } from "@/lib/queryClient.ts";
import { viewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { readAskedStep, stepOf } from "./bookingStep.ts";
import { bookableDates, bookablePart, timesQuestion } from "./freeTimes.ts";
import { BookingDialog } from "./lazyBookingDialog.ts";
import { slotsQuery } from "./queries.ts";

/**
 * Asks for a mentor, and where the address opens the booking at its times, for the dialog and the first of them, while the
 * page is still on its way. src/app/firstLoad/mentorData.ts has asked for the same data already when this is the first page. A failure
 * is asked again, and told, by the page itself.
 */
export async function prefetchBooking(username: string, search: URLSearchParams): Promise<void> {
  const asked = readAskedStep(search);
  const asking = queryClient.fetchQuery(mentorQuery(username)).catch(() => null);
  if (!asked) return;
  BookingDialog.preload();
  const mentor = await asking;
  const step = mentor && stepOf(asked, mentor, serverNow(), false);
  if (!step || step.name === "service") return;
  const timeZone = viewerTimeZone();
  const bookable = bookableDates(mentor.booking_window_days, timeZone);
  const range = bookablePart(monthOf(bookable.from), bookable);
  if (!range) return;
  await queryClient.prefetchQuery(
    slotsQuery(timesQuestion(mentor.id, step.choice, timeZone, range), { askFor: username }),
  );
}
