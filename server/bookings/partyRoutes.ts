import type { FastifyRequest } from "fastify";
import { z } from "zod";
import {
  booking,
  bookingEvents,
  bookingLink,
  bookingLinkHeaders,
  bookingParams,
  bookingSlotQuery,
  idempotencyHeaders,
  rescheduleBooking as rescheduleBookingInput,
  withReason,
} from "#contract/bookings.ts";
import { slotAnswer } from "#contract/slots.ts";
import type { StatusAction } from "#rules/bookingState.ts";
import { calendarFile, type EntryEvent, sessionEvent } from "../calendarEntries/sessionEntry.ts";
import type { Database } from "../platform/database/database.ts";
import { findBookingKey } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { idempotentRequest } from "../platform/idempotency.ts";
import { chargeForSize, limitTo } from "../platform/limits/limits.ts";
import { readSlotsAround } from "../slots/queries.ts";
import type { Judging } from "./atRevision.ts";
import { type BookingLinks, linkExpiry } from "./bookingLink.ts";
import { calendarSessionOf } from "./calendarSession.ts";
import { transitionBooking } from "./changeStatus.ts";
import { groupEvent, readOwnGroupEntries } from "./groupEntry.ts";
import { addParties, type Party, partyOrLink, readForLink, roleIn } from "./party.ts";
import { type FoundBooking, findBookingById, listEvents } from "./queries.ts";
import { rescheduleBooking } from "./rescheduleBooking.ts";

const tags = ["Bookings"];
const byLink = { description: "With the header `Booking-Link`, no sign-in is needed." };

/** Everything that its student and its mentor do with one booking. */
export async function partyRoutes(
  app: TypedApp,
  dependencies: Dependencies & { publicUrl: string; links: BookingLinks; judging: Judging },
): Promise<void> {
  addParties(app);
  readRoutes(app, dependencies);
  changeRoutes(app, dependencies);

  linkRoutes(app, dependencies);
}

