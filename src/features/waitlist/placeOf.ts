import type { WaitlistEntry } from "#contract/waitlist.ts";
import { joined, offer, place } from "#words/waitlist.ts";

/** Where a person is in a queue, in words. */
export function placeOf({ position, state }: Pick<WaitlistEntry, "position" | "state">): string {
  if (position !== null) return place(position);
  return state === "offered" ? offer.title : joined.title;
}
