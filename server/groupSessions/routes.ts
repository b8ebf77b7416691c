import { bookingParams } from "#contract/bookings.ts";
import {
  attendees,
  cancelGroupSession,
  checkedStarts,
  checkGroupSessions,
  groupSession,
  groupSessionList,
  groupSessionParams,
  markAttendance,
  messageGroup,
  moveGroupSession,
  ownGroupSessionList,
  roster,
  scheduleGroupSessions,
  seatsChanged,
  showName,
  updateGroupSession,
} from "#contract/groupSessions.ts";
import { mentorParams } from "#contract/mentors.ts";
import { deleted } from "#contract/primitives.ts";
import { findBookingKey, findMentorId } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { markSeat, setShownName } from "./attendance.ts";
import { checkStarts } from "./checkStarts.ts";
import { cancelSession, changeSession, messageSession, moveSession, scheduleSessions } from "./commands.ts";
import {
  findGroupSession,
  listGroupSessions,
  listOwnGroupSessions,
  readAttendees,
  readRoster,
} from "./queries.ts";

const tags = ["Group sessions"];
const ofMentor = mentorParams.extend(groupSessionParams.shape);

/** Sessions with several seats: for everyone, for their mentor, and for the people in them. */
export async function groupSessionRoutes(app: TypedApp, dependencies: Dependencies): Promise<void> {
  publicRoutes(app, dependencies);
  mentorRoutes(app, dependencies);
  seatRoutes(app, dependencies);
}

function publicRoutes(app: TypedApp, { database }: Dependencies): void {
  app.get("/mentors/:mentor/group-sessions", {
    schema: {
      tags,
      summary: "The group sessions of a mentor that can be joined, without those of programmes",
      params: mentorParams,
      response: { 200: groupSessionList, ...problemResponses(404, 429) },
    },
    onRequest: limitTo(app, "mentor"),
    preHandler: anyone,
    handler: async ({ params }) => ({ data: await listGroupSessions(database.public, params.mentor) }),
  });

  app.get("/mentors/:mentor/group-sessions/:group_session_id", {
    schema: {
      tags,
      summary: "One group session, also after it was cancelled",
      params: ofMentor,
      response: { 200: groupSession, ...problemResponses(404, 429) },
    },
    onRequest: limitTo(app, "mentor"),
    preHandler: anyone,
    handler: async ({ params }) => {
      const session = await findGroupSession(database.public, params.mentor, params.group_session_id);
      if (session) return session;
      await findMentorId(database.public, params.mentor);
      throw new Refusal("group_session_not_found");
    },
  });
}

function mentorRoutes(app: TypedApp, dependencies: Dependencies): void {
  const { database } = dependencies;
  const own = limitTo(app, "own");

  app.get("/mentors/me/group-sessions", {
    schema: {
      tags,
      summary: "My group sessions, also cancelled ones and those of the last 30 days",
      response: { 200: ownGroupSessionList, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => ({
      data: await database.asUser(caller.id, (tx) => listOwnGroupSessions(tx.last, caller.id)),
    }),
  });

  app.get("/mentors/me/group-sessions/check", {
    schema: {
      tags,
      summary: "What my sessions would meet at a time: another session, a day off, or no hours",
      querystring: checkGroupSessions,
      response: { 200: checkedStarts, ...problemResponses(401, 404, 422, 429) },
    },
    onRequest: limitTo(app, "hours"),
    preHandler: signedIn,
    handler: async ({ caller, query }) => ({ data: await checkStarts(dependencies, caller, query) }),
  });

  app.post("/mentors/me/group-sessions", {
    schema: {
      tags,
      summary: "Schedule a group session, or one each week",
      description:
        "All of them or none: `taken_starts` names the times at which another session is in the way.",
      body: scheduleGroupSessions,
      response: { 201: groupSessionList, ...problemResponses(401, 403, 409, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async ({ caller, body }, reply) =>
      reply.status(201).send({ data: await scheduleSessions(dependencies, caller, body) }),
  });

  app.patch("/mentors/me/group-sessions/:group_session_id", {
    schema: {
      tags,
      summary: "Change the seats or the minimum of a coming session",
      params: groupSessionParams,
      body: updateGroupSession,
      response: { 200: groupSession, ...problemResponses(401, 403, 404, 409, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params, body }) =>
      changeSession(dependencies, caller, params.group_session_id, body),
  });

  app.post("/mentors/me/group-sessions/:group_session_id/cancel", {
    schema: {
      tags,
      summary: "Cancel it for everyone; what they paid goes back",
      params: groupSessionParams,
      body: cancelGroupSession,
      response: { 200: seatsChanged, ...problemResponses(401, 404, 409, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params, body }) => ({
      seats: await cancelSession(dependencies, caller, params.group_session_id, body.reason),
    }),
  });

  app.post("/mentors/me/group-sessions/:group_session_id/move", {
    schema: {
      tags,
      summary: "Move it for everyone",
      description: "Until it begins each of them can then cancel and gets everything back.",
      params: groupSessionParams,
      body: moveGroupSession,
      response: { 200: groupSession, ...problemResponses(401, 403, 404, 409, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params, body }) =>
      moveSession(dependencies, caller, params.group_session_id, body),
  });

  app.post("/mentors/me/group-sessions/:group_session_id/message", {
    schema: {
      tags,
      summary: "Write to everyone with a confirmed seat",
      params: groupSessionParams,
      body: messageGroup,
      response: { 200: seatsChanged, ...problemResponses(401, 404, 409, 422, 429) },
    },
    onRequest: limitTo(app, "group-message"),
    preHandler: signedIn,
    handler: async ({ caller, params, body }) => ({
      seats: await messageSession(dependencies, caller, params.group_session_id, body.message),
    }),
  });

  app.get("/mentors/me/group-sessions/:group_session_id/roster", {
    schema: {
      tags,
      summary: "Who has a seat in my session",
      params: groupSessionParams,
      response: { 200: roster, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params }) => {
      const found = await database.asUser(caller.id, (tx) =>
        readRoster(tx, caller.id, params.group_session_id),
      );
      if (!found) throw new Refusal("group_session_not_found");
      return found;
    },
  });
}

function seatRoutes(app: TypedApp, { database }: Dependencies): void {
  app.put("/bookings/:booking_id/attendance", {
    schema: {
      tags,
      summary: "Mark in the roster who came, as the mentor",
      description: "A mark is no no-show report: it costs the person nothing.",
      params: bookingParams,
      body: markAttendance,
      response: { 204: deleted, ...problemResponses(401, 404, 409, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params, body }, reply) => {
      await markSeat(database, caller, params.booking_id, body.attendance);
      return reply.status(204).send(null);
    },
  });

  app.get("/bookings/:booking_id/attendees", {
    schema: {
      tags,
      summary: "The group session of my booking, and the others who show their names",
      params: bookingParams,
      response: { 200: attendees, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params }) => {
      const found = await database.asUser(caller.id, async (tx) => {
        const key = await findBookingKey(tx, params.booking_id);
        return key && readAttendees(tx, key, database.public);
      });
      if (!found) throw new Refusal("group_session_not_found");
      return found;
    },
  });

  app.put("/bookings/:booking_id/name", {
    schema: {
      tags,
      summary: "Show my name to the other attendees, or hide it",
      params: bookingParams,
      body: showName,
      response: { 204: deleted, ...problemResponses(401, 404, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params, body }, reply) => {
      await setShownName(database, caller, params.booking_id, body.shows_name);
      return reply.status(204).send(null);
    },
  });
}
