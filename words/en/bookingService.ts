/** The sentences of the guide's functions, which it fixes. */
export const serviceFailures = {
  createBooking: "Failed to create booking",
  notSignedIn: "You must be logged in to book a session",
  availability: "Failed to fetch availability",
  bookings: "Failed to fetch bookings",
  cancelBooking: "Failed to cancel booking",
};
