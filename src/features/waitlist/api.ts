/** Waitlists. All functions throw ApiProblem. */
import type { Booking } from "#contract/bookings.ts";
import type {
  AcceptWaitlistOffer,
  JoinWaitlist,
  WaitlistEntry,
  waitlistLinkActions,
} from "#contract/waitlist.ts";
import { api } from "@/lib/api.ts";

export function joinWaitlist(mentorId: string, target: JoinWaitlist): Promise<WaitlistEntry> {
  return api.post(`/api/v1/mentors/${encodeURIComponent(mentorId)}/waitlist`, target);
}

export function leaveWaitlist(entryId: string): Promise<null> {
  return api.delete(`/api/v1/waitlist/${encodeURIComponent(entryId)}`);
}

export function acceptOffer(
  offerId: string,
  details: AcceptWaitlistOffer,
  idempotencyKey: string,
): Promise<Booking> {
  const headers = { "idempotency-key": idempotencyKey };
  return api.post(`/api/v1/waitlist-offers/${encodeURIComponent(offerId)}/accept`, details, { headers });
}

export function passOffer(offerId: string): Promise<null> {
  return api.post(`/api/v1/waitlist-offers/${encodeURIComponent(offerId)}/pass`);
}

/** What the link in a mail is for, which needs no login. */
export function followLink(token: string): Promise<{ action: (typeof waitlistLinkActions)[number] }> {
  return api.post("/api/v1/waitlist-links", { token }, { forAnyone: true });
}
