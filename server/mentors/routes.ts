import { ifMatchHeaders } from "#contract/hours.ts";
import {
  createMentor,
  mentorPage,
  mentorParams,
  mentorProfile,
  mentorQuery,
  mentorWithServices,
  savedMentor,
  updateMentor,
} from "#contract/mentors.ts";
import { Refusal } from "../platform/errors.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import { etagOf } from "../platform/http/etag.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { visitorRead } from "../platform/http/visitorRead.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { becomeMentor, changeMentor } from "./commands.ts";
import { findMentor, searchMentors } from "./queries.ts";

export async function mentorRoutes(app: TypedApp, dependencies: Dependencies): Promise<void> {
  const { database } = dependencies;
  const tags = ["Mentors"];

  app.get("/mentors", {
    schema: {
      tags,
      summary: "Find mentors",
      querystring: mentorQuery,
      response: { 200: mentorPage, ...problemResponses(422, 429) },
    },
    onRequest: limitTo(app, "mentors"),
    preHandler: anyone,
    handler: async (request) =>
      visitorRead(database, request, ({ publicDb }) => searchMentors(publicDb, request.query)),
  });

  app.get("/mentors/:mentor", {
    schema: {
      tags,
      summary: "Get a mentor's page with services",
      params: mentorParams,
      response: { 200: mentorWithServices, ...problemResponses(404, 429) },
    },
    onRequest: limitTo(app, "mentor"),
    preHandler: anyone,
    handler: async (request) => {
      const mentor = await findMentor(database.publicDb, request.params.mentor);
      if (!mentor) throw new Refusal("mentor_not_found");
      return mentor;
    },
  });

  app.post("/mentors", {
    schema: {
      tags,
      summary: "Become a mentor",
      body: createMentor,
      response: { 201: mentorProfile, ...problemResponses(401, 409, 422, 429) },
    },
    onRequest: limitTo(app, "own"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller } = request;
      return reply.status(201).send(await becomeMentor(database, caller, request.body));
    },
  });

  app.patch("/mentors/me", {
    schema: {
      tags,
      summary: "Change my page and scheduling rules",
      headers: ifMatchHeaders,
      body: updateMentor,
      response: { 200: savedMentor, ...problemResponses(401, 403, 409, 412, 422, 429) },
    },
    onRequest: limitTo(app, "own"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const edit = { caller: request.caller, seen: request.headers["if-match"] };
      const saved = await changeMentor(dependencies, edit, request.body);
      return reply.header("etag", etagOf(saved.hours_revision)).send(saved);
    },
  });
}
