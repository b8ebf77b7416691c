/** The page after a booking, which shows the booking as it is now. */
import { windowHours } from "#rules/windows.ts";

export const bookingSuccess = {
  page: "Your booking",
  failed: "Couldn’t load this booking",
  message: "Your message",
  change: "Reschedule or cancel",
  /** Of a session of a programme. */
  cancel: "Cancel a session",
  notFound: "Booking not found",
  noSuchBooking: "We can’t find this booking",
  whyNotFound: "The link may be incomplete, or the booking belongs to another account.",
};

export const bookingOutcomes = {
  pending: {
    title: "Your request is in",
    /** @param mentor first name */
    lead: (mentor: string, heldUntil: string) =>
      `${mentor} replies within ${windowHours.requestAnswer} h. The time is held for you until ${heldUntil}.`,
  },
  confirmed: {
    title: "You’re booked",
    lead: (mentor: string) => `${mentor} is looking forward to meeting you.`,
  },
  completed: {
    title: "Session completed",
    lead: (mentor: string) => `We hope it helped. You can book ${mentor} again any time.`,
  },
  cancelled: {
    title: "Session cancelled",
    lead: () => "The time has been released. There’s nothing left to do.",
  },
};
