import type { JoinWaitlist, WaitlistEntry, WaitlistOffer } from "#contract/waitlist.ts";
import { offerMs } from "#rules/waitlist.ts";
import { HOUR_MS, MINUTE_MS } from "#scheduling/units.ts";

export type OfferedEntry = WaitlistEntry & { offer: WaitlistOffer };

export type Waiting = {
  /** A time is kept for the person; what ends first is first. */
  offered: OfferedEntry[];
  /** In the order in which they were joined. */
  queued: WaitlistEntry[];
  /** Ended without the person's doing, the latest first. */
  ended: WaitlistEntry[];
};

const DAY_MS = 24 * HOUR_MS;

/** What a person waits for, and what came of it. Offers that the person took or left are not news. */
export function splitWaiting(entries: readonly WaitlistEntry[], now: number): Waiting {
  const offered = entries.filter((entry): entry is OfferedEntry => isOffered(entry, now));
  return {
    offered: offered.sort((one, other) => one.offer.expires_at.localeCompare(other.offer.expires_at)),
    queued: entries
      .filter(({ state }) => state === "waiting")
      .sort((one, other) => one.joined_at.localeCompare(other.joined_at)),
    ended: entries.filter((entry) => isNews(entry, now)),
  };
}

function isOffered({ state, offer }: WaitlistEntry, now: number): boolean {
  if (state !== "offered" || offer?.state !== "open") return false;
  // What is being paid has the end of its booking.
  return offer.booking_id !== null || Date.parse(offer.expires_at) > now;
}

function isNews(entry: WaitlistEntry, now: number): boolean {
  const { state, offer } = entry;
  if (state === "expired" || state === "withdrawn") return offer === null || isRecent(offer.expires_at, now);
  // Its time is over, which the server has not written down yet.
  return state === "offered" && !isOffered(entry, now);
}

function isRecent(instant: string, now: number): boolean {
  return Date.parse(instant) > now - DAY_MS;
}

/** Whether a night is part of the countdown: it is then longer than a countdown in the day can be. */
export function spansNight({ offered_at, expires_at }: WaitlistOffer): boolean {
  // The two instants are of two clocks.
  return Date.parse(expires_at) - Date.parse(offered_at) > offerMs.usual + MINUTE_MS;
}

/** The place that a person has in the queue for something. */
export function entryFor(entries: readonly WaitlistEntry[], target: JoinWaitlist): WaitlistEntry | undefined {
  return entries.find(
    (entry) => (entry.state === "waiting" || entry.state === "offered") && isFor(entry, target),
  );
}

function isFor(entry: WaitlistEntry, target: JoinWaitlist): boolean {
  if (target.kind === "group") return entry.group_session_id === target.group_session_id;
  if (entry.kind !== target.kind) return false;
  if (entry.service_id !== target.service_id || entry.duration !== target.duration) return false;
  if (target.kind === "days") return entry.from === target.from && entry.to === target.to;
  return entry.starts_at !== null && Date.parse(entry.starts_at) === Date.parse(target.starts_at);
}
