import type { FastifyInstance } from "fastify";
import { booking, bookingLinkHeaders, bookingParams } from "#contract/bookings.ts";
import {
  joinEvents,
  mentorRoom,
  ownMeetingPlaces,
  setBookingMeeting,
  setMeetingPlace,
  setMentorRoom,
  shownMeetingPlaces,
  zoomAnswer,
} from "#contract/meetings.ts";
import { mentorParams } from "#contract/mentors.ts";
import { deleted } from "#contract/primitives.ts";
import { serviceParams } from "#contract/services.ts";
import { countLimits } from "#rules/limits.ts";
import type { BookingLinks } from "../bookings/bookingLink.ts";
import { partyOrLink } from "../bookings/party.ts";
import { findBooking } from "../bookings/queries.ts";
import { findBookingKey, findMentorId } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { changeBookingMeeting, choosePlace, deleteRoom, recordJoin, saveRoom } from "./commands.ts";
import type { MeetingMakers } from "./maker.ts";
import { offeredKinds } from "./makers.ts";
import { listJoins, readOwnPlaces, readOwnRoom, readShownPlaces } from "./queries.ts";
import { readZoomReport } from "./zoomWebhook.ts";

const tags = ["Meetings"];

interface MeetingDependencies extends Dependencies {
  links: BookingLinks;
  makers: MeetingMakers;
  /** Undefined: Zoom is not configured, and its reports are refused. */
  zoomSecret: string | undefined;
}

