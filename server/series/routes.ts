import { idempotencyHeaders } from "#contract/bookings.ts";
import { mentorParams } from "#contract/mentors.ts";
import { quoteProgrammeRequest, quoteTogether } from "#contract/offers.ts";
import { programmeParams } from "#contract/programmes.ts";
import {
  cancelSeries as cancelContract,
  checkSeries as checkContract,
  createSeries as createContract,
  rescheduleSeries as rescheduleContract,
  series,
  seriesChanged,
  seriesCheck,
  seriesList,
  seriesParams,
  seriesQuery,
} from "#contract/series.ts";
import { countGuess } from "../offers/countGuess.ts";
import type { PriceDependencies } from "../offers/priceDependencies.ts";
import { Refusal } from "../platform/errors.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import { problemResponses, type TypedApp } from "../platform/http/route.ts";
import { idempotentRequest } from "../platform/idempotency.ts";
import { addressOf, limitTo } from "../platform/limits/limits.ts";
import type { OriginOf } from "../platform/limits/origin.ts";
import { cancelSeries, confirmSeries, rescheduleSeries } from "./changeSeries.ts";
import { checkSeries } from "./checkSeries.ts";
import { createSeries } from "./createSeries.ts";
import { joinProgramme } from "./joinProgramme.ts";
import { quoteProgramme } from "./priceProgramme.ts";
import { findSeries, listSeries } from "./queries.ts";

const tags = ["Series"];

/** Sessions that repeat: their dates, and booking and changing them together. */
export async function seriesRoutes(
  app: TypedApp,
  dependencies: PriceDependencies & { originOf: OriginOf },
): Promise<void> {
  const { database, now } = dependencies;

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

  app.post("/mentors/:mentor/programmes/:programme_id/quote", {
    schema: {
      tags,
      summary: "What a programme would cost me, in lines",
      description: "A coupon is applied to its price; each session has its part. Reserves nothing.",
      params: mentorParams.extend(programmeParams.shape),
      body: quoteProgrammeRequest,
      response: { 200: quoteTogether, ...problemResponses(401, 404, 409, 422, 429) },
    },
    onRequest: limitTo(app, "mentor"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller, params, body } = request;
      await countGuess(app, request, reply, body.coupon_code);
      return quoteProgramme(dependencies, caller.id, params.mentor, params.programme_id, body);
    },
  });

  app.post("/series", {
    schema: {
      tags,
      summary: "Book the sessions of a series, or a programme",
      description:
        "All of them or none: `refused_sessions` names those that cannot be booked now, with the closest free starts.",
      headers: idempotencyHeaders,
      body: createContract,
      response: { 201: series, ...problemResponses(401, 403, 404, 409, 422, 429) },
    },
    onRequest: limitTo(app, "book", "book-address"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller, body } = request;
      const key = idempotentRequest(request.headers["idempotency-key"], "POST /series", body);
      const origin = dependencies.originOf(request);
      const made =
        body.pattern === "programme"
          ? await joinProgramme(dependencies, caller, body, key, origin)
          : await createSeries(dependencies, caller, body, key, origin);
      return reply.status(201).send(made);
    },
  });

  app.get("/series", {
    schema: {
      tags,
      summary: "My series, as student or as mentor, the latest first",
      querystring: seriesQuery,
      response: { 200: seriesList, ...problemResponses(401, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, query }) => ({
      data: await database.asUser(caller.id, (tx) => listSeries(tx, caller.id, query.as, now())),
    }),
  });

  app.get("/series/:series_id", {
    schema: {
      tags,
      summary: "A series with all of its sessions",
      description: "Of each session: whether the caller can cancel or move it now, and what would go back.",
      params: seriesParams,
      response: { 200: series, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params }) => {
      const found = await database.asUser(caller.id, (tx) =>
        findSeries(tx, caller.id, params.series_id, now()),
      );
      if (!found) throw new Refusal("series_not_found");
      return found;
    },
  });

  app.post("/series/:series_id/cancel", {
    schema: {
      tags,
      summary: "Cancel a session of a series and all later ones",
      description:
        "Each by its own terms. `left` names those for which it is too late. With `refund`, nothing happens if another sum would go back.",
      params: seriesParams,
      body: cancelContract,
      response: { 200: seriesChanged, ...problemResponses(401, 404, 409, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params, body }) => cancelSeries(dependencies, caller, params.series_id, body),
  });

  app.post("/series/:series_id/confirm", {
    schema: {
      tags,
      summary: "Approve all requests of a series",
      params: seriesParams,
      response: { 200: seriesChanged, ...problemResponses(401, 403, 404, 409) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params }) => confirmSeries(dependencies, caller, params.series_id),
  });

  app.post("/series/:series_id/reschedule", {
    schema: {
      tags,
      summary: "Move a session of a series and all later ones",
      description:
        "All of those that can be moved, or none: by as much on the mentor's clock as the first of them. `refused_sessions` names the places whose new time cannot be booked.",
      params: seriesParams,
      body: rescheduleContract,
      response: { 200: seriesChanged, ...problemResponses(401, 404, 409, 422, 429) },
    },
    onRequest: limitTo(app, "reschedule"),
    preHandler: signedIn,
    handler: async ({ caller, params, body }) =>
      rescheduleSeries(dependencies, caller, params.series_id, body),
  });
}
