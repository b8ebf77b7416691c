import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import {
  availability,
  availabilityQuery,
  availabilitySlotList,
  availabilitySlotParams,
  blockedDateList,
  blockedDateParams,
  createAvailabilitySlot,
  createBlockedDate,
  type HoursChange,
  ifMatchHeaders,
  replaceWeek,
  savedAvailabilitySlot,
  savedBlockedDate,
  savedBlockedDates,
  savedWeek,
  unblockQuery,
  updateAvailabilitySlot,
} from "#contract/hours.ts";
import { mentorParams } from "#contract/mentors.ts";
import { deleted } from "#contract/primitives.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import { etagOf } from "../platform/http/etag.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import type { HoursEdit } from "./changeHours.ts";
import {
  addSlot,
  blockDate,
  blockRange,
  changeSlot,
  removeSlot,
  setWeek,
  unblockDate,
  unblockRange,
} from "./commands.ts";
import { listOwnBlockedDates, listOwnSlots, readAvailability, withRevision } from "./queries.ts";

export async function hoursRoutes(app: TypedApp, dependencies: Dependencies): Promise<void> {
  const { database } = dependencies;
  const tags = ["Hours"];
  const own = limitTo(app, "own");

  app.get("/mentors/:mentor/availability", {
    schema: {
      tags,
      summary: "Get a mentor's hours and days off",
      params: mentorParams,
      querystring: availabilityQuery,
      response: { 200: availability, ...problemResponses(404, 422, 429) },
    },
    onRequest: limitTo(app, "mentor"),
    preHandler: anyone,
    handler: async (request) => readAvailability(database.publicDb, request.params.mentor, request.query),
  });

  app.get("/availability-slots", {
    schema: {
      tags,
      summary: "List my hours",
      response: { 200: availabilitySlotList, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { id } = request.caller;
      return database.asUser(id, (tx) => withRevision(tx, id, () => listOwnSlots(tx, id)));
    },
  });

  app.post("/availability-slots", {
    schema: {
      tags,
      summary: "Add a weekly or a dated window",
      headers: ifMatchHeaders,
      body: createAvailabilitySlot,
      response: { 201: savedAvailabilitySlot, ...problemResponses(401, 403, 409, 412, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async (request, reply) => {
      const saved = await addSlot(dependencies, editOf(request), request.body);
      return withEtag(reply, saved).status(201).send(saved);
    },
  });

  app.put("/availability-slots", {
    schema: {
      tags,
      summary: "Replace all weekly hours",
      headers: ifMatchHeaders,
      body: replaceWeek,
      response: { 200: savedWeek, ...problemResponses(401, 403, 409, 412, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async (request, reply) => {
      const saved = await setWeek(dependencies, editOf(request), request.body);
      return withEtag(reply, saved).send(saved);
    },
  });

  app.patch("/availability-slots/:availability_slot_id", {
    schema: {
      tags,
      summary: "Change a window",
      params: availabilitySlotParams,
      headers: ifMatchHeaders,
      body: updateAvailabilitySlot,
      response: { 200: savedAvailabilitySlot, ...problemResponses(401, 403, 404, 409, 412, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { availability_slot_id } = request.params;
      const saved = await changeSlot(dependencies, editOf(request), availability_slot_id, request.body);
      return withEtag(reply, saved).send(saved);
    },
  });

  app.delete("/availability-slots/:availability_slot_id", {
    schema: {
      tags,
      summary: "Delete a window",
      params: availabilitySlotParams,
      headers: ifMatchHeaders,
      response: { 204: deleted, ...problemResponses(401, 403, 404, 412, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async (request, reply) => {
      const change = await removeSlot(dependencies, editOf(request), request.params.availability_slot_id);
      return withEtag(reply, change).status(204).send(null);
    },
  });

  app.get("/blocked-dates", {
    schema: {
      tags,
      summary: "List my days off",
      response: { 200: blockedDateList, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { id } = request.caller;
      return database.asUser(id, (tx) => withRevision(tx, id, () => listOwnBlockedDates(tx)));
    },
  });

  app.post("/blocked-dates", {
    schema: {
      tags,
      summary: "Add a day off or, with end_date, a range of days",
      headers: ifMatchHeaders,
      body: createBlockedDate,
      response: {
        201: z.union([savedBlockedDates, savedBlockedDate]),
        ...problemResponses(401, 403, 409, 412, 422, 429),
      },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async (request, reply) => {
      const edit = editOf(request);
      const { end_date, ...day } = request.body;
      const saved =
        end_date === undefined
          ? await blockDate(dependencies, edit, day)
          : await blockRange(dependencies, edit, { ...day, end_date });
      return withEtag(reply, saved).status(201).send(saved);
    },
  });

  app.delete("/blocked-dates", {
    schema: {
      tags,
      summary: "Delete all days off of a range",
      querystring: unblockQuery,
      headers: ifMatchHeaders,
      response: { 204: deleted, ...problemResponses(401, 403, 412, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async (request, reply) => {
      const change = await unblockRange(dependencies, editOf(request), request.query);
      return withEtag(reply, change).status(204).send(null);
    },
  });

  app.delete("/blocked-dates/:blocked_date_id", {
    schema: {
      tags,
      summary: "Delete a day off",
      params: blockedDateParams,
      headers: ifMatchHeaders,
      response: { 204: deleted, ...problemResponses(401, 403, 404, 412, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async (request, reply) => {
      const change = await unblockDate(dependencies, editOf(request), request.params.blocked_date_id);
      return withEtag(reply, change).status(204).send(null);
    },
  });
}

function editOf(request: FastifyRequest): HoursEdit {
  return { caller: request.caller, seen: request.headers["if-match"] };
}

function withEtag<Reply extends Pick<FastifyReply, "header">>(
  reply: Reply,
  { hours_revision }: HoursChange,
): Reply {
  reply.header("etag", etagOf(hours_revision));
  return reply;
}
