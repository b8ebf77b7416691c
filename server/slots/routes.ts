import { mentorParams } from "../../contract/mentors.ts";
import {
  bookedSlotQuery,
  bookedSlots,
  type SlotAnswer,
  slotAnswer,
  slotQuery,
} from "../../contract/slots.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { limitTo } from "../plugins/rateLimits.ts";
import { problemAnswers, type Services, type TypedApp } from "../route.ts";
import { openSlotAnswers } from "./keptAnswers.ts";
import { readBookedSlots } from "./queries.ts";

export async function slotRoutes(
  app: TypedApp,
  { database, now, metrics }: Services & { metrics: Metrics },
): Promise<void> {
  const tags = ["Slots"];
  const answers = openSlotAnswers(database.public, now);
  /** An answer that was given before is one that was kept. */
  const given = new WeakSet<SlotAnswer>();
  const limit = limitTo(app, { name: "slots", max: 240, per: "1 minute", by: "address" });

  app.get("/mentors/:mentor/slots", {
    schema: {
      tags,
      summary: "The times a mentor offers",
      params: mentorParams,
      querystring: slotQuery,
      response: { 200: slotAnswer, ...problemAnswers(404, 422, 429) },
    },
    preHandler: limit,
    // Hundreds of slots that we have made ourselves: checking each against its schema again buys nothing.
    serializerCompiler: () => answers.toJson,
    handler: async (request) => {
      const askedAt = performance.now();
      const answer = await answers.read(request.params.mentor, request.query);
      const source = given.has(answer) ? "kept" : "computed";
      given.add(answer);
      metrics.slotAnswers.observe({ source }, (performance.now() - askedAt) / 1000);
      return answer;
    },
  });

  app.get("/mentors/:mentor/booked-slots", {
    schema: {
      tags,
      summary: "What is taken on a date, without saying by whom",
      params: mentorParams,
      querystring: bookedSlotQuery,
      response: { 200: bookedSlots, ...problemAnswers(404, 422, 429) },
    },
    preHandler: limit,
    handler: async (request) => readBookedSlots(database.public, request.params.mentor, request.query.date),
  });
}
