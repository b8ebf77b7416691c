import { calendarFeed, newCalendarFeed } from "#contract/calendarFeed.ts";
import { deleted } from "#contract/primitives.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { createFeed, endFeed } from "./commands.ts";
import { readFeedState } from "./queries.ts";

const tags = ["Calendar"];
const path = "/me/calendar-feed";

export async function calendarFeedRoutes(
  app: TypedApp,
  { database, publicUrl }: Dependencies & { publicUrl: string },
): Promise<void> {
  app.get(path, {
    schema: {
      tags,
      summary: "Get whether my calendar feed is on",
      response: { 200: calendarFeed, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      return database.asUser(caller.id, (tx) => readFeedState(tx, caller.id));
    },
  });

  app.post(path, {
    schema: {
      tags,
      summary: "Turn on my calendar feed, or give it a new address",
      description:
        "Anyone who has the address can read all my sessions. Of the address only a hash is stored; an earlier one ends.",
      response: { 201: newCalendarFeed, ...problemResponses(401, 429) },
    },
    onRequest: limitTo(app, "calendar-feed-change"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller } = request;
      return reply.status(201).send(await createFeed(database, caller.id, publicUrl));
    },
  });

  app.delete(path, {
    schema: {
      tags,
      summary: "Turn off my calendar feed (idempotent)",
      response: { 204: deleted, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async (request, reply) => {
      await endFeed(database, request.caller.id);
      return reply.status(204).send(null);
    },
  });
}
