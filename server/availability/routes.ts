import {
  availability,
  availabilityQuery,
  availabilitySlot,
  availabilitySlotList,
  availabilitySlotParams,
  blockedDate,
  blockedDateList,
  blockedDateParams,
  createAvailabilitySlot,
  createBlockedDate,
  replaceWeek,
  updateAvailabilitySlot,
} from "../../contract/availability.ts";
import { mentorParams } from "../../contract/mentors.ts";
import { deleted } from "../../contract/primitives.ts";
import { requireIdentity } from "../auth/identity.ts";
import { problemAnswers, type Services, type TypedApp } from "../route.ts";
import {
  addSlot,
  blockDate,
  changeSlot,
  listOwnBlockedDates,
  removeSlot,
  setWeek,
  unblockDate,
} from "./commands.ts";
import { listOwnSlots, readAvailability } from "./queries.ts";

export async function availabilityRoutes(app: TypedApp, { database }: Services): Promise<void> {
  const tags = ["Availability"];

  app.get("/mentors/:mentor/availability", {
    schema: {
      tags,
      summary: "A mentor's hours and days off",
      params: mentorParams,
      querystring: availabilityQuery,
      response: { 200: availability, ...problemAnswers(404, 422) },
    },
    handler: async (request) => readAvailability(database.publicDb, request.params.mentor, request.query),
  });

  app.get("/availability-slots", {
    schema: {
      tags,
      summary: "One's own hours",
      response: { 200: availabilitySlotList, ...problemAnswers(401) },
    },
    handler: async (request) => {
      const caller = await requireIdentity(request);
      return { data: await database.asUser(caller.id, (tx) => listOwnSlots(tx, caller.id)) };
    },
  });

  app.post("/availability-slots", {
    schema: {
      tags,
      summary: "Add a weekly or a dated window",
      body: createAvailabilitySlot,
      response: { 201: availabilitySlot, ...problemAnswers(401, 403, 409, 422) },
    },
    handler: async (request, reply) => {
      const caller = await requireIdentity(request);
      return reply.status(201).send(await addSlot(database, caller, request.body));
    },
  });

  app.put("/availability-slots", {
    schema: {
      tags,
      summary: "Replace the whole week",
      body: replaceWeek,
      response: { 200: availabilitySlotList, ...problemAnswers(401, 403, 409, 422) },
    },
    handler: async (request) => ({
      data: await setWeek(database, await requireIdentity(request), request.body),
    }),
  });

  app.patch("/availability-slots/:availability_slot_id", {
    schema: {
      tags,
      summary: "Move a window",
      params: availabilitySlotParams,
      body: updateAvailabilitySlot,
      response: { 200: availabilitySlot, ...problemAnswers(401, 403, 404, 409, 422) },
    },
    handler: async (request) =>
      changeSlot(database, await requireIdentity(request), request.params.availability_slot_id, request.body),
  });

  app.delete("/availability-slots/:availability_slot_id", {
    schema: {
      tags,
      summary: "Drop a window",
      params: availabilitySlotParams,
      response: { 204: deleted, ...problemAnswers(401, 403, 404) },
    },
    handler: async (request, reply) => {
      await removeSlot(database, await requireIdentity(request), request.params.availability_slot_id);
      return reply.status(204).send(null);
    },
  });

  app.get("/blocked-dates", {
    schema: {
      tags,
      summary: "One's own days off",
      response: { 200: blockedDateList, ...problemAnswers(401) },
    },
    handler: async (request) => ({
      data: await listOwnBlockedDates(database, await requireIdentity(request)),
    }),
  });

  app.post("/blocked-dates", {
    schema: {
      tags,
      summary: "Take a day off",
      body: createBlockedDate,
      response: { 201: blockedDate, ...problemAnswers(401, 403, 409, 422) },
    },
    handler: async (request, reply) => {
      const caller = await requireIdentity(request);
      return reply.status(201).send(await blockDate(database, caller, request.body));
    },
  });

  app.delete("/blocked-dates/:blocked_date_id", {
    schema: {
      tags,
      summary: "Free a day again",
      params: blockedDateParams,
      response: { 204: deleted, ...problemAnswers(401, 403, 404) },
    },
    handler: async (request, reply) => {
      await unblockDate(database, await requireIdentity(request), request.params.blocked_date_id);
      return reply.status(204).send(null);
    },
  });
}
