/** What became of a booking that was sent, or of the time chosen for it. */

/** The chosen time is no longer available. What is kept, and what to do next. */
export const timeUnavailable = {
  details: {
    withNext: "Nothing you have typed is lost. These times are available next:",
    alone: "Nothing you have typed is lost. Please pick another time.",
  },
  rebook: {
    withNext: "Nothing has been booked yet. These times are available next:",
    alone: "Nothing has been booked yet. Please pick another time.",
  },
  reschedule: {
    withNext: "Your session keeps its current time. These times are available next:",
    alone: "Your session keeps its current time. Please pick another one.",
  },
};

/** Why the last attempt did not book. */
export const bookingRefusal = {
  newPrice: (price: string) => `The price is now ${price}`,
  priceChanged: "It has changed since you opened this page. Confirm again to book at the new price.",
  codeApplied: "Your code is applied. Confirm again to book at this price.",
  temporary: "Nothing you have typed is lost, and it’s safe to try again.",
  final: "Nothing has been booked yet.",
};

/** Notifications of the page once a booking is sent. */
export const bookingSent = { request: "Request sent", booking: "Booking created successfully!" };
