import { mentorParams } from "#contract/mentors.ts";
import { bookedSlotQuery, bookedSlots, slotAnswer, slotQuery } from "#contract/slots.ts";
import { slotAnswerUnits } from "#rules/rateLimits.ts";
import { anyone } from "../platform/http/authority.ts";
import { notModified, sendPrepared } from "../platform/http/preparedResponse.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { chargeForSize, limitTo } from "../platform/limits/limits.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import { readBookedSlots } from "./queries.ts";
import type { SlotCache } from "./slotCache.ts";

interface SlotDependencies extends Dependencies {
  metrics: Metrics;
  slots: SlotCache;
}

export async function slotRoutes(
  app: TypedApp,
  { database, metrics, slots }: SlotDependencies,
): Promise<void> {
  const tags = ["Slots"];
  const limit = limitTo(app, "slots");

  app.get("/mentors/:mentor/slots", {
    schema: {
      tags,
      summary: "List the times that a mentor offers",
      params: mentorParams,
      querystring: slotQuery,
      response: { 200: slotAnswer, ...notModified, ...problemResponses(404, 422, 429) },
    },
    onRequest: limit,
    preHandler: anyone,
    handler: async (request, reply) => {
      const askedAt = performance.now();
      const { mentorId, response, source, isCurrent } = await slots.read(
        request.params.mentor,
        request.query,
      );
      metrics.slotAnswers.observe({ source }, (performance.now() - askedAt) / 1000);
      const size = response.body("identity").length;
      await chargeForSize(request, "slots", size);
      // A username can pass to another mentor, which no revision counts.
      if (request.params.mentor === mentorId) {
        app.keepReady(request, {
          response,
          isCurrent,
          limit: "slots",
          units: slotAnswerUnits(size),
          onSent: (seconds) => metrics.slotAnswers.observe({ source: "cached" }, seconds),
        });
      }
      // Sent as bytes: checking hundreds of slots of our own against the schema again would gain nothing.
      return sendPrepared(
        request,
        reply.type("application/json; charset=utf-8"),
        response,
        "no-store",
      ) as never;
    },
  });

  app.get("/mentors/:mentor/booked-slots", {
    schema: {
      tags,
      summary: "List the taken times of a date, without names",
      params: mentorParams,
      querystring: bookedSlotQuery,
      response: { 200: bookedSlots, ...problemResponses(404, 422, 429) },
    },
    onRequest: limit,
    preHandler: anyone,
    handler: async (request) => readBookedSlots(database.public, request.params.mentor, request.query.date),
  });
}
