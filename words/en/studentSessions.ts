/** A student's sessions: /sessions. */

export const mySessions = "My sessions";

export const studentSessions = {
  next: "Next session",
  requestsHint: "Awaiting the mentor’s reply.",
  noneYet: "Your bookings will appear here.",
};

/** Ways down the page to its sections. */
export const studentSections = {
  toPay: "To pay",
  next: "Next",
  waiting: "Waiting",
  toReply: "To reply",
  requests: "Requests",
  upcoming: "Upcoming",
  favourites: "Favourites",
  past: "Past",
};

/** Beside a completed session. @param name the mentor's full name */
export const reviewLinks = {
  write: { label: "Leave a review", full: (name: string) => `Leave a review of the session with ${name}` },
  read: { label: "Your review", full: (name: string) => `Your review of the session with ${name}` },
};
