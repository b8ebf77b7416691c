import type { FastifyRequest } from "fastify";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import { type Identity, requireIdentity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { type BookingLinks, linkExpiry, readLinkGeneration } from "./bookingLink.ts";
import { findBooking } from "./queries.ts";

/** Who acts on a booking: its student or its mentor, or somebody signed in who is neither and will find nothing. */
export type Party = Pick<Identity, "id">;

export function roleIn(booking: Pick<Booking, "expert_id">, { id }: Party): BookingRole {
  return booking.expert_id === id ? "mentor" : "student";
}

type PartyRequest = Pick<FastifyRequest, "headers" | "identity"> & { params: { booking_id: string } };

/** What decides about a person's links to a booking: the booking, if it is theirs, and how often they have ended them. */
export function readForLink(database: Database, bookingId: string, userId: string) {
  return database.asUser(userId, async (tx) => ({
    booking: await findBooking(tx, bookingId),
    generation: await readLinkGeneration(tx, bookingId, userId),
  }));
}

/**
 * The one place that says who acts on a booking. With the header `Booking-Link` it is the person whom the link was made
 * for, whoever is signed in; without it the person of the session. The database's policies judge both alike.
 * @throws Refusal `unauthenticated`, `link_invalid`
 */
export async function requireParty(
  request: PartyRequest,
  links: BookingLinks,
  dependencies: Dependencies,
): Promise<Party> {
  const token = request.headers["booking-link"];
  if (token === undefined) return requireIdentity(request as FastifyRequest);
  const claims = typeof token === "string" ? links.verify(token) : undefined;
  if (claims?.bookingId !== request.params.booking_id) throw new Refusal("link_invalid");
  const { database, now } = dependencies;
  const { booking, generation } = await readForLink(database, claims.bookingId, claims.userId);
  const person = claims.role === "mentor" ? booking?.expert_id : booking?.user_id;
  const isEnded = claims.generation !== generation;
  if (!booking || isEnded || person !== claims.userId || linkExpiry(booking.ends_at) <= now()) {
    throw new Refusal("link_invalid");
  }
  return { id: claims.userId };
}