function linkRoutes(
  app: TypedApp,
  dependencies: Dependencies & { publicUrl: string; links: BookingLinks },
): void {
  app.post("/bookings/:booking_id/link", {
    schema: {
      tags,
      summary: "Create a link that opens this booking without signing in",
      description:
        "The link acts for the caller. Anyone who has it can read, cancel and reschedule the booking.",
      params: bookingParams,
      response: { 200: bookingLink, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      const read = await readForLink(dependencies.database, request.params.booking_id, caller.id);
      if (!read) throw new Refusal("booking_not_found");
      const { booking: found, generation } = read;
      const token = dependencies.links.sign({
        bookingId: found.id,
        role: roleIn(found, caller),
        userId: caller.id,
        generation,
      });
      return {
        url: `${dependencies.publicUrl}/manage#${token}`,
        expires_at: new Date(linkExpiry(found.ends_at)).toISOString(),
      };
    },
  });

  app.delete("/bookings/:booking_id/link", {
    schema: {
      tags,
      summary: "Revoke all my links to this booking",
      description: "Only those of the caller. Links created afterwards work.",
      params: bookingParams,
      response: { 204: z.null(), ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller } = request;
      await dependencies.database.asUser(caller.id, async (tx) => {
        const key = await findBookingKey(tx, request.params.booking_id);
        if (!key) throw new Refusal("booking_not_found");
        await tx.client.query("select public.end_booking_links($1, $2)", [key.expert_id, key.id]);
      });
      return reply.status(204).send(null);
    },
  });
}

function readRoutes(
  app: TypedApp,
  dependencies: Dependencies & { publicUrl: string; links: BookingLinks },
): void {
  const { database, now, publicUrl } = dependencies;
  const asParty = partyOrLink(dependencies);

  app.get("/bookings/:booking_id", {
    schema: {
      tags,
      summary: "Get a booking",
      ...byLink,
      params: bookingParams,
      headers: bookingLinkHeaders,
      response: { 200: booking, ...problemResponses(401, 404) },
    },
    preHandler: asParty,
    handler: async (request) => readBooking(database, request),
  });

  app.get("/bookings/:booking_id/events", {
    schema: {
      tags,
      summary: "List the events of a booking, oldest first",
      ...byLink,
      params: bookingParams,
      headers: bookingLinkHeaders,
      response: { 200: bookingEvents, ...problemResponses(401, 404) },
    },
    preHandler: asParty,
    handler: async (request) => {
      const { party } = request;
      return database.asUser(party.id, async (tx) => {
        const found = party.booking ?? (await findBookingById(tx, request.params.booking_id));
        if (!found) throw new Refusal("booking_not_found");
        return { data: await listEvents(tx, found) };
      });
    },
  });

  app.get("/bookings/:booking_id/slots", {
    schema: {
      tags,
      summary: "List the times that a booking can be moved to",
      description: `With its own length and service; its own time counts as free. ${byLink.description}`,
      params: bookingParams,
      headers: bookingLinkHeaders,
      querystring: bookingSlotQuery,
      response: { 200: slotAnswer, ...problemResponses(401, 404, 422, 429) },
    },
    onRequest: limitTo(app, "booking-slots"),
    preHandler: asParty,
    handler: async (request, reply) => {
      const found = await readBooking(database, request);
      const json = JSON.stringify(await readSlotsAround(database.public, found, request.query, now()));
      await chargeForSize(request, "booking-slots", json.length);
      return reply.type("application/json; charset=utf-8").send(json as never);
    },
  });

  app.get("/bookings/:booking_id/calendar.ics", {
    schema: {
      tags,
      summary: "Download the calendar entry (RFC 5545)",
      ...byLink,
      params: bookingParams,
      headers: bookingLinkHeaders,
      produces: ["text/calendar"],
      response: { 200: z.string(), ...problemResponses(401, 404) },
    },
    preHandler: asParty,
    handler: async (request, reply) => {
      const found = await readBooking(database, request);
      const entry = await readEntry(found, request.party);
      return reply
        .type("text/calendar; charset=utf-8")
        .header("content-disposition", `attachment; filename="matepeak-${found.id.slice(-8)}.ics"`)
        .serializer((text: string) => text)
        .send(calendarFile(entry));
    },
  });

  /** A mentor's calendar has one entry of a group session, whose seat this is. */
  async function readEntry(found: FoundBooking, { id }: Party): Promise<EntryEvent> {
    const role = roleIn(found, { id });
    const { group_session_id } = found.entry;
    if (role === "mentor" && group_session_id !== null) {
      const groups = await database.asUser(id, ({ last }) =>
        readOwnGroupEntries(last.client, id, [group_session_id]),
      );
      const group = groups.get(group_session_id);
      if (group) return groupEvent(group, publicUrl);
    }
    return sessionEvent(calendarSessionOf(found), role, publicUrl);
  }
}

const steps: { action: StatusAction; summary: string }[] = [
  { action: "confirm", summary: "Confirm a request, as its mentor" },
  { action: "decline", summary: "Decline a request, as its mentor" },
  { action: "complete", summary: "Mark a session as completed, as its mentor" },
];

function changeRoutes(
  app: TypedApp,
  dependencies: Dependencies & { links: BookingLinks; judging: Judging },
): void {
  const asParty = partyOrLink(dependencies);

  for (const { action, summary } of steps) {
    app.post(`/bookings/:booking_id/${action}`, {
      schema: {
        tags,
        summary,
        params: bookingParams,
        body: withReason,
        response: { 200: booking, ...problemResponses(401, 403, 404, 409, 422) },
      },
      preHandler: signedIn,
      handler: async (request) => {
        const { caller } = request;
        return transitionBooking(
          dependencies,
          caller,
          request.params.booking_id,
          action,
          request.body?.reason,
        );
      },
    });
  }

  app.post("/bookings/:booking_id/cancel", {
    schema: {
      tags,
      summary: "Cancel a booking, as its student or its mentor",
      description:
        "A mentor may also cancel what the student has cancelled less than a minute before: then everything goes back. " +
        byLink.description,
      params: bookingParams,
      headers: bookingLinkHeaders,
      body: withReason,
      response: { 200: booking, ...problemResponses(401, 404, 409, 422) },
    },
    preHandler: asParty,
    handler: async (request) => {
      const { party } = request;
      return transitionBooking(
        dependencies,
        party,
        request.params.booking_id,
        "cancel",
        request.body?.reason,
      );
    },
  });

  app.post("/bookings/:booking_id/reschedule", {
    schema: {
      tags,
      summary: "Reschedule a booking, as its student or its mentor",
      description: `The new time is taken before the old one is released; id, price and status stay. ${byLink.description}`,
      params: bookingParams,
      headers: bookingLinkHeaders.extend(idempotencyHeaders.shape),
      body: rescheduleBookingInput,
      response: { 200: booking, ...problemResponses(401, 404, 409, 422, 429) },
    },
    onRequest: limitTo(app, "reschedule"),
    preHandler: asParty,
    handler: async (request) => {
      const { party } = request;
      const { booking_id } = request.params;
      const route = `POST /bookings/${booking_id}/reschedule`;
      const key = idempotentRequest(request.headers["idempotency-key"], route, request.body);
      return rescheduleBooking(dependencies, party, booking_id, request.body, key);
    },
  });
}

async function readBooking(
  database: Database,
  { party, params }: FastifyRequest<{ Params: { booking_id: string } }>,
): Promise<FoundBooking> {
  const found =
    party.booking ?? (await database.asUser(party.id, (tx) => findBookingById(tx, params.booking_id)));
  if (!found) throw new Refusal("booking_not_found");
  return found;
}
