import { mentorParams } from "#contract/mentors.ts";
import { checkSeries as checkContract, seriesCheck } from "#contract/series.ts";
import { anyone } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { addressOf, limitTo } from "../platform/limits/limits.ts";
import { checkSeries } from "./checkSeries.ts";

const tags = ["Series"];

/** Sessions that repeat: their dates, and booking and changing them together. */
export async function seriesRoutes(
  app: TypedApp,
  dependencies: Dependencies & { collects: boolean },
): Promise<void> {
  app.post("/mentors/:mentor/series/check", {
    schema: {
      tags,
      summary: "Check all dates of a series",
      description:
        "Each date is free, or has the reason why not and the closest free starts. Nothing is reserved. Counts as one call per date.",
      params: mentorParams,
      body: checkContract,
      response: { 200: seriesCheck, ...problemResponses(404, 422, 429) },
    },
    onRequest: limitTo(app, "series-check"),
    preHandler: anyone,
    handler: async (request) => {
      const { body, params } = request;
      const dates = body.pattern === "chosen" ? body.starts.length : body.sessions;
      await app.limits.charge({ name: "series-check", key: addressOf(request), amount: dates - 1 });
      return checkSeries(dependencies, params.mentor, body);
    },
  });
}
