import { z } from "zod";
import {
  booking,
  bookingPage,
  bookingParams,
  bookingQuery,
  createBooking as createBookingInput,
  idempotencyHeaders,
  withReason,
} from "../../contract/bookings.ts";
import type { BookingAction } from "../../scheduling/bookingState.ts";
import { type Identity, requireIdentity } from "../auth/identity.ts";
import { Refusal, refusalFromDatabase } from "../errors.ts";
import { idempotentRequest } from "../idempotency.ts";
import { limitTo } from "../plugins/rateLimits.ts";
import { problemAnswers, type Services, type TypedApp } from "../route.ts";
import { calendarEntry } from "./calendarEntry.ts";
import { createBooking } from "./createBooking.ts";
import { findBooking, listBookings } from "./queries.ts";
import { takeStep } from "./takeStep.ts";

const tags = ["Bookings"];

export async function bookingRoutes(
  app: TypedApp,
  services: Services & { publicUrl: string },
): Promise<void> {
  const { database, publicUrl } = services;

  app.post("/bookings", {
    schema: {
      tags,
      summary: "Book a session",
      headers: idempotencyHeaders,
      body: createBookingInput,
      response: { 201: booking, ...problemAnswers(401, 404, 409, 422, 429) },
    },
    preHandler: [
      async (request) => {
        await requireIdentity(request);
      },
      limitTo(app, { name: "book", max: 20, per: "1 hour", by: "account" }),
      limitTo(app, { name: "book-address", max: 120, per: "1 hour", by: "address" }),
    ],
    handler: async (request, reply) => {
      const caller = await requireIdentity(request);
      const { body, log } = request;
      const what = {
        mentor_id: body.expert_id,
        service_type: body.session_type,
        date: body.scheduled_date,
        time: body.scheduled_time,
      };
      log.info(what, "Booking attempt");
      try {
        const key = idempotentRequest(request.headers["idempotency-key"], "POST /bookings", body);
        const created = await createBooking(services, caller, body, key);
        log.info({ booking_id: created.id, total_amount: created.total_amount }, "Booking created");
        return await reply.status(201).send(created);
      } catch (error) {
        const refusal = error instanceof Refusal ? error : refusalFromDatabase(error);
        log[refusal ? "info" : "error"]({ error: refusal?.code ?? error, context: what }, "Booking failed");
        throw error;
      }
    },
  });

  app.get("/bookings", {
    schema: {
      tags,
      summary: "One's own bookings, as student or as mentor",
      querystring: bookingQuery,
      response: { 200: bookingPage, ...problemAnswers(401, 422) },
    },
    handler: async (request) => {
      const caller = await requireIdentity(request);
      return database.asUser(caller.id, (tx) => listBookings(tx, caller.id, request.query));
    },
  });

  app.get("/bookings/:booking_id", {
    schema: {
      tags,
      summary: "One booking",
      params: bookingParams,
      response: { 200: booking, ...problemAnswers(401, 404) },
    },
    handler: async (request) => readBooking(await requireIdentity(request), request.params.booking_id),
  });

  app.get("/bookings/:booking_id/calendar.ics", {
    schema: {
      tags,
      summary: "The calendar entry (RFC 5545)",
      params: bookingParams,
      produces: ["text/calendar"],
      response: { 200: z.string(), ...problemAnswers(401, 404) },
    },
    handler: async (request, reply) => {
      const found = await readBooking(await requireIdentity(request), request.params.booking_id);
      return reply
        .type("text/calendar; charset=utf-8")
        .header("content-disposition", `attachment; filename="matepeak-${found.id.slice(0, 8)}.ics"`)
        .serializer((text: string) => text)
        .send(calendarEntry(found, publicUrl));
    },
  });

  const steps: [action: BookingAction, summary: string][] = [
    ["confirm", "Confirm a request, as its mentor"],
    ["decline", "Decline a request, as its mentor"],
    ["complete", "Mark a session as held, as its mentor"],
    ["cancel", "Cancel, as its student or its mentor"],
  ];
  for (const [action, summary] of steps) {
    app.post(`/bookings/:booking_id/${action}`, {
      schema: {
        tags,
        summary,
        params: bookingParams,
        body: withReason,
        response: { 200: booking, ...problemAnswers(401, 403, 404, 409, 422) },
      },
      handler: async (request) =>
        takeStep(
          services,
          await requireIdentity(request),
          request.params.booking_id,
          action,
          request.body?.reason,
        ),
    });
  }

  async function readBooking(caller: Identity, id: string) {
    const found = await database.asUser(caller.id, (tx) => findBooking(tx, id));
    if (!found) throw new Refusal("booking_not_found");
    return found;
  }
}
