import { queryKeys } from "@/lib/queryKeys.ts";

/** How one session is reached. `token`: of a signed link. Without it, the login decides. */
export type SessionAccess = { bookingId: string; token?: string };

/** Also the prefix of the keys of its history and payment: invalidating it invalidates them. */
export function sessionKey({ bookingId, token }: SessionAccess): readonly unknown[] {
  return token ? [...queryKeys.bookings, "link", token] : queryKeys.booking(bookingId);
}

export function accessHeaders({ token }: SessionAccess): Record<string, string> {
  return token ? { "booking-link": token } : {};
}
