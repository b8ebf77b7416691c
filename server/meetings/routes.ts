import { booking, bookingParams } from "#contract/bookings.ts";
import { mentorRoom, setBookingMeeting, setMentorRoom } from "#contract/meetings.ts";
import { deleted } from "#contract/primitives.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { changeBookingMeeting, deleteRoom, saveRoom } from "./commands.ts";
import { readOwnRoom } from "./queries.ts";

const tags = ["Meetings"];

/** Where sessions take place. */
export async function meetingRoutes(app: TypedApp, { database }: Dependencies): Promise<void> {
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
      response: { 204: deleted, ...problemResponses(401, 403) },
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
}
