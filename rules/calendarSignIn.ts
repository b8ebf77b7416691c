/** Vendors whose calendars are connected by signing in there. */
export const calendarVendors = ["google", "microsoft"] as const;
export type CalendarVendor = (typeof calendarVendors)[number];

/** What a person can allow there. A login without the first is of no use. */
export const calendarPermissions = ["read", "write"] as const;
export type CalendarPermission = (typeof calendarPermissions)[number];

/** How a sign-in there has ended: `calendars` in the query of the account page, to which the browser returns. */
export const calendarReturns = [
  "connected",
  "renewed",
  /** What could be read alone can be written, too. */
  "writable",
  /** Writing was asked for, or was possible before, and was not allowed. */
  "read_only",
  /** The account was connected already with more than was asked for now; nothing was taken away. */
  "kept",
  "denied",
  "permissions",
  "other_account",
  "no_calendars",
  "too_many",
  "expired",
  "failed",
] as const;

export interface CalendarReturn {
  result: (typeof calendarReturns)[number];
  /** With `permissions` and `read_only`: what was not allowed. */
  missing?: readonly CalendarPermission[];
}
