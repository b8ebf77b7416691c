import { mentorParams } from "../../contract/mentors.ts";
import { bookedSlotQuery, bookedSlots, slotAnswer, slotQuery } from "../../contract/slots.ts";
import { limitTo } from "../plugins/rateLimits.ts";
import { problemAnswers, type Services, type TypedApp } from "../route.ts";
import { openSlotAnswers } from "./keptAnswers.ts";
import { readBookedSlots } from "./queries.ts";

export async function slotRoutes(app: TypedApp, { database, now }: Services): Promise<void> {
  const tags = ["Slots"];
  const answers = openSlotAnswers(database.public, now);
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
    handler: async (request) => answers.read(request.params.mentor, request.query),
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
