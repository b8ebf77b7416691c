/** The keys of all queries, to be invalidated by what changes their data. */
import type { BookingRole } from "#rules/bookingState.ts";

/**
 * Keys nest from general to specific: `invalidateQueries({ queryKey: queryKeys.bookings })` reaches every list and every
 * single booking.
 */
export const queryKeys = {
  me: ["me"],
  /** All of `ownKeys`. */
  own: ["own"],
  signInOptions: ["sign-in-options"],
  mentors: ["mentors"],
  mentor: (idOrUsername: string) => ["mentor", idOrUsername],
  slots: (mentorId: string) => ["slots", mentorId],
  bookings: ["bookings"],
  /** Below the bookings: what changes these may change a payment. */
  payments: (userId: string) => ["bookings", "payments", userId],
  booking: (id: string) => ["bookings", "one", id],
  bookingList: (as: BookingRole, filter: Record<string, string | undefined> = {}) => ["bookings", as, filter],
} as const;

/** Data of a signed-in person. The keys contain the person's id, so that the next person on this device sees none of it. */
export const ownKeys = {
  hours: (userId: string) => ["own", userId, "hours"],
  /** Below `hours`, to be invalidated with them. */
  allHours: (userId: string) => ["own", userId, "hours", "all"],
  services: (userId: string) => ["own", userId, "services"],
  setup: (userId: string) => ["own", userId, "setup"],
  room: (userId: string) => ["own", userId, "room"],
  signInMethods: (userId: string) => ["own", userId, "sign-in-methods"],
  notificationSettings: (userId: string) => ["own", userId, "notification-settings"],
  logins: (userId: string) => ["own", userId, "logins"],
  calendarConnections: (userId: string) => ["own", userId, "calendar-connections"],
  /** Below the connections, which change them. */
  busyTimes: (userId: string, from: string) => ["own", userId, "calendar-connections", "busy", from],
  calendarFeed: (userId: string) => ["own", userId, "calendar-feed"],
  deletion: (userId: string) => ["own", userId, "deletion"],
  favourites: (userId: string) => ["own", userId, "favourites"],
} as const;

/** A signed-in person's notifications, requests and alerts. */
export const inboxKeys = {
  notifications: ["notifications"],
  requests: ["time-requests"],
  alerts: ["alerts"],
} as const;

/** The console of administrators. */
export const adminKeys = {
  all: ["admin"],
  state: ["admin", "state"],
  list: (path: string, query: Record<string, string | undefined>) => ["admin", "list", path, query],
  person: (id: string) => ["admin", "person", id],
} as const;
