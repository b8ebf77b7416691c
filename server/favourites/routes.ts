import { favouriteMentors, mentorParams } from "#contract/mentors.ts";
import { deleted } from "#contract/primitives.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { addFavourite, removeFavourite } from "./commands.ts";
import { listFavourites } from "./queries.ts";

const tags = ["Favourite mentors"];

export async function favouriteRoutes(app: TypedApp, { database }: Dependencies): Promise<void> {
  app.get("/me/favourites", {
    schema: {
      tags,
      summary: "List my favourite mentors, newest first",
      response: { 200: favouriteMentors, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      return { data: await database.asUser(caller.id, listFavourites) };
    },
  });

  app.put("/me/favourites/:mentor", {
    schema: {
      tags,
      summary: "Add a favourite (idempotent)",
      params: mentorParams,
      response: { 204: deleted, ...problemResponses(401, 404, 409, 429) },
    },
    onRequest: limitTo(app, "favourite"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      await addFavourite(database, request.caller, request.params.mentor);
      return reply.status(204).send(null);
    },
  });

  app.delete("/me/favourites/:mentor", {
    schema: {
      tags,
      summary: "Remove a favourite (idempotent)",
      params: mentorParams,
      response: { 204: deleted, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async (request, reply) => {
      await removeFavourite(database, request.caller, request.params.mentor);
      return reply.status(204).send(null);
    },
  });
}
