/** The keys of all that the app asks: what changes something names here what has to be asked anew. */
import type { BookingRole } from "#rules/bookingState.ts";

/**
 * Keys nest from the general to the particular, so that `invalidateQueries({ queryKey: queryKeys.bookings })` reaches
 * every list and every single booking.
 */
export const queryKeys = {
  me: ["me"],
  mentors: ["mentors"],
  mentor: (idOrUsername: string) => ["mentor", idOrUsername],
  slots: (mentorId: string) => ["slots", mentorId],
  bookings: ["bookings"],
  booking: (id: string) => ["bookings", "one", id],
  bookingList: (as: BookingRole, filter: Record<string, string | undefined> = {}) => ["bookings", as, filter],
} as const;

/** What a signed-in person asks about: the keys carry the person's id, so that the next person on this device sees none of it. */
export const ownKeys = {
  hours: (userId: string) => ["own", userId, "hours"],
  /** Below `hours`: what makes these anew makes them anew too. */
  allHours: (userId: string) => ["own", userId, "hours", "all"],
  services: (userId: string) => ["own", userId, "services"],
  setup: (userId: string) => ["own", userId, "setup"],
  room: (userId: string) => ["own", userId, "room"],
  favourites: (userId: string) => ["own", userId, "favourites"],
} as const;

/** What a signed-in person is told and waits for. */
export const inboxKeys = {
  notifications: ["notifications"],
  requests: ["time-requests"],
  alerts: ["alerts"],
} as const;
