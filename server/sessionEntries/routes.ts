import { bookingParams } from "#contract/bookings.ts";
import { deleted } from "#contract/primitives.ts";
import { answerEntryQuestion, openEntryQuestion } from "#contract/sessionEntries.ts";
import type { Judging } from "../bookings/atRevision.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { answerQuestion, readEntryQuestion } from "./entryQuestion.ts";

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
    handler: async ({ caller, params }) => ({
      data: await readEntryQuestion(database, caller, params.booking_id),
    }),
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
      await answerQuestion(dependencies, caller, params.booking_id, body);
      return reply.status(204).send(null);
    },
  });
}
