import {
  booking,
  bookingPage,
  bookingQuery,
  createBooking as createBookingInput,
  idempotencyHeaders,
} from "#contract/bookings.ts";
import { Refusal, refusalFromDatabase } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { idempotentRequest } from "../platform/idempotency.ts";
import { limitTo } from "../platform/limits/limits.ts";
import type { OriginOf } from "../platform/limits/origin.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { Judging } from "./atRevision.ts";
import type { BookingLinks } from "./bookingLink.ts";
import type { Booker } from "./bookJudged.ts";
import { createBooking } from "./createBooking.ts";
import { partyRoutes } from "./partyRoutes.ts";
import { listBookings } from "./queries.ts";

const tags = ["Bookings"];

export async function bookingRoutes(
  app: TypedApp,
  dependencies: Dependencies & {
    metrics: Metrics;
    publicUrl: string;
    links: BookingLinks;
    originOf: OriginOf;
    judging: Judging;
    booker: Booker;
  },
): Promise<void> {
  const { database, metrics } = dependencies;

  app.post("/bookings", {
    schema: {
      tags,
      summary: "Book a session",
      headers: idempotencyHeaders,
      body: createBookingInput,
      response: { 201: booking, ...problemResponses(401, 403, 404, 409, 422, 429) },
    },
    onRequest: limitTo(app, "book", "book-address"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller } = request;
      const { body, log } = request;
      // The guide's logging points. Only what identifies the session: no name, address or message.
      const what = {
        student_id: caller.id,
        mentor_id: body.expert_id,
        service_type: body.session_type,
        // The guide calls these `date` and `time`, but `time` is the timestamp of a log line.
        scheduled_date: body.scheduled_date,
        scheduled_time: body.scheduled_time,
        duration: body.duration,
      };
      log.info(what, "Booking attempt");
      try {
        const key = idempotentRequest(request.headers["idempotency-key"], "POST /bookings", body);
        const created = await createBooking(dependencies, caller, body, key, dependencies.originOf(request));
        const { id, status, total_amount } = created;
        log.info({ booking_id: id, status, total_amount }, "Booking created");
        metrics.bookings.inc({ outcome: "created" });
        return await reply.status(201).send(created);
      } catch (error) {
        const refusal = error instanceof Refusal ? error : refusalFromDatabase(error);
        // Unexpected errors are logged with their stack by the error handler, under the same request id.
        const outcome = refusal?.code ?? "internal";
        log.info({ error: outcome, context: what }, "Booking failed");
        metrics.bookings.inc({ outcome });
        throw error;
      }
    },
  });

  app.get("/bookings", {
    schema: {
      tags,
      summary: "List my bookings, as student or as mentor",
      querystring: bookingQuery,
      response: { 200: bookingPage, ...problemResponses(401, 422) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      return database.asUser(caller.id, (tx) => listBookings(tx, caller.id, request.query));
    },
  });

  await partyRoutes(app, dependencies);
}
