import { bookingParams } from "#contract/bookings.ts";
import { groupSessionParams } from "#contract/groupSessions.ts";
import { deleted } from "#contract/primitives.ts";
import { answerEntryQuestion, openEntryQuestion } from "#contract/sessionEntries.ts";
import type { Judging } from "../bookings/atRevision.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { answerQuestion, ownGroup, readEntryQuestion, sessionOfBooking } from "./entryQuestion.ts";

const tags = ["Calendar connections"];

/** What mentors mean by what they do to sessions in their own calendars. */
export async function sessionEntryRoutes(
  app: TypedApp,
  dependencies: Dependencies & { judging: Judging },
): Promise<void> {
  const { database } = dependencies;

  app.get("/bookings/:booking_id/entry-question", {
    schema: {
      tags,
      summary: "Whether I moved or deleted a session in my calendar, and have not said what that means",
      params: bookingParams,
      response: { 200: openEntryQuestion, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params }) => {
      const session = await sessionOfBooking(database, caller, params.booking_id);
      return { data: await readEntryQuestion(database, caller, session) };
    },
  });

  app.post("/bookings/:booking_id/entry-question/answer", {
    schema: {
      tags,
      summary: "Say what it means that I moved or deleted a session in my calendar",
      description:
        "Nothing happens to the session before. A question is answered once; an answer that is refused leaves it open.",
      params: bookingParams,
      body: answerEntryQuestion,
      response: { 204: deleted, ...problemResponses(401, 403, 404, 409, 422, 429) },
    },
    onRequest: limitTo(app, "reschedule"),
    preHandler: signedIn,
    handler: async ({ caller, params, body }, reply) => {
      const session = await sessionOfBooking(database, caller, params.booking_id);
      await answerQuestion(dependencies, caller, session, body);
      return reply.status(204).send(null);
    },
  });

  app.get("/mentors/me/group-sessions/:group_session_id/entry-question", {
    schema: {
      tags,
      summary: "Whether I moved or deleted a group session in my calendar, and have not said what that means",
      description: "The same question as that of its seats.",
      params: groupSessionParams,
      response: { 200: openEntryQuestion, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params }) => {
      const session = await ownGroup(database, caller, params.group_session_id);
      return { data: await readEntryQuestion(database, caller, session) };
    },
  });

  app.post("/mentors/me/group-sessions/:group_session_id/entry-question/answer", {
    schema: {
      tags,
      summary: "Say what it means that I moved or deleted a group session in my calendar",
      description: "Moving and cancelling are for everyone in it, as on its own page.",
      params: groupSessionParams,
      body: answerEntryQuestion,
      response: { 204: deleted, ...problemResponses(401, 403, 404, 409, 422, 429) },
    },
    onRequest: limitTo(app, "reschedule"),
    preHandler: signedIn,
    handler: async ({ caller, params, body }, reply) => {
      const session = await ownGroup(database, caller, params.group_session_id);
      await answerQuestion(dependencies, caller, session, body);
      return reply.status(204).send(null);
    },
  });
}
