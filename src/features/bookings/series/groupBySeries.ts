import type { Booking } from "#contract/bookings.ts";

/** What a list of sessions shows in one place. */
export type ListItem =
  | { kind: "session"; booking: Booking }
  | { kind: "series"; id: string; bookings: Booking[] };

/** Sessions of a series come in one item, where the first of them is; a single one stays by itself. */
export function groupBySeries(bookings: readonly Booking[]): ListItem[] {
  const items = new Map<string, Booking[]>();
  for (const booking of bookings) {
    const key = booking.series_id ?? booking.id;
    items.set(key, [...(items.get(key) ?? []), booking]);
  }
  return [...items].map(([id, some]) =>
    some.length > 1 ? { kind: "series", id, bookings: some } : { kind: "session", booking: some[0]! },
  );
}
