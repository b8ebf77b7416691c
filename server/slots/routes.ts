import { mentorParams } from "#contract/mentors.ts";
import { bookedSlotQuery, bookedSlots, slotAnswer, slotQuery } from "#contract/slots.ts";
import { anyone } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { chargeForSize, limitTo } from "../platform/limits/limits.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import { readBookedSlots } from "./queries.ts";
import { createSlotCache } from "./slotCache.ts";

export async function slotRoutes(
  app: TypedApp,
  { database, now, metrics }: Dependencies & { metrics: Metrics },
): Promise<void> {
  const tags = ["Slots"];
  const answers = createSlotCache(database, now);
  const limit = limitTo(app, "slots");

  app.get("/mentors/:mentor/slots", {
    schema: {
      tags,
      summary: "List the times that a mentor offers",
      params: mentorParams,
      querystring: slotQuery,
      response: { 200: slotAnswer, ...problemResponses(404, 422, 429) },
    },
    onRequest: limit,
    preHandler: anyone,
    handler: async (request, reply) => {
      const askedAt = performance.now();
      const { json, source } = await answers.read(request.params.mentor, request.query);
      metrics.slotAnswers.observe({ source }, (performance.now() - askedAt) / 1000);
      await chargeForSize(request, "slots", json.length);
      // Sent as JSON text: checking hundreds of slots of our own against the schema again would gain nothing.
      return reply.type("application/json; charset=utf-8").send(json as never);
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
