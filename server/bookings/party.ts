import type { FastifyInstance, FastifyRequest, preHandlerAsyncHookHandler } from "fastify";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import { authority, loginCredentials } from "../platform/http/authority.ts";
import { type Identity, requireIdentity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { type BookingLinks, linkExpiry, readLinkGeneration } from "./bookingLink.ts";
import { type FoundBooking, findBookingById } from "./queries.ts";

/** Who acts on a booking: its student or its mentor, or another signed-in person, who will not find it. */
export type Party = Pick<Identity, "id">;

/** A caller in a route that also accepts a booking's link. `booking` is what the link was checked against. */
export interface CallingParty extends Party {
  booking?: FoundBooking;
}

export function roleIn(booking: Pick<Booking, "expert_id">, { id }: Party): BookingRole {
  return booking.expert_id === id ? "mentor" : "student";
}

/** Returns what decides about a person's links to a booking of theirs: the booking, and how often they ended them. */
export function readForLink(database: Database, bookingId: string, userId: string) {
  return database.asUser(userId, async (tx) => {
    // Mails with links are still in other hands when an account is deleted.
    const [booking, deleted] = await Promise.all([
      findBookingById(tx, bookingId),
      tx.client.query<{ is: boolean }>("select private.is_deleted() as is"),
    ]);
    if (deleted.rows[0]?.is) return undefined;
    return booking && { booking, generation: await readLinkGeneration(tx, booking, userId) };
  });
}

const parties = new WeakMap<object, CallingParty>();

/** Adds `request.party`. */
export function addParties(app: FastifyInstance): void {
  app.decorateRequest("party", {
    getter() {
      const party = parties.get(this);
      if (!party) throw new Error("Only routes that declare `partyOrLink` have a party.");
      return party;
    },
  });
}

/**
 * Signed-in people may call the route, and holders of a valid link to its booking. With the header `Booking-Link`, the
 * caller acts as the person whom the link was made for, even if another person is signed in; the database's policies
 * apply to both alike. The handler finds the person in `request.party`.
 */
export function partyOrLink(
  dependencies: Pick<Dependencies, "database" | "now"> & { links: BookingLinks },
): preHandlerAsyncHookHandler {
  return authority([...loginCredentials, { bookingLink: [] }], async (request) => {
    parties.set(request, await findParty(request, dependencies));
  });
}

/** @throws Refusal `unauthenticated`, `link_invalid` */
async function findParty(
  request: FastifyRequest,
  { database, now, links }: Pick<Dependencies, "database" | "now"> & { links: BookingLinks },
): Promise<CallingParty> {
  const token = request.headers["booking-link"];
  if (token === undefined) return requireIdentity(request);
  const claims = typeof token === "string" ? links.verify(token) : undefined;
  const { booking_id } = request.params as { booking_id: string };
  if (claims?.bookingId !== booking_id) throw new Refusal("link_invalid");
  const found = await readForLink(database, claims.bookingId, claims.userId);
  if (!found) throw new Refusal("link_invalid");
  const { booking, generation } = found;
  const person = claims.role === "mentor" ? booking.expert_id : booking.user_id;
  const isEnded = claims.generation !== generation;
  if (isEnded || person !== claims.userId || linkExpiry(booking.ends_at) <= now()) {
    throw new Refusal("link_invalid");
  }
  return { id: claims.userId, booking };
}

declare module "fastify" {
  interface FastifyRequest {
    /** The person acting on the booking, in routes that declare `partyOrLink`. */
    readonly party: CallingParty;
  }
}
