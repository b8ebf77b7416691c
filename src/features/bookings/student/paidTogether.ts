import type { Booking } from "#contract/bookings.ts";

/**
 * Held sessions by what is to be paid: all of a basket by one payment. Of a series that is paid one by one, the first comes first:
 * its payment holds the others.
 * @param bookings in any order
 */
export function paidTogether(bookings: readonly Booking[]): Booking[][] {
  const inOrder = bookings.toSorted((one, other) => one.starts_at.localeCompare(other.starts_at));
  return [...Map.groupBy(inOrder, ({ basket_id, series_id, id }) => basket_id ?? series_id ?? id).values()];
}