/** Where sessions take place. */
export async function meetingRoutes(app: TypedApp, dependencies: MeetingDependencies): Promise<void> {
  const { database, makers } = dependencies;
  const party = partyOrLink(dependencies);
  const shared = { params: bookingParams, headers: bookingLinkHeaders };
  const offeredTo = (id: string) => offeredKinds(database, makers, id);

  app.get("/mentors/me/room", {
    schema: {
      tags,
      summary: "Get my meeting room",
      response: { 200: mentorRoom, ...problemResponses(401, 403) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      return database.asUser(caller.id, (tx) => readOwnRoom(tx, caller.id));
    },
  });

  app.put("/mentors/me/room", {
    schema: {
      tags,
      summary: "Set my meeting room",
      description: "Students see it in confirmed sessions that have no link of their own.",
      body: setMentorRoom,
      response: { 200: mentorRoom, ...problemResponses(401, 403, 422) },
    },
    preHandler: signedIn,
    handler: async (request) => saveRoom(database, request.caller, request.body),
  });

  app.delete("/mentors/me/room", {
    schema: {
      tags,
      summary: "Delete my meeting room; sessions keep their own links",
      response: { 204: deleted, ...problemResponses(401, 403, 409) },
    },
    preHandler: signedIn,
    handler: async (request, reply) => {
      await deleteRoom(database, request.caller);
      return reply.status(204).send(null);
    },
  });

  // Not with a booking's link: a person who finds one could send the student to a malicious page.
  app.put("/bookings/:booking_id/meeting", {
    schema: {
      tags,
      summary: "Set the meeting link of one session, as its mentor",
      params: bookingParams,
      body: setBookingMeeting,
      response: { 200: booking, ...problemResponses(401, 403, 404, 409, 422) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      return changeBookingMeeting(database, caller, request.params.booking_id, request.body);
    },
  });

  app.get("/mentors/me/meeting-places", {
    schema: {
      tags,
      summary: "How my sessions take place",
      response: { 200: ownMeetingPlaces, ...problemResponses(401, 403) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => {
      const offered = await offeredTo(caller.id);
      return database.asUser(caller.id, (tx) => readOwnPlaces(tx, caller.id, offered));
    },
  });

  app.put("/mentors/me/meeting-place", {
    schema: {
      tags,
      summary: "Choose how my sessions take place",
      description:
        "Sessions that are agreed stay as they are. For services with a choice of their own it changes nothing.",
      body: setMeetingPlace,
      response: { 200: ownMeetingPlaces, ...problemResponses(401, 403, 409, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, body }) =>
      choosePlace(database, caller, { serviceId: null, place: body, offered: await offeredTo(caller.id) }),
  });

  app.put("/mentors/me/services/:service_id/meeting-place", {
    schema: {
      tags,
      summary: "Choose how sessions of one service take place",
      params: serviceParams,
      body: setMeetingPlace,
      response: { 200: ownMeetingPlaces, ...problemResponses(401, 403, 404, 409, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params, body }) =>
      choosePlace(database, caller, {
        serviceId: params.service_id,
        place: body,
        offered: await offeredTo(caller.id),
      }),
  });

  app.delete("/mentors/me/services/:service_id/meeting-place", {
    schema: {
      tags,
      summary: "Let sessions of a service take place as my others do",
      params: serviceParams,
      response: { 200: ownMeetingPlaces, ...problemResponses(401, 403) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params }) =>
      choosePlace(database, caller, {
        serviceId: params.service_id,
        place: null,
        offered: await offeredTo(caller.id),
      }),
  });

  app.get("/mentors/:mentor/meeting-places", {
    schema: {
      tags,
      summary: "How a mentor’s sessions take place",
      description:
        "Numbers and addresses are left out until a session is agreed, unless the mentor shows them.",
      params: mentorParams,
      response: { 200: shownMeetingPlaces, ...problemResponses(404) },
    },
    preHandler: anyone,
    handler: async ({ params }) =>
      readShownPlaces(database.public, await findMentorId(database.public, params.mentor)),
  });

  app.post("/bookings/:booking_id/joins", {
    schema: {
      tags,
      summary: "Record that I join a session",
      description: "Both people see it. Pages call it as their button opens the link.",
      ...shared,
      response: { 204: deleted, ...problemResponses(401, 404, 409) },
    },
    preHandler: party,
    handler: async (request, reply) => {
      await recordJoin(database, request.party.id, request.params.booking_id);
      return reply.status(204).send(null);
    },
  });

  app.get("/bookings/:booking_id/joins", {
    schema: {
      tags,
      summary: "Who joined a session, and when",
      ...shared,
      response: { 200: joinEvents, ...problemResponses(401, 404) },
    },
    preHandler: party,
    handler: async (request) =>
      database.asUser(request.party.id, async (tx) => {
        const key = await findBookingKey(tx, request.params.booking_id);
        if (!key || !(await findBooking(tx, key))) throw new Refusal("booking_not_found");
        return { data: await listJoins(tx, key) };
      }),
  });

  await app.register(async (scope) => zoomRoutes(scope as TypedApp, dependencies));
}

/** A report's body; a real one has a few kB. */
const reportLimit = 64 * 1024;

async function zoomRoutes(app: TypedApp, { database, zoomSecret, now }: MeetingDependencies): Promise<void> {
  acceptBytes(app);
  app.post("/webhooks/zoom", {
    schema: {
      tags,
      summary: "Where Zoom reports who joined",
      description: "The body must be signed in Zoom’s way, within the last five minutes.",
      response: { 200: zoomAnswer, ...problemResponses(400, 404, 413, 429) },
    },
    bodyLimit: reportLimit,
    onRequest: limitTo(app, "webhooks"),
    preHandler: anyone,
    handler: async (request) => {
      if (zoomSecret === undefined) throw new Refusal("not_found");
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const report = readZoomReport({ body, headers: request.headers }, zoomSecret, now());
      if (report.kind === "refused") throw new Refusal("webhook_refused");
      if (report.kind === "question") return report.answer;
      if (report.kind === "join") {
        const { meeting, how, email, name, at } = report;
        await database.commands.query("select private.record_zoom_event($1, $2, $3, $4, $5, $6)", [
          meeting,
          how,
          email,
          name,
          new Date(at),
          countLimits.joinEvents,
        ]);
      }
      return { received: true as const };
    },
  });
}

/** A signature is over the bytes as they came. */
function acceptBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
}
