import { bookingParams, withReason } from "#contract/bookings.ts";
import {
  acceptProposal as acceptInput,
  createTimeRequest,
  proposeInstead as insteadInput,
  proposeTimes as proposeInput,
  timeRequest,
  timeRequestPage,
  timeRequestParams,
  timeRequestQuery,
} from "#contract/timeRequests.ts";
import { Refusal } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { acceptProposal, createRequest, declineRequest, proposeTimes, withdrawRequest } from "./commands.ts";
import { proposeInstead } from "./proposeInstead.ts";
import { findRequest, listRequests } from "./queries.ts";

const tags = ["Time requests"];

export async function timeRequestRoutes(app: TypedApp, dependencies: Dependencies): Promise<void> {
  const { database } = dependencies;

  app.post("/time-requests", {
    schema: {
      tags,
      summary: "Ask a mentor for a time that is not offered",
      body: createTimeRequest,
      response: { 201: timeRequest, ...problemResponses(401, 404, 409, 422, 429) },
    },
    onRequest: limitTo(app, "ask", "ask-address"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller } = request;
      return reply.status(201).send(await createRequest(dependencies, caller, request.body));
    },
  });

  app.get("/time-requests", {
    schema: {
      tags,
      summary: "List my time requests, as student or as mentor",
      querystring: timeRequestQuery,
      response: { 200: timeRequestPage, ...problemResponses(401, 422) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      return database.asUser(caller.id, (tx) => listRequests(tx, caller.id, request.query));
    },
  });

  app.get("/time-requests/:request_id", {
    schema: {
      tags,
      summary: "Get a time request",
      params: timeRequestParams,
      response: { 200: timeRequest, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      const found = await database.asUser(caller.id, (tx) =>
        findRequest(tx.last, { id: request.params.request_id }),
      );
      if (!found) throw new Refusal("time_request_not_found");
      return found;
    },
  });

  const answers = { 200: timeRequest, ...problemResponses(401, 403, 404, 409, 422) };

  app.post("/time-requests/:request_id/accept", {
    schema: {
      tags,
      summary: "Accept a suggested time, which books it",
      params: timeRequestParams,
      body: acceptInput,
      response: answers,
    },
    preHandler: signedIn,
    handler: async (request) =>
      acceptProposal(dependencies, request.caller, request.params.request_id, request.body.proposal_id),
  });

  app.post("/time-requests/:request_id/propose", {
    schema: {
      tags,
      summary: "Suggest other times",
      params: timeRequestParams,
      body: proposeInput,
      response: answers,
    },
    preHandler: signedIn,
    handler: async (request) =>
      proposeTimes(dependencies, request.caller, request.params.request_id, request.body),
  });

  app.post("/bookings/:booking_id/propose", {
    schema: {
      tags,
      summary: "Suggest other times instead of a booking request, as its mentor",
      description:
        "Declines it and asks the student to accept one of the times, which books it confirmed: same service, length " +
        "and price.",
      params: bookingParams,
      body: insteadInput,
      response: { 201: timeRequest, ...problemResponses(401, 403, 404, 409, 422) },
    },
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller } = request;
      const { booking_id } = request.params;
      return reply.status(201).send(await proposeInstead(dependencies, caller, booking_id, request.body));
    },
  });

  app.post("/time-requests/:request_id/decline", {
    schema: {
      tags,
      summary: "Decline a request, as its mentor",
      params: timeRequestParams,
      body: withReason,
      response: answers,
    },
    preHandler: signedIn,
    handler: async (request) =>
      declineRequest(dependencies, request.caller, request.params.request_id, request.body?.reason),
  });

  app.post("/time-requests/:request_id/withdraw", {
    schema: {
      tags,
      summary: "Withdraw a request, as its student",
      params: timeRequestParams,
      response: answers,
    },
    preHandler: signedIn,
    handler: async (request) => withdrawRequest(dependencies, request.caller, request.params.request_id),
  });
}
