/** Vendors whose calendars are connected by signing in there. */
export const calendarVendors = ["google", "microsoft"] as const;
export type CalendarVendor = (typeof calendarVendors)[number];

/** What a person has to allow there: to list calendars, and to read and write their events. */
export const calendarPermissions = ["list", "events"] as const;
export type CalendarPermission = (typeof calendarPermissions)[number];

/** How a sign-in there has ended: `calendars` in the query of the account page, to which the browser returns. */
export const calendarReturns = [
  "connected",
  "renewed",
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
  /** With `permissions`: what was not allowed. */
  missing?: readonly CalendarPermission[];
}
